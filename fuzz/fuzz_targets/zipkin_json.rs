//! Reads any bytes as a body of Zipkin's.
#![no_main]

#[path = "../check/otlp.rs"]
mod otlp;
#[path = "../check/zipkin.rs"]
mod zipkin;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| zipkin::check(bytes));
