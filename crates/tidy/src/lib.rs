//! This library is empty: the crate is its tests, which hold the repository to what its documents say.
