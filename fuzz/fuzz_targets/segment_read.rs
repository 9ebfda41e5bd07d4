//! Any bytes are a segment that can be read, or are refused; a segment that is damaged is no panic.
//! Checksums are made right first, or hardly anything would come past them.
#![no_main]

#[path = "../../crates/segment/tests/suite/ask.rs"]
mod ask;
#[path = "../../crates/segment/tests/suite/repair.rs"]
mod repair;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.to_vec();
    ask::ask(&bytes);
    repair::repair(&mut bytes);
    ask::ask(&bytes);
});
