//! The binary as its users start it.

mod memory;
mod process;
mod proof;
mod start;
mod stop;
