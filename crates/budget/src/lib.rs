//! Limited resources: taken while some are left, and given back when the holder is dropped.
//!
//! A [`Budget`] is a number of units, such as bytes or requests. A [`Permit`] is the part of it that somebody holds.
//! Whoever is about to take memory asks for the units first, and stops if there are none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A number of units that many may hold parts of.
#[derive(Debug)]
pub struct Budget {
    held: AtomicUsize,
    max: usize,
}

/// Why a permit could not grow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Shortage {
    /// One permit would have more than the whole budget: trying again does not help.
    #[error("it takes more than all {max} units of the budget")]
    TooLarge { max: usize },
    /// Other permits hold what is missing.
    #[error("other permits hold what is left of the budget of {max} units")]
    Taken { max: usize },
}

impl Budget {
    pub fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { held: AtomicUsize::new(0), max })
    }

    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    pub fn max(&self) -> usize {
        self.max
    }

    fn try_take(&self, units: usize) -> bool {
        let taken = self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
            held.checked_add(units).filter(|&held| held <= self.max)
        });
        taken.is_ok()
    }

    fn give_back(&self, units: usize) {
        self.held.fetch_sub(units, Ordering::Relaxed);
    }

    /// Returns a permit for nothing yet, which can grow.
    pub fn empty_permit(self: &Arc<Self>) -> Permit {
        Permit { budget: Arc::clone(self), units: AtomicUsize::new(0) }
    }

    /// Returns a permit for one unit, if one is left.
    pub fn try_one(self: &Arc<Self>) -> Option<Permit> {
        let permit = self.empty_permit();
        permit.grow(1).is_ok().then_some(permit)
    }
}

/// A part of a budget, held until it is dropped.
#[derive(Debug)]
pub struct Permit {
    budget: Arc<Budget>,
    units: AtomicUsize,
}

impl Permit {
    /// Returns the number of units that it holds.
    pub fn units(&self) -> usize {
        self.units.load(Ordering::Relaxed)
    }

    /// Returns the size of the whole budget.
    pub fn max(&self) -> usize {
        self.budget.max
    }

    /// Takes more units.
    ///
    /// # Errors
    /// If fewer are left; then it takes none.
    pub fn grow(&self, units: usize) -> Result<(), Shortage> {
        if self.budget.try_take(units) {
            self.units.fetch_add(units, Ordering::Relaxed);
            return Ok(());
        }
        let max = self.budget.max;
        let is_too_large = self.units().checked_add(units).is_none_or(|all| all > max);
        Err(if is_too_large { Shortage::TooLarge { max } } else { Shortage::Taken { max } })
    }

    /// Takes units until it holds this many, if it holds fewer.
    ///
    /// # Errors
    /// As [`grow`](Self::grow).
    pub fn grow_to(&self, units: usize) -> Result<(), Shortage> {
        self.grow(units.saturating_sub(self.units()))
    }

    /// Gives units back until it holds this many, if it holds more.
    pub fn shrink_to(&self, units: usize) {
        let before = self.units.fetch_min(units, Ordering::Relaxed);
        self.budget.give_back(before.saturating_sub(units));
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.budget.give_back(*self.units.get_mut());
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Shortage};

    #[test]
    fn permits_share_a_budget_and_give_it_back() {
        let budget = Budget::new(10);
        let (one, other) = (budget.empty_permit(), budget.empty_permit());
        one.grow(6).unwrap();
        assert_eq!(other.grow(5), Err(Shortage::Taken { max: 10 }));
        other.grow(4).unwrap();
        assert_eq!((budget.held(), one.units(), other.units()), (10, 6, 4));
        assert!(budget.try_one().is_none());
        one.shrink_to(2);
        one.shrink_to(5);
        other.grow_to(8).unwrap();
        assert_eq!((budget.held(), one.units(), other.units()), (10, 2, 8));
        drop(one);
        assert_eq!(other.grow(3), Err(Shortage::TooLarge { max: 10 }));
        drop(other);
        assert_eq!(budget.held(), 0);
    }

    #[test]
    fn no_number_of_units_overflows() {
        let permit = Budget::new(usize::MAX).empty_permit();
        permit.grow(1).unwrap();
        assert_eq!(permit.grow(usize::MAX), Err(Shortage::TooLarge { max: usize::MAX }));
        assert_eq!(permit.units(), 1);
    }
}
