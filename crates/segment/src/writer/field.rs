//! Collects the values of one field and chooses their encoding.
//!
//! * Bool and int: `ints`. Double: `decimal` if every value can be restored exactly, else `ints` of the bits.
//! * Values that occur eight times or more on average: `codes` into a dictionary of the distinct values.
//! * Texts that all have one form: `numbered` or `hex`, if that is smaller than a dictionary.
//! * All others: a `blob`, if they do not repeat often and it is smaller than a dictionary; else a dictionary.

use record::{RawAttribute, RawValue};

use super::interner::Interner;
use crate::bits::code_width;
use crate::encoding::blob::BlobWriter;
use crate::encoding::{
    Encoded, HexTemplate, encode_codes, encode_decimals, encode_ints, encode_monotone, encode_numbered,
    ordered, split_number,
};
use crate::footer::{Field, FieldKind};

/// For each block of this many rows, the file has the count of earlier values. To find a value, a reader goes through
/// half a block on average.
pub(crate) const ROWS_PER_COUNT: usize = 256;
/// A dictionary is chosen without trying other encodings if each value occurs this often on average.
const REPEATS_SURELY: usize = 8;
/// Values repeat often if at least one in this many is a repetition.
const OFTEN: usize = 4;
/// A smaller dictionary is not compressed, because it would save little space and cost the decompression of a block
/// for each text.
const COMPRESSED_DICTIONARY_BYTES_MIN: usize = 16 * 1024;
/// A dictionary is compressed only if that makes it smaller by this factor.
const COMPRESSED_SHARE: usize = 2;
/// After this many values, the writer decides whether values repeat. Spans arrive by time, so values that repeat do
/// so soon.
const TRIAL_VALUES: usize = 4096;
/// Values repeat seldom if at most one in this many is a repetition. A random choice among fewer than a hundred
/// thousand values counts as repeating; with more values a dictionary would pay only in segments several times as
/// large.
const SELDOM: usize = 64;

#[derive(Debug)]
pub(super) struct FieldWriter {
    pub(super) field: Field,
    count: u64,
    /// How many values there are before each block of rows.
    counts: Vec<u64>,
    numbers: Vec<u64>,
    texts: Interner,
    codes: Vec<u32>,
    /// Whether equal values get one number. For values that seldom repeat this costs too much, because nearly every
    /// lookup is a cache miss in a large table.
    is_interned: bool,
}

/// The columns of a field.
pub(super) struct EncodedField {
    pub(super) counts: Encoded,
    pub(super) values: Encoded,
    pub(super) texts: Option<Encoded>,
}

impl FieldWriter {
    pub(super) fn new(field: Field) -> Self {
        Self {
            field,
            count: 0,
            counts: Vec::new(),
            numbers: Vec::new(),
            texts: Interner::default(),
            codes: Vec::new(),
            is_interned: true,
        }
    }

    /// Adds the value of a row. The value must have the field's kind, and rows must not descend; neither is checked.
    pub(super) fn push(&mut self, row: usize, value: RawValue<'_>) {
        self.count_up_to(row / ROWS_PER_COUNT + 1);
        self.count += 1;
        let bytes = match value {
            RawValue::Bool(value) => return self.numbers.push(value.into()),
            RawValue::Int(value) => return self.numbers.push(ordered(value)),
            RawValue::Double(value) => return self.numbers.push(value.to_bits()),
            RawValue::Text(bytes)
            | RawValue::Bytes(bytes)
            | RawValue::Empty(bytes)
            | RawValue::Array(bytes)
            | RawValue::Map(bytes) => bytes,
        };
        let code = if self.is_interned { self.texts.intern(bytes) } else { self.texts.append(bytes) };
        self.codes.push(code);
        if self.codes.len() == TRIAL_VALUES && self.repeats_seldom() {
            self.is_interned = false;
            self.texts.forget_places();
        }
    }

    fn repeats_seldom(&self) -> bool {
        (self.codes.len() - self.texts.len()) * SELDOM <= self.codes.len()
    }

    /// Whether the attribute has the key and the kind of this field.
    #[inline]
    pub(super) fn takes(&self, attribute: &RawAttribute<'_>) -> bool {
        self.field.kind == kind_of(attribute.value) && self.field.key.as_bytes() == attribute.key
    }

    fn count_up_to(&mut self, blocks: usize) {
        if self.counts.len() < blocks {
            self.counts.resize(blocks, self.count);
        }
    }

    pub(super) fn finish(mut self, rows: usize) -> EncodedField {
        self.count_up_to(rows.div_ceil(ROWS_PER_COUNT));
        let counts = encode_monotone(&self.counts);
        // This looks at the kind and not at the values, because a field has none if all its spans are loose.
        if self.field.kind.is_number() {
            return EncodedField { counts, values: self.number_column(), texts: None };
        }
        let template = self.template();
        let by_row = if self.repeats_surely() { None } else { self.by_row(template.as_ref()) };
        if let Some(values) = by_row {
            return EncodedField { counts, values, texts: None };
        }
        let codes = encode_codes(self.codes.iter().copied(), self.texts.len());
        EncodedField { counts, values: codes, texts: Some(self.dictionary(template.as_ref())) }
    }

    fn number_column(&self) -> Encoded {
        let decimals =
            if self.field.kind == FieldKind::Double { encode_decimals(&self.numbers) } else { None };
        decimals.unwrap_or_else(|| encode_ints(&self.numbers))
    }

    /// Encodes the values one by one in the order of rows, without a dictionary. Returns `None` if a dictionary takes
    /// fewer bytes.
    fn by_row(&self, template: Option<&HexTemplate>) -> Option<Encoded> {
        // If values are not interned, equal texts have several numbers, so there is no dictionary to compare with.
        let is_smaller =
            |values: &Encoded| !self.is_interned || values.len() < self.dictionary_bytes(template);
        let values = self.numbered().or_else(|| Some(template?.encode(self.values())));
        if values.is_some() {
            return values.filter(is_smaller);
        }
        (!self.is_interned || !self.repeats_often())
            .then(|| blob_of(self.values(), self.texts.bytes()))
            .filter(is_smaller)
    }

    /// Encodes the distinct values, compressed only if that makes them much smaller.
    fn dictionary(self, template: Option<&HexTemplate>) -> Encoded {
        if let Some(template) = template {
            return template.encode(self.texts.iter());
        }
        let plain_bytes = self.texts.encoded_bytes();
        if plain_bytes < COMPRESSED_DICTIONARY_BYTES_MIN {
            return self.texts.encode();
        }
        // Order: the plain one is made only if it is used, because both may be large.
        let compressed = blob_of(self.texts.iter(), self.texts.bytes());
        if compressed.len() * COMPRESSED_SHARE < plain_bytes {
            return compressed;
        }
        drop(compressed);
        self.texts.encode()
    }

    /// Returns the template of the texts, if they differ only in hexadecimal digits.
    fn template(&self) -> Option<HexTemplate> {
        if self.field.kind == FieldKind::Text { HexTemplate::of(self.texts.iter()) } else { None }
    }

    /// Encodes the values as numbers with a common prefix, if all of them have that form.
    fn numbered(&self) -> Option<Encoded> {
        let (prefix, _) =
            self.texts.get(0).filter(|_| self.field.kind == FieldKind::Text).and_then(split_number)?;
        let number =
            |text: &[u8]| split_number(text).filter(|(other, _)| *other == prefix).map(|(_, number)| number);
        let numbers: Option<Vec<u64>> = self.texts.iter().map(number).collect();
        let numbers = numbers?;
        let by_row = self.codes.iter().map(|code| numbers.get(*code as usize).copied());
        let by_row: Option<Vec<u64>> = by_row.collect();
        by_row.map(|numbers| encode_numbered(prefix, &numbers))
    }

    /// Whether compressing each distinct value once, plus a number for each row, is smaller than compressing row by
    /// row.
    fn repeats_often(&self) -> bool {
        self.texts.len() * OFTEN < self.codes.len() * (OFTEN - 1)
    }

    fn repeats_surely(&self) -> bool {
        self.texts.len() * REPEATS_SURELY <= self.codes.len()
    }

    fn dictionary_bytes(&self, template: Option<&HexTemplate>) -> usize {
        let bits = self.codes.len() * code_width(self.texts.len()) as usize;
        let plain = || self.texts.encoded_bytes();
        bits.div_ceil(8) + template.map_or_else(plain, |template| template.bytes(self.texts.len()))
    }

    /// Returns the values in the order of rows.
    fn values(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.codes.iter().map(|code| self.texts.get(*code as usize).unwrap_or_default())
    }
}

/// `bytes` is about how many bytes the values have in total.
fn blob_of<'a>(values: impl Iterator<Item = &'a [u8]>, bytes: usize) -> Encoded {
    let mut blob = BlobWriter::for_bytes(bytes);
    values.for_each(|value| blob.push(value));
    blob.finish()
}

pub(super) fn kind_of(value: RawValue<'_>) -> FieldKind {
    match value {
        RawValue::Empty(_) => FieldKind::Empty,
        RawValue::Text(_) => FieldKind::Text,
        RawValue::Bool(_) => FieldKind::Bool,
        RawValue::Int(_) => FieldKind::Int,
        RawValue::Double(_) => FieldKind::Double,
        RawValue::Bytes(_) => FieldKind::Bytes,
        RawValue::Array(_) => FieldKind::Array,
        RawValue::Map(_) => FieldKind::Map,
    }
}
