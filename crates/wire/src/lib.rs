//! The contract's JSON to and from spans. Pure functions, no I/O.
