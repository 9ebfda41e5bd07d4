//! Which traces a question is about, from the words of the API to those of the store.

use store::{Outcome, Selection};
use wire::api_v1::{Filter, Selected};

pub(super) fn selection(selected: Selected) -> Selection {
    let outcome = match selected.filter {
        Filter::All => Outcome::Any,
        Filter::Ok => Outcome::Ok,
        Filter::Error => Outcome::Error,
    };
    Selection { range: selected.range, outcome }
}
