//! A segment turned out to be damaged while it was read.

use std::sync::Arc;

use segment::Damaged;

use crate::view::Unit;

/// Whoever meets it sets the segment aside and asks again.
pub(crate) struct Fault {
    pub(crate) unit: Arc<Unit>,
    pub(crate) damage: Damaged,
}

impl Fault {
    /// For `map_err`.
    pub(crate) fn of(unit: &Arc<Unit>) -> impl Fn(Damaged) -> Self {
        move |damage| Self { unit: Arc::clone(unit), damage }
    }
}
