//! Takes damaged segments out of service. Their files are kept under another name.

#[expect(clippy::module_inception, reason = "the folder is named for its main type")]
mod quarantine;
mod restore_roots;

pub(crate) use quarantine::{DAMAGED_SUFFIX, Quarantine};
