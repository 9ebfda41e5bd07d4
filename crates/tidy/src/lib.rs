//! Nothing to call: the tests beside this file hold the repository to what its documents say.
