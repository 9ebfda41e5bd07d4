//! An open segment.

use super::field_column::FieldColumn;
use super::table::OperationTable;
use crate::data::{Data, Region};
use crate::encoding::{Codes, Ids, Ints, Monotone, Sparse, Texts, name_of};
use crate::footer::{Footer, column};
use crate::{ColumnMeta, SegmentMeta, Terms};

/// An open segment, which reads from the bytes of one file. These never change, so threads may share it.
#[derive(Debug)]
pub struct Segment {
    pub(super) data: Data,
    pub(super) meta: SegmentMeta,
    pub(super) footer: Footer,
    pub(super) trace_ids: Ids,
    pub(super) root_starts: Monotone,
    pub(super) root_durations: Ints,
    pub(super) span_rows: Monotone,
    pub(super) span_ids: Ids,
    pub(super) stream_places: Monotone,
    pub(super) stream: Region,
    pub(super) roots: OperationTable,
    pub(super) others: OperationTable,
    pub(super) names: Texts,
    pub(super) resource_scopes: Texts,
    pub(super) shape_codes: Codes,
    pub(super) fields: Vec<FieldColumn>,
    pub(super) loose: Sparse,
    pub(super) extras: Sparse,
    pub(super) unusual_begins: Monotone,
    pub(super) gone_rows: Monotone,
    pub(super) gone_roots: Region,
}

impl Segment {
    /// Makes the blocks of the segment be verified again in each of these terms.
    #[must_use]
    pub fn in_terms(mut self, terms: &Terms) -> Self {
        self.data.set_terms(terms);
        self
    }

    pub fn meta(&self) -> &SegmentMeta {
        &self.meta
    }

    /// Returns the columns in the order of the file.
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
