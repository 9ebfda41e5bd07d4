//! Opens a file. Every number in the footer is checked before other code relies on it.

use std::sync::Arc;

use super::field_column::FieldColumn;
use super::segment::Segment;
use super::table::{ColumnTable, OTHERS, ROOTS};
use crate::data::Data;
use crate::encoding::{Sparse, number};
use crate::error::Damaged;
use crate::footer::{Footer, column};
use crate::layout::{frame, offset};
use crate::writer::TRACES_PER_PLACE;
use crate::{OpenError, SegmentMeta};

/// Limit: spans, and traces, for each byte of a file, so that a small damaged file cannot make a reader allocate much
/// memory.
pub(crate) const ROWS_PER_BYTE_MAX: usize = 8;

impl Segment {
    /// Opens a segment from the bytes of its file, and verifies header and footer. The blocks of the data area are
    /// verified when they are first read.
    pub fn open(bytes: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Result<Self, OpenError> {
        let file = (*bytes).as_ref();
        let length = file.len() as u64;
        let frame = frame(file)?;
        let damaged = |what: &'static str| Damaged { what, at: offset(frame.data_bytes) };
        let mut footer = Footer::parse(frame.footer).map_err(|malformed| damaged(malformed.0))?;
        if footer.spans.max(footer.traces.into()) > length.saturating_mul(ROWS_PER_BYTE_MAX as u64) {
            return Err(damaged("there are more rows than a file of this size can have").into());
        }
        let checksums = std::mem::take(&mut footer.checksums);
        let data_bytes = frame.data_bytes;
        let data = Data::new(bytes, data_bytes, checksums)?;
        Ok(assemble(data, footer, length)?)
    }
}

fn assemble(data: Data, footer: Footer, length: u64) -> Result<Segment, Damaged> {
    let table = ColumnTable::new(&data, &footer.columns);
    let (traces, rooted, spans) = (u64::from(footer.traces), u64::from(footer.rooted), footer.spans);
    let Some(others) = spans.checked_sub(rooted) else {
        return Err(Damaged { what: "there are more roots than spans", at: offset(data.len()) });
    };
    let sparse = |[rows, values]: [u16; 2]| -> Result<Sparse, Damaged> {
        Ok(Sparse { rows: table.rows(rows)?, values: table.blob(values)? })
    };
    let fields = (column::FIELDS..).step_by(column::FIELD_STEP.into()).zip(&footer.fields);
    let meta = SegmentMeta {
        generations: footer.generations,
        spans,
        traces: footer.traces,
        rooted: footer.rooted,
        start_min: footer.start_min,
        start_max: footer.start_max,
        bytes: length,
        content_bytes: table.get(column::CONTENT).ok().map(|content| content.count),
    };
    Ok(Segment {
        meta,
        trace_ids: table.ids(column::TRACE_IDS, traces)?,
        root_starts: table.monotone(column::ROOT_STARTS, rooted)?,
        root_durations: table.ints_counted(column::ROOT_DURATIONS, rooted)?,
        span_rows: table.monotone(column::SPAN_ROWS, traces + 1)?,
        span_ids: table.ids(column::SPAN_IDS, spans)?,
        stream_places: table.monotone(column::STREAM_PLACES, traces.div_ceil(TRACES_PER_PLACE as u64))?,
        stream: table.raw(column::STREAM, number::BITS)?,
        roots: table.operations(ROOTS, rooted, footer.root_errors_from)?,
        others: table.operations(OTHERS, others, footer.other_errors_from)?,
        names: table.texts(column::NAMES)?,
        resource_scopes: table.texts(column::RESOURCE_SCOPES)?,
        shape_codes: table.codes_counted(column::SHAPE_CODES, spans)?,
        fields: fields
            .map(|(id, field)| FieldColumn::new(&table, id, field.kind))
            .collect::<Result<_, _>>()?,
        loose: sparse([column::LOOSE_ROWS, column::LOOSE])?,
        extras: sparse([column::EXTRAS_ROWS, column::EXTRAS])?,
        unusual_begins: table.rows(column::UNUSUAL_BEGINS)?,
        gone_rows: table.rows(column::GONE_ROWS)?,
        gone_roots: table.raw(column::GONE_ROOTS, number::RAW)?,
        data,
        footer,
    })
}
