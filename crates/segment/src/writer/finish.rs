//! Encodes the columns and assembles the file.

use std::mem::take;

use super::GoneRoot;
use crate::Writer;
use crate::data::checksums;
use crate::encoding::{Encoded, encode_codes, encode_ids, encode_ints, encode_monotone, number};
use crate::footer::{Column, Footer, column};
use crate::layout::{HEADER_BYTES, complete};
use crate::reader::ROWS_PER_BYTE_MAX;

/// The part of the file that is written so far.
struct File {
    columns: Vec<Column>,
    /// Space for the header, then the data area.
    bytes: Vec<u8>,
}

impl File {
    fn new(bytes: usize) -> Self {
        let mut file = Vec::with_capacity(bytes);
        file.resize(HEADER_BYTES, 0);
        Self { columns: Vec::new(), bytes: file }
    }

    fn append(&mut self, id: u16, encoded: Encoded) {
        let (start, length) = (self.data().len() as u64, encoded.len() as u64);
        let Encoded { encoding, count, parameters, index, bytes } = encoded;
        self.bytes.extend_from_slice(&index);
        self.bytes.extend_from_slice(&bytes);
        self.columns.push(Column { id, encoding, start, length, count, parameters });
    }

    fn data(&self) -> &[u8] {
        self.bytes.get(HEADER_BYTES..).unwrap_or_default()
    }
}

/// How many bytes a span usually takes. Spans without tags take less; with tags they take a little more, and then the
/// buffer grows once.
const SPAN_BYTES_USUALLY: usize = 28;

impl Writer {
    /// Returns the bytes of the file.
    pub fn finish(mut self) -> Vec<u8> {
        let (spans, traces, rooted) = (self.span_ids.len(), self.trace_ids.len(), self.root_starts.len());
        let mut file = File::new(spans * SPAN_BYTES_USUALLY);
        self.span_rows.push(spans as u64);
        // Each column is freed as soon as it is encoded.
        file.append(column::TRACE_IDS, encode_ids(&take(&mut self.trace_ids)));
        file.append(column::ROOT_STARTS, encode_monotone(&take(&mut self.root_starts)));
        file.append(column::ROOT_DURATIONS, encode_ints(&take(&mut self.root_durations)));
        file.append(column::SPAN_ROWS, encode_monotone(&take(&mut self.span_rows)));
        file.append(column::SPAN_IDS, encode_ids(&take(&mut self.span_ids)));
        file.append(column::STREAM_PLACES, encode_monotone(&take(&mut self.stream_places)));
        let count = self.stream.bit_len();
        let stream =
            Encoded { encoding: number::BITS, count, bytes: self.stream.into_bytes(), ..Encoded::default() };
        file.append(column::STREAM, stream);
        let roots = self.root_operations.finish();
        file.append(column::ROOT_CODES, roots.codes);
        file.append(column::ROOT_OPERATIONS, roots.table);
        let others = self.other_operations.finish();
        file.append(column::OTHER_CODES, others.codes);
        file.append(column::OTHER_OPERATIONS, others.table);
        let names_bytes = self.names.bytes() + self.resource_scopes.bytes();
        file.append(column::NAMES, take(&mut self.names).encode());
        file.append(column::RESOURCE_SCOPES, take(&mut self.resource_scopes).encode());
        let attributes = self.attributes;
        file.append(
            column::SHAPE_CODES,
            encode_codes(attributes.codes.iter().copied(), attributes.shapes.len()),
        );
        let [rows, values] = attributes.loose.finish();
        file.append(column::LOOSE_ROWS, rows);
        file.append(column::LOOSE, values);
        let [rows, values] = self.extras.finish();
        file.append(column::EXTRAS_ROWS, rows);
        file.append(column::EXTRAS, values);
        let usually_begins = append_carryovers(&mut file, traces, self.begins, &self.gone_roots);
        let content_bytes = self.content_bytes + names_bytes as u64;
        file.append(
            column::CONTENT,
            Encoded { encoding: number::RAW, count: content_bytes, ..Encoded::default() },
        );
        let mut fields = Vec::with_capacity(attributes.fields.len());
        for (id, field) in (column::FIELDS..).step_by(column::FIELD_STEP.into()).zip(attributes.fields) {
            fields.push(field.field.clone());
            let encoded = field.finish(spans);
            file.append(id + column::FIELD_COUNTS, encoded.counts);
            file.append(id + column::FIELD_VALUES, encoded.values);
            if let Some(texts) = encoded.texts {
                file.append(id + column::FIELD_TEXTS, texts);
            }
        }
        // Real spans take several bytes each. If there are more rows than the reader's limit allows for the bytes,
        // zero bytes fill up the file.
        let bytes_min = spans.max(traces) / ROWS_PER_BYTE_MAX;
        file.bytes.resize(file.bytes.len().max(bytes_min + 1), 0);
        let row_count = |count: usize| u32::try_from(count).expect("a generation has fewer than 2^32 traces");
        let footer = Footer {
            generations: self.generations,
            spans: spans as u64,
            traces: row_count(traces),
            rooted: row_count(rooted),
            start_min: self.start_min,
            start_max: self.start_max,
            rootless_base: self.rootless_base.unwrap_or(0),
            usually_begins,
            root_errors_from: roots.errors_from,
            other_errors_from: others.errors_from,
            loose_shape: attributes.loose_shape,
            fields,
            shapes: attributes.shapes,
            checksums: checksums(file.data()),
            columns: file.columns,
        };
        complete(file.bytes, &footer.to_bytes())
    }
}

/// Appends the carryover columns.
///
/// In most segments nearly all rows have the same `begins` flag. So the footer stores the usual value, which this
/// function returns, and the column lists only the rows that differ.
fn append_carryovers(file: &mut File, traces: usize, begins: Vec<u64>, gone_roots: &[GoneRoot]) -> bool {
    let usually_begins = begins.len() * 2 > traces;
    let unusual = if usually_begins { others(traces, &begins) } else { begins };
    file.append(column::UNUSUAL_BEGINS, encode_monotone(&unusual));
    let rows: Vec<u64> = gone_roots.iter().map(|gone| gone.row).collect();
    file.append(column::GONE_ROWS, encode_monotone(&rows));
    let mut bytes = Vec::new();
    for gone in gone_roots {
        bytes.extend_from_slice(&gone.start.0.to_le_bytes());
        bytes.extend_from_slice(&gone.span_id.to_bytes());
    }
    let count = gone_roots.len() as u64;
    file.append(column::GONE_ROOTS, Encoded { encoding: number::RAW, count, bytes, ..Encoded::default() });
    usually_begins
}

/// Returns the rows that are not in the ascending `list`.
fn others(rows: usize, list: &[u64]) -> Vec<u64> {
    let mut listed = list.iter().copied().peekable();
    (0..rows as u64).filter(|&row| listed.next_if_eq(&row).is_none()).collect()
}
