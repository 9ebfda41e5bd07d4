//! Asks a segment every question and ignores the answers.

use std::sync::Arc;

use bumpalo::Bump;
use segment::Segment;
use span::Timestamp;

/// The fuzz target does this, too.
pub(crate) fn ask(bytes: &[u8]) {
    let Ok(segment) = Segment::open(Arc::new(bytes.to_vec())) else { return };
    let meta = *segment.meta();
    let mut answers = 0;
    for row in 0..meta.traces {
        let arena = Bump::new();
        answers += usize::from(segment.trace_id(row).is_ok());
        answers += usize::from(segment.root(row).is_ok() || segment.summary(row).is_ok());
        answers += usize::from(segment.span_count(row).is_ok());
        answers += usize::from(segment.has_error(row).is_ok());
        answers += usize::from(segment.carryover(row).is_ok());
        let mut each = 0;
        answers += usize::from(segment.for_each_start(row, |_, _| each += 1).is_ok());
        answers += usize::from(segment.for_each_span_id(row, |_| each += 1).is_ok()) + each;
        answers += segment.spans(row, &arena).map_or(0, <[_]>::len);
    }
    for start in [Timestamp::MIN, meta.start_min, meta.start_max, Timestamp::MAX] {
        answers += usize::from(segment.root_rank(start).is_ok());
    }
    answers += segment.columns().count() + usize::from(segment.verify().is_ok());
    std::hint::black_box(answers);
}
