//! Reads any bytes as a payload of the log.
#![no_main]

#[path = "../check/batch_read.rs"]
mod batch_read;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| batch_read::check(bytes));
