//! The name of the limit that decides how far back the store reaches, as answers have it.

use store::LimitedBy;

pub(crate) const fn name(limited_by: LimitedBy) -> &'static str {
    match limited_by {
        LimitedBy::Time => "time",
        LimitedBy::Memory => "memory",
        LimitedBy::Disk => "disk",
    }
}
