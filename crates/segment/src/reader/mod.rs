//! A segment that is open: its footer in memory, everything else where it was.

mod attributes;
mod open;
mod roots;
mod spans;
mod table;
mod traces;
mod verify;

use std::sync::Arc;

use self::attributes::FieldColumn;
pub(crate) use self::open::ROWS_PER_BYTE_MAX;
use self::open::open;
pub use self::spans::SpanReader;
use self::table::OperationTable;
use crate::data::{Data, Region};
use crate::encoding::{Codes, Ids, Ints, Monotone, Sparse, Texts, name_of};
use crate::footer::{Footer, column};
use crate::{ColumnMeta, OpenError, SegmentMeta};

/// Answers from the bytes of one file, which never change. May be shared between threads.
#[derive(Debug)]
pub struct Segment {
    data: Data,
    meta: SegmentMeta,
    footer: Footer,
    trace_ids: Ids,
    root_starts: Monotone,
    root_durations: Ints,
    span_rows: Monotone,
    span_ids: Ids,
    stream_places: Monotone,
    stream: Region,
    roots: OperationTable,
    others: OperationTable,
    names: Texts,
    resource_scopes: Texts,
    shape_codes: Codes,
    fields: Vec<FieldColumn>,
    loose: Sparse,
    extras: Sparse,
    unusual_begins: Monotone,
    gone_rows: Monotone,
    gone_roots: Region,
}

impl Segment {
    /// Reads header and footer and verifies them; the rest is verified when it is first read.
    pub fn open(bytes: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Result<Self, OpenError> {
        open(bytes)
    }

    pub fn meta(&self) -> &SegmentMeta {
        &self.meta
    }

    /// The columns in the order of the file.
    pub fn columns(&self) -> impl Iterator<Item = ColumnMeta> {
        self.footer.columns.iter().map(|column| ColumnMeta {
            name: self.name_of_column(column.id),
            encoding: name_of(column.encoding),
            count: column.count,
            bytes: column.length,
        })
    }

    fn name_of_column(&self, id: u16) -> String {
        let Some(place) = id.checked_sub(column::FIELDS) else {
            return column::NAMES_OF
                .get(usize::from(id))
                .map_or_else(|| id.to_string(), |name| (*name).to_owned());
        };
        let part = match place % column::FIELD_STEP {
            column::FIELD_COUNTS => "counts",
            column::FIELD_VALUES => "values",
            _ => "texts",
        };
        match self.footer.fields.get(usize::from(place / column::FIELD_STEP)) {
            Some(field) => format!("attribute {} ({}), {part}", field.key, field.kind.name()),
            None => id.to_string(),
        }
    }
}
