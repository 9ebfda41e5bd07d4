//! Reads any bytes as an export request in JSON.
#![no_main]

#[path = "../check/otlp.rs"]
mod otlp;

use libfuzzer_sys::fuzz_target;
use wire::otlp::Encoding;

fuzz_target!(|bytes: &[u8]| otlp::check(Encoding::Json, bytes));
