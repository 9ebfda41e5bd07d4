//! Attributes that own their values.

use bumpalo::Bump;
use span::{Attribute, Value};

#[derive(Clone, PartialEq, Debug)]
pub struct OwnedAttribute {
    pub key: String,
    pub value: OwnedValue,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub enum OwnedValue {
    #[default]
    Empty,
    Text(String),
    Bool(bool),
    Int(i64),
    Double(f64),
    Bytes(Vec<u8>),
    Array(Vec<OwnedValue>),
    Map(Vec<OwnedAttribute>),
}

impl OwnedAttribute {
    pub fn text(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: OwnedValue::Text(value.into()) }
    }
}

pub(crate) fn borrow_attributes<'a>(owned: &'a [OwnedAttribute], arena: &'a Bump) -> &'a [Attribute<'a>] {
    let borrowed = owned.iter().map(|owned| Attribute { key: &owned.key, value: owned.value.borrow(arena) });
    arena.alloc_slice_fill_iter(borrowed)
}

pub(crate) fn own_attributes(borrowed: &[Attribute<'_>]) -> Vec<OwnedAttribute> {
    let own = |attribute: &Attribute<'_>| OwnedAttribute {
        key: attribute.key.to_owned(),
        value: attribute.value.into(),
    };
    borrowed.iter().map(own).collect()
}

impl OwnedValue {
    fn borrow<'a>(&'a self, arena: &'a Bump) -> Value<'a> {
        match self {
            Self::Empty => Value::Empty,
            Self::Text(text) => Value::Text(text),
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Double(value) => Value::Double(*value),
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Array(values) => {
                let borrowed = values.iter().map(|value| value.borrow(arena));
                Value::Array(arena.alloc_slice_fill_iter(borrowed))
            }
            Self::Map(attributes) => Value::Map(borrow_attributes(attributes, arena)),
        }
    }
}

impl From<Value<'_>> for OwnedValue {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Empty => Self::Empty,
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value),
            Value::Double(value) => Self::Double(value),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            Value::Array(values) => Self::Array(values.iter().map(|&value| value.into()).collect()),
            Value::Map(attributes) => Self::Map(own_attributes(attributes)),
        }
    }
}
