//! A disk that calls a test before it creates a file of a segment.

use std::io;
use std::sync::Arc;

use testkit::{DiskHooks, HookedDisk, SimDisk};

/// What is called. It may block, or make the creation fail.
#[derive(Clone)]
pub(crate) struct BeforeSegment(Arc<dyn Fn() -> io::Result<()> + Send + Sync>);

impl DiskHooks for BeforeSegment {
    fn before_create(&self, name: &str) -> io::Result<()> {
        if name.contains(".segment") { (self.0)() } else { Ok(()) }
    }
}

pub(crate) fn before_segment(
    disk: SimDisk,
    call: impl Fn() -> io::Result<()> + Send + Sync + 'static,
) -> HookedDisk<BeforeSegment> {
    HookedDisk { disk, hooks: BeforeSegment(Arc::new(call)) }
}
