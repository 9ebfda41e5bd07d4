//! Merges several small neighbouring segments into one.
//!
//! At a high rate segments are large from the start and are never merged. At a low rate each is small, and a window
//! would have many.

use std::sync::Arc;
use sync::atomic::Ordering;

use super::rewrite::rewrite;
use super::sealer::Sealer;
use crate::catalog::Catalog;
use crate::ledger::Counters;
use crate::quarantine::Quarantine;
use crate::settings::Settings;
use crate::view::LiveSegment;

/// Limit: a segment with fewer spans is small. Merging such segments costs nothing noticeable.
const SMALL_SPANS_MAX: u64 = 16 * 1024;
/// Limit: if there are more segments, large neighbours are merged, too, in pairs.
const SEGMENTS_MAX: usize = 1024;

pub(crate) struct Merger {
    catalog: Arc<Catalog>,
    counters: Arc<Counters>,
    quarantine: Arc<Quarantine>,
    /// How many small neighbours are merged into one.
    merged_segments: usize,
}

impl Merger {
    pub(crate) fn new(
        settings: &Settings,
        catalog: &Arc<Catalog>,
        counters: &Arc<Counters>,
        quarantine: &Arc<Quarantine>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            counters: Arc::clone(counters),
            quarantine: Arc::clone(quarantine),
            // Fewer would replace a segment by itself, again and again.
            merged_segments: settings.merged_segments.max(2),
        }
    }

    /// Merges one run of neighbours. Returns false if there is none, or it cannot be written now.
    pub(super) fn merge_one(&self, sealer: &mut Sealer) -> bool {
        let view = self.catalog.views().current();
        let small = small_run(view.segments(), self.merged_segments);
        let Some(inputs) = small.or_else(|| smallest_pair(view.segments())) else { return false };
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
}

fn small_run(segments: &[Arc<LiveSegment>], count: usize) -> Option<&[Arc<LiveSegment>]> {
    let is_small = |segment: &Arc<LiveSegment>| segment.file().meta().spans < SMALL_SPANS_MAX;
    let runs = segments.chunk_by(|one, other| is_small(one) && is_small(other));
    runs.filter(|run| run.len() >= count).map(|run| &run[..count]).next()
}

fn smallest_pair(segments: &[Arc<LiveSegment>]) -> Option<&[Arc<LiveSegment>]> {
    if segments.len() <= SEGMENTS_MAX {
        return None;
    }
    let spans =
        |pair: &[Arc<LiveSegment>]| pair.iter().map(|segment| segment.file().meta().spans).sum::<u64>();
    segments.windows(2).min_by_key(|pair| spans(pair))
}
