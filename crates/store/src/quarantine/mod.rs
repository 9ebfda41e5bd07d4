//! Damaged segments are taken out of service; their files stay for whoever wants to look at them.

#[expect(clippy::module_inception, reason = "the folder is named for its main type")]
mod quarantine;
mod restore_roots;

pub(crate) use quarantine::{DAMAGED_SUFFIX, Quarantine};
