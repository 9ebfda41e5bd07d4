//! Reads any bytes as a log file.
#![no_main]

#[path = "../check/wal_read.rs"]
mod wal_read;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| wal_read::check(bytes));
