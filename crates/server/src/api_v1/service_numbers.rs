//! Numbers for services, so that an answer with a hundred thousand points does not repeat their names.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use span::Timestamp;
use wire::api_v1::ServiceNumbers;

/// Limit: services with a number of their own. Names come from strangers, who may make up any number of them; further
/// ones share these numbers. Answers cut names at 256 characters, so the table takes at most a few megabytes.
const SERVICES_MAX: usize = 4096;

/// The services that were in answers lately, by their number.
#[derive(Default)]
pub(super) struct ServiceNames {
    numbers: HashMap<String, u32>,
    /// By number. Without a name, the number is free.
    services: Vec<Service>,
}

#[derive(Default)]
struct Service {
    name: Option<String>,
    last_used: Timestamp,
}

/// Gives numbers for an answer at one instant.
pub(super) struct Numbering<N> {
    pub(super) names: N,
    pub(super) now: Timestamp,
    /// Services that were in no answer since then may lose their number.
    pub(super) cutoff: Timestamp,
}

impl ServiceNames {
    /// Returns the names of the services that were in an answer since `cutoff`, in the order of their numbers.
    pub(super) fn since(&self, cutoff: Timestamp) -> Vec<String> {
        let used = self.services.iter().filter(|service| service.last_used >= cutoff);
        used.filter_map(|service| service.name.clone()).collect()
    }

    fn number_of(&mut self, name: &str, now: Timestamp, cutoff: Timestamp) -> u32 {
        let known = self.numbers.get(name).copied();
        let Some(number) = known.or_else(|| self.free_number(cutoff)) else { return shared_number(name) };
        let service = &mut self.services[number as usize];
        service.last_used = now;
        if known.is_none() {
            service.name = Some(name.to_owned());
            self.numbers.insert(name.to_owned(), number);
        }
        number
    }

    /// Returns a number that no service has. Only when there is no new one, services that have left the window lose
    /// theirs.
    fn free_number(&mut self, cutoff: Timestamp) -> Option<u32> {
        if self.services.len() < SERVICES_MAX {
            self.services.push(Service::default());
            return Some(u32::try_from(self.services.len() - 1).expect("SERVICES_MAX is small"));
        }
        let oldest = (0u32..).zip(&self.services).min_by_key(|(_, service)| service.last_used);
        let (number, _) = oldest.filter(|(_, service)| service.last_used < cutoff)?;
        if let Some(name) = self.services[number as usize].name.take() {
            self.numbers.remove(&name);
        }
        Some(number)
    }
}

fn shared_number(name: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    u32::try_from(hasher.finish() % SERVICES_MAX as u64).expect("it is small")
}

impl<N: std::ops::DerefMut<Target = ServiceNames>> ServiceNumbers for Numbering<N> {
    fn number_of(&mut self, service: &str) -> u32 {
        self.names.number_of(service, self.now, self.cutoff)
    }
}

#[cfg(test)]
mod tests {
    use span::Timestamp;
    use wire::api_v1::ServiceNumbers as _;

    use super::{Numbering, SERVICES_MAX, ServiceNames};

    fn at(names: &mut ServiceNames, now: i64) -> Numbering<&mut ServiceNames> {
        Numbering { names, now: Timestamp(now), cutoff: Timestamp(now - 10) }
    }

    #[test]
    fn a_number_stays_and_there_are_not_too_many() {
        let mut names = ServiceNames::default();
        assert_eq!(["a", "b", "a"].map(|name| at(&mut names, 0).number_of(name)), [0, 1, 0]);
        for number in 0..SERVICES_MAX * 2 {
            at(&mut names, 0).number_of(&number.to_string());
        }
        assert_eq!(names.since(Timestamp(0)).len(), SERVICES_MAX);
        let late = at(&mut names, 0).number_of("late");
        assert_eq!((at(&mut names, 0).number_of("late"), late < 4096), (late, true));
    }

    #[test]
    fn services_that_left_the_window_are_forgotten() {
        let mut names = ServiceNames::default();
        for number in 0..SERVICES_MAX {
            at(&mut names, 0).number_of(&number.to_string());
        }
        at(&mut names, 10).number_of("7");
        let new = at(&mut names, 11).number_of("new");
        assert_eq!(at(&mut names, 11).number_of("new"), new);
        assert_eq!(names.since(Timestamp(5)), ["new", "7"]);
        assert_eq!(names.numbers.len(), SERVICES_MAX, "one has gone for the new one");
    }
}
