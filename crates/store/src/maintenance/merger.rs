//! Merges several small neighbouring segments into one.
//!
//! At a high rate segments are large from the start and are never merged. At a low rate each is small, and a window
//! would have many.

use std::sync::Arc;
use sync::atomic::Ordering;

use super::rewrite::rewrite;
use super::sealer::Sealer;
use crate::catalog::Catalog;
use crate::directory::ROWS_MAX;
use crate::disk_space::DiskSpace;
use crate::ledger::Counters;
use crate::quarantine::Quarantine;
use crate::settings::Settings;
use crate::view::LiveSegment;

/// Limit: a segment with fewer spans is small. Merging such segments costs nothing noticeable, unless their spans are
/// large, so a merge also has a limit in bytes: [`Settings::merged_bytes_max`].
const SMALL_SPANS_MAX: u64 = 16 * 1024;
/// Limit: if there are more segments, large neighbours are merged, too, in pairs.
const SEGMENTS_MAX: usize = 1024;

pub(crate) struct Merger {
    catalog: Arc<Catalog>,
    counters: Arc<Counters>,
    quarantine: Arc<Quarantine>,
    /// How many small neighbours are merged into one.
    merged_segments: usize,
    merged_bytes_max: u64,
    space: Arc<DiskSpace>,
}

impl Merger {
    pub(crate) fn new(
        settings: &Settings,
        catalog: &Arc<Catalog>,
        counters: &Arc<Counters>,
        quarantine: &Arc<Quarantine>,
        space: &Arc<DiskSpace>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            counters: Arc::clone(counters),
            quarantine: Arc::clone(quarantine),
            // Fewer would replace a segment by itself, again and again.
            merged_segments: settings.merged_segments.max(2),
            merged_bytes_max: settings.merged_bytes_max(),
            space: Arc::clone(space),
        }
    }

    /// Merges one run of neighbours. Returns false if there is none, or it cannot be written now.
    pub(super) fn merge_one(&self, sealer: &mut Sealer) -> bool {
        let view = self.catalog.views().current();
        let small = self.small_run(view.segments());
        let Some(inputs) = small.or_else(|| self.smallest_pair(view.segments())) else { return false };
        match rewrite(&self.catalog, inputs, sealer.evictable_before()) {
            Ok(rewritten) => {
                let has_replaced = sealer.replace(inputs, &rewritten);
                if has_replaced {
                    self.counters.evicted_by_time.fetch_add(rewritten.spans_dropped(), Ordering::Relaxed);
                }
                has_replaced
            }
            Err(damaged) => {
                self.quarantine.take_out(&damaged);
                true
            }
        }
    }

    fn small_run<'a>(&self, segments: &'a [Arc<LiveSegment>]) -> Option<&'a [Arc<LiveSegment>]> {
        let is_small = |segment: &Arc<LiveSegment>| segment.file().meta().spans < SMALL_SPANS_MAX;
        let runs = segments.chunk_by(|one, other| is_small(one) && is_small(other));
        runs.flat_map(|run| run.windows(self.merged_segments)).find(|run| self.fit_together(run))
    }

    fn smallest_pair<'a>(&self, segments: &'a [Arc<LiveSegment>]) -> Option<&'a [Arc<LiveSegment>]> {
        if segments.len() <= SEGMENTS_MAX {
            return None;
        }
        let spans =
            |pair: &[Arc<LiveSegment>]| pair.iter().map(|segment| segment.file().meta().spans).sum::<u64>();
        segments.windows(2).filter(|pair| self.fit_together(pair)).min_by_key(|pair| spans(pair))
    }

    /// Whether the merge of these segments stays within the limits of memory, disk and of a segment's rows. A segment whose
    /// content is not known is not merged.
    fn fit_together(&self, segments: &[Arc<LiveSegment>]) -> bool {
        let metas = || segments.iter().map(|segment| segment.file().meta());
        let content: Option<u64> = metas().map(|meta| meta.content_bytes).sum();
        let rows: u64 = metas().map(|meta| u64::from(meta.traces)).sum();
        let files: u64 = metas().map(|meta| meta.bytes).sum();
        content.is_some_and(|bytes| bytes <= self.merged_bytes_max)
            && files <= self.space.merged_bytes_max()
            && rows <= u64::from(ROWS_MAX)
    }
}
