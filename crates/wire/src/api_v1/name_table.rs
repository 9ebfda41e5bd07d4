//! Tables of names. An answer has each name once, and columns have its index in the table.
//!
//! Names are cut as the contract cuts them: a name of OpenTelemetry has no limit, and an answer may have a hundred
//! thousand. The details of a span have the whole name.

use std::collections::HashMap;

use span::limits::{NAME_CHARS_MAX, cut};

use super::service_numbers::ServiceNumbers;

/// Distinct names, in the order in which they were first added.
#[derive(Default)]
pub(super) struct NameTable {
    indexes: HashMap<String, u32>,
    names: Vec<String>,
}

impl NameTable {
    /// Returns the index of a name, which is added if it is new.
    pub(super) fn index_of(&mut self, name: &str) -> u32 {
        let name = cut(name, NAME_CHARS_MAX);
        if let Some(&index) = self.indexes.get(name) {
            return index;
        }
        let index = u32::try_from(self.names.len()).expect("an answer has fewer than 2^32 names");
        self.names.push(name.to_owned());
        self.indexes.insert(name.to_owned(), index);
        index
    }

    pub(super) fn as_slice(&self) -> &[String] {
        &self.names
    }

    /// Returns the number of each service. The names must be those of services.
    pub(super) fn numbers(&self, services: &mut dyn ServiceNumbers) -> Vec<u32> {
        self.names.iter().map(|name| services.number_of(name)).collect()
    }
}
