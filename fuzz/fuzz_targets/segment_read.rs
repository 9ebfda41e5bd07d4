//! Reads any bytes as a segment: they are read or refused, and nothing panics.
//! They are read as they are, and again with right checksums, because hardly any damage gets past a wrong one.
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
