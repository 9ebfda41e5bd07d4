//! Attributes and their values.

/// A key and its value. A tag of the contract is an attribute whose value is a text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Attribute<'a> {
    pub key: &'a str,
    pub value: Value<'a>,
}

/// OpenTelemetry's `AnyValue`.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Value<'a> {
    /// A key without a value.
    #[default]
    Empty,
    Text(&'a str),
    Bool(bool),
    Int(i64),
    Double(f64),
    Bytes(&'a [u8]),
    Array(&'a [Value<'a>]),
    Map(&'a [Attribute<'a>]),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}
