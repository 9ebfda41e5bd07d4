//! Tables of names: each stands once in an answer.

use std::collections::HashMap;

use super::ServiceNumbers;

#[derive(Default)]
pub(super) struct Names {
    places: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub(super) fn place_of(&mut self, name: &str) -> u32 {
        if let Some(&place) = self.places.get(name) {
            return place;
        }
        let place = u32::try_from(self.names.len()).expect("fewer names than traces");
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    pub(super) fn as_slice(&self) -> &[String] {
        &self.names
    }

    pub(super) fn numbers(&self, services: &mut dyn ServiceNumbers) -> Vec<u32> {
        self.names.iter().map(|name| services.number_of(name)).collect()
    }
}
