//! Reads any bytes as a batch of the contract.
#![no_main]

#[path = "../check/contract_parse.rs"]
mod contract_parse;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| contract_parse::check(bytes));
