//! The binary as its users start it.

mod addresses;
mod crash;
mod disk;
mod environment;
#[cfg(target_os = "linux")]
mod larger;
mod logs;
mod memory;
#[cfg(target_os = "linux")]
mod open_files;
mod process;
mod proof;
mod start;
mod stop;
