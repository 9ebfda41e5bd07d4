//! Checks that any bytes are refused, or are a payload of the log that is written as it was read.

use record::Batch;

pub(crate) fn check(bytes: &[u8]) {
    let Ok(batch) = Batch::parse(bytes) else { return };
    let count: usize = batch.runs().iter().map(|run| run.records().count()).sum();
    assert_eq!(count, batch.len());
    let records = batch.runs().iter().flat_map(record::Run::records);
    for record in records {
        assert!((record.operation() as usize) < batch.operations.len());
        let mut copy = Vec::new();
        record.write_with_operation(&mut copy, record.operation());
        assert_eq!(copy, record.bytes());
    }
    // Either answer is right; only a panic is wrong.
    batch.check().ok();
}
