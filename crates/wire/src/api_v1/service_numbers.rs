//! Numbers of services.

/// Gives every service a number that is the same in all answers of a process. The dashboard picks colours by it.
pub trait ServiceNumbers {
    fn number_of(&mut self, service: &str) -> u32;
}
