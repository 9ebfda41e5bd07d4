//! What the dashboard is answered beyond the contract: `docs/api-v1.md`. Columns instead of rows, because a screen
//! shows a hundred thousand traces.

mod head;
mod ids;
mod info;
mod names;
mod parameters;
mod points;
mod search;
mod statistics;
mod tree;
mod whole_span;

pub use head::Head;
pub use info::Info;
pub use parameters::{
    BUCKETS_MAX, Filter, POINTS_MAX, Pairs, PointsParameters, QUERY_CHARS_MAX, SPAN_IDS_MAX, Selected,
    parse_points, parse_query, parse_since_rev, parse_span_id, parse_span_ids, parse_statistics,
};
pub use points::{Points, PointsHead};
pub use search::{MATCHES_MAX, Search};
pub use statistics::{Series, Statistics};
pub use tree::{Tree, TreeHead, unchanged};
pub use whole_span::{one_span, spans};

/// Gives every service a number that stays the same for all answers of a process.
pub trait ServiceNumbers {
    fn number_of(&mut self, service: &str) -> u32;
}
