//! Numbers of services.

/// Gives every service a number that is the same in all answers of a server process. The dashboard chooses colours by
/// these numbers.
pub trait ServiceNumbers {
    fn number_of(&mut self, service: &str) -> u32;
}
