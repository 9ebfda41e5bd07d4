//! Numbers for services, so that an answer with a hundred thousand points does not repeat their names.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use wire::api_v1::ServiceNumbers;

/// Limit: services with a number of their own. Names come from strangers, who may make up any number of them; further
/// ones share these numbers.
const SERVICES_MAX: usize = 4096;

/// The names of services, by their number: the order in which they were first in an answer.
#[derive(Default)]
pub(super) struct ServiceNames {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl ServiceNames {
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }
}

impl ServiceNumbers for ServiceNames {
    fn number_of(&mut self, service: &str) -> u32 {
        if let Some(&number) = self.numbers.get(service) {
            return number;
        }
        if self.names.len() == SERVICES_MAX {
            let mut hasher = DefaultHasher::new();
            service.hash(&mut hasher);
            return u32::try_from(hasher.finish() % SERVICES_MAX as u64).expect("it is small");
        }
        let number = u32::try_from(self.names.len()).expect("SERVICES_MAX is small");
        self.names.push(service.to_owned());
        self.numbers.insert(service.to_owned(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use wire::api_v1::ServiceNumbers as _;

    use super::{SERVICES_MAX, ServiceNames};

    #[test]
    fn a_number_stays_and_there_are_not_too_many() {
        let mut services = ServiceNames::default();
        assert_eq!(["a", "b", "a"].map(|name| services.number_of(name)), [0, 1, 0]);
        for number in 0..SERVICES_MAX * 2 {
            services.number_of(&number.to_string());
        }
        assert_eq!(services.names().len(), SERVICES_MAX);
        let late = services.number_of("late");
        assert_eq!((services.number_of("late"), late < 4096), (late, true));
    }
}
