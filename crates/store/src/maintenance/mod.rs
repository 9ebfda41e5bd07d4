//! The room that works in the background: it freezes, seals and merges generations, and evicts what the window has
//! passed.

mod evictor;
mod freezer;
mod maintainer;
mod merger;
mod publisher;
mod reserve;
mod rewrite;
mod seal;
mod sealed_logs;
mod sealer;
mod segment_files;
mod space_evictor;
mod space_gate;

pub(crate) use evictor::Evictor;
pub(crate) use freezer::Freezer;
pub(crate) use maintainer::Maintainer;
pub(crate) use merger::Merger;
pub(crate) use publisher::Publisher;
pub(crate) use reserve::{RESERVE, Reserve};
pub(crate) use sealed_logs::{ReplayedFile, SealedLogs};
pub(crate) use sealer::Sealer;
pub(crate) use segment_files::{SegmentFiles, finished_name};
pub(crate) use space_evictor::SpaceEvictor;
pub(crate) use space_gate::SpaceGate;
