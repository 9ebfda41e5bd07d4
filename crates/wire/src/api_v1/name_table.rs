//! Tables of names: a name is written once in an answer, and its index in columns.

use std::collections::HashMap;

use super::service_numbers::ServiceNumbers;

/// Names in the order in which they first came.
#[derive(Default)]
pub(super) struct NameTable {
    indexes: HashMap<String, u32>,
    names: Vec<String>,
}

impl NameTable {
    /// The index of a name, which is added if it is not there.
    pub(super) fn index_of(&mut self, name: &str) -> u32 {
        if let Some(&index) = self.indexes.get(name) {
            return index;
        }
        let index = u32::try_from(self.names.len()).expect("fewer names than traces");
        self.names.push(name.to_owned());
        self.indexes.insert(name.to_owned(), index);
        index
    }

    pub(super) fn as_slice(&self) -> &[String] {
        &self.names
    }

    /// The number of each name, where the names are services.
    pub(super) fn numbers(&self, services: &mut dyn ServiceNumbers) -> Vec<u32> {
        self.names.iter().map(|name| services.number_of(name)).collect()
    }
}
