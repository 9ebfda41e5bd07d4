//! How much memory the store uses, and how much it may use.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::settings::{Medium, Settings};

/// Limit: space is made early, when less than this part of the memory is free, so that batches seldom wait for it.
const AHEAD_PARTS: usize = 16;
/// Limit: space is made in steps of this part of the limit, so that few batches need a step.
const STEP_PARTS: usize = 32;

pub(crate) struct Space {
    catalog: Arc<Catalog>,
    medium: Medium,
    memory_bytes_max: usize,
}

impl Space {
    pub(crate) fn new(settings: &Settings, medium: Medium, catalog: &Arc<Catalog>) -> Self {
        Self { catalog: Arc::clone(catalog), medium, memory_bytes_max: settings.memory_bytes_max }
    }

    /// Whether segments count as memory.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.medium == Medium::Memory
    }

    /// Returns the memory that is limited: spans that are not in a segment yet, or were not when a question began that
    /// still runs; the directory; and marks.
    pub(crate) fn memory_bytes(&self) -> usize {
        let view = self.catalog.views().current();
        let segments = if self.is_in_memory() { view.segment_bytes() } else { 0 };
        let segments = usize::try_from(segments).unwrap_or(usize::MAX);
        let hot = view.hot_bytes() + self.catalog.views().past_bytes();
        hot + self.catalog.directory().bytes() + view.index_bytes() + segments
    }

    pub(crate) fn memory_bytes_max(&self) -> usize {
        self.memory_bytes_max
    }

    pub(crate) fn is_memory_full(&self) -> bool {
        self.memory_bytes() >= self.memory_bytes_max
    }

    /// Whether little memory is left.
    pub(crate) fn is_memory_short(&self) -> bool {
        self.memory_bytes() >= self.memory_bytes_max - self.memory_bytes_max / AHEAD_PARTS
    }

    /// Whether the open and frozen generations are large enough that sealing them frees a noticeable part of the
    /// memory.
    pub(crate) fn is_sealing_worthwhile(&self) -> bool {
        self.catalog.views().current().hot_bytes() >= self.memory_bytes_max / AHEAD_PARTS
    }

    /// Returns the memory to reduce to when it is full.
    pub(crate) fn memory_target_when_full(&self) -> usize {
        self.memory_bytes_max - self.memory_bytes_max / STEP_PARTS
    }

    /// Returns the memory to reduce to when it is short.
    pub(crate) fn memory_target_ahead(&self) -> usize {
        self.memory_target_when_full() - self.memory_bytes_max / AHEAD_PARTS
    }
}
