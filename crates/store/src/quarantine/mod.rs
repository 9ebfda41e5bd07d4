//! Takes damaged segments out of service. Their files are kept under another name.

mod damaged_files;
#[expect(clippy::module_inception, reason = "the folder is named for its main type")]
mod quarantine;
mod restore_roots;

pub(crate) use damaged_files::{DamagedFiles, damaged_name, name_before_damage};
pub(crate) use quarantine::Quarantine;
