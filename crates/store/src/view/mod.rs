//! Views of the store, and how one replaces another.

mod damaged_segment;
mod failed_rows;
mod left_out;
mod live_segment;
mod marks;
mod pieces;
mod rows;
mod span_ids;
#[expect(clippy::module_inception, reason = "the folder is named for its main type")]
mod view;
mod views;

pub(crate) use damaged_segment::DamagedSegment;
pub(crate) use failed_rows::FailedRows;
pub(crate) use left_out::LeftOut;
pub(crate) use live_segment::LiveSegment;
pub(crate) use marks::{BitmapCopy, SupersededRows};
pub(crate) use pieces::{HotPiece, Piece, PieceFinder, Pieces};
pub(crate) use rows::{
    Counts, evicted_root, has_span_since, own_root, root_of_row, smaller_root, spans_since,
};
pub(crate) use span_ids::SpanIds;
pub(crate) use view::View;
pub(crate) use views::Views;
