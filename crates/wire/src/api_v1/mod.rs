//! The JSON of `/api/v1`, which the dashboard uses; `docs/api-v1.md` describes it. Answers have columns instead of
//! rows, because one screen shows up to a hundred thousand traces.

mod answer_head;
mod ids;
mod info;
mod name_table;
mod parameters;
mod points;
mod search;
mod service_numbers;
mod span_details;
mod statistics;
mod times;
mod tree;

pub use answer_head::AnswerHead;
pub use info::Info;
pub use parameters::{
    BUCKETS_MAX, Filter, POINTS_MAX, Pairs, PointsParameters, QUERY_CHARS_MAX, SPAN_IDS_MAX, Selected,
    StatisticsParameters, parse_points, parse_query, parse_since_rev, parse_span_id, parse_span_ids,
    parse_statistics,
};
pub use points::{Points, PointsHead};
pub use search::{MATCHES_MAX, Search};
pub use service_numbers::ServiceNumbers;
pub use span_details::{one_span, spans};
pub use statistics::{Series, Statistics};
pub use tree::{Tree, TreeHead, unchanged};
