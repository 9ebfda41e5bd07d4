//! The values of one field, in the order of the rows.

use record::{RawAttribute, RawValue};

use super::interner::Interner;
use crate::bits::code_width;
use crate::encoding::blob::BlobWriter;
use crate::encoding::{
    Encoded, HexTemplate, encode_codes, encode_decimals, encode_ints, encode_monotone, encode_numbered,
    ordered, split_number,
};
use crate::footer::{Field, FieldKind};

/// Rows for which it is known how many values come before: a reader goes through half as many.
pub(crate) const ROWS_PER_COUNT: usize = 256;
/// A dictionary is taken without a trial where a value comes this often.
const REPEATS_SURELY: usize = 8;
/// Values repeat often if at least one of so many came before.
const OFTEN: usize = 4;
/// A dictionary below is not worth a block to unpack for each of its texts.
const PACKED_DICTIONARY_BYTES_MIN: usize = 16 * 1024;
/// Nor is one that does not become half as large.
const PACKED_SHARE: usize = 2;
/// After so many values it is known whether they repeat: spans come by time, so what repeats does so soon.
const TRIAL_VALUES: usize = 4096;
/// They do not if no more than one of so many came before. A random choice among fewer than a hundred thousand is seen
/// to repeat; among more a dictionary pays in segments only that are several times as large.
const SELDOM: usize = 64;

#[derive(Debug)]
pub(super) struct FieldWriter {
    pub(super) field: Field,
    count: u64,
    /// Values before each block of rows.
    counts: Vec<u64>,
    numbers: Vec<u64>,
    texts: Interner,
    codes: Vec<u32>,
    /// Whether values are looked for among those before. Most looks for one that is new, in a table that is large,
    /// wait for memory.
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

    /// The value is of the field's kind.
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

    /// Whether it is where such an attribute goes.
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
        // Not by what was pushed: a field has no value at all where every span that has it is a loose one.
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

    /// The values one behind the other, where that takes fewer bytes than a dictionary of them.
    fn by_row(&self, template: Option<&HexTemplate>) -> Option<Encoded> {
        // A dictionary has each text once.
        let is_smaller =
            |values: &Encoded| !self.is_interned || values.bytes.len() < self.dictionary_bytes(template);
        let values = self.numbered().or_else(|| Some(template?.encode(self.values())));
        if values.is_some() {
            return values.filter(is_smaller);
        }
        (!self.is_interned || !self.repeats_often()).then(|| blob_of(self.values())).filter(is_smaller)
    }

    /// The different values, in the smallest way there is.
    fn dictionary(&self, template: Option<&HexTemplate>) -> Encoded {
        if let Some(template) = template {
            return template.encode(self.texts.iter());
        }
        let plain = self.texts.encode();
        if plain.bytes.len() < PACKED_DICTIONARY_BYTES_MIN {
            return plain;
        }
        let packed = blob_of(self.texts.iter());
        if packed.bytes.len() * PACKED_SHARE < plain.bytes.len() { packed } else { plain }
    }

    /// What all texts have in common, where they differ in hexadecimal digits only.
    fn template(&self) -> Option<HexTemplate> {
        if self.field.kind == FieldKind::Text { HexTemplate::of(self.texts.iter()) } else { None }
    }

    /// The values as numbers behind the same prefix, where all are.
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

    /// Whether packing each value once, and a number for each row, is less than packing them row by row.
    fn repeats_often(&self) -> bool {
        self.texts.len() * OFTEN < self.codes.len() * (OFTEN - 1)
    }

    fn repeats_surely(&self) -> bool {
        self.texts.len() * REPEATS_SURELY <= self.codes.len()
    }

    fn dictionary_bytes(&self, template: Option<&HexTemplate>) -> usize {
        let bits = self.codes.len() * code_width(self.texts.len()) as usize;
        let plain = || self.texts.bytes() + self.texts.len() * size_of::<u32>();
        bits.div_ceil(8) + template.map_or_else(plain, |template| template.bytes(self.texts.len()))
    }

    /// By row.
    fn values(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.codes.iter().map(|code| self.texts.get(*code as usize).unwrap_or_default())
    }
}

fn blob_of<'a>(values: impl Iterator<Item = &'a [u8]>) -> Encoded {
    let mut blob = BlobWriter::default();
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
