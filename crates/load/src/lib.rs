//! Emitter, verifier and benchmark: a black-box client of the contract.
