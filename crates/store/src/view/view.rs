//! A view: the open generation, the frozen generations and the segments at one moment.

use std::sync::Arc;

use hot::Generation;

use super::live_segment::LiveSegment;

/// Stands for the index of a number that no segment has.
const ABSENT: usize = u16::MAX as usize;

/// It never changes: a change makes the next view.
#[derive(Clone)]
pub(crate) struct View {
    /// The shards of the open generation have this number, too.
    epoch: u64,
    open: Arc<Generation>,
    /// The oldest first.
    frozen: Vec<Arc<Generation>>,
    /// The oldest first. Their ranges of generations do not overlap.
    segments: Vec<Arc<LiveSegment>>,
    /// By the number of a segment in the directory, its index in `segments`. Views with the same segments share it.
    indexes: Arc<[u16]>,
    segment_bytes: u64,
    index_bytes: usize,
    /// How many damaged segments were taken out of the view so far.
    taken_out: usize,
    /// How many of them no longer supersede any root: the smallest remaining root of each trace is listed again.
    restored: usize,
}

impl View {
    /// Makes the view of a store without spans.
    pub(crate) fn new(open: Arc<Generation>) -> Self {
        Self {
            epoch: 0,
            open,
            frozen: Vec::new(),
            segments: Vec::new(),
            indexes: Arc::from([]),
            segment_bytes: 0,
            index_bytes: 0,
            taken_out: 0,
            restored: 0,
        }
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the generation that takes spans.
    pub(crate) fn open(&self) -> &Arc<Generation> {
        &self.open
    }

    /// Returns the generations that wait to be sealed, the oldest first.
    pub(crate) fn frozen(&self) -> &[Arc<Generation>] {
        &self.frozen
    }

    /// Returns the segments, the oldest first.
    pub(crate) fn segments(&self) -> &[Arc<LiveSegment>] {
        &self.segments
    }

    /// Returns all generations in memory, the oldest first; the open one is the last.
    pub(crate) fn generations(&self) -> impl DoubleEndedIterator<Item = &Arc<Generation>> {
        self.frozen.iter().chain([&self.open])
    }

    /// Returns the oldest generation that is not sealed.
    pub(crate) fn oldest_unsealed(&self) -> &Arc<Generation> {
        self.frozen.first().unwrap_or(&self.open)
    }

    /// Returns the segment with this number in the directory.
    pub(crate) fn segment(&self, number: u16) -> Option<&Arc<LiveSegment>> {
        self.segments.get(self.index_of(number)?)
    }

    /// Returns the index of the segment with this number in the directory.
    pub(crate) fn index_of(&self, number: u16) -> Option<usize> {
        self.indexes.get(usize::from(number)).map(|&index| usize::from(index)).filter(|&index| index < ABSENT)
    }

    pub(crate) fn contains(&self, segment: &Arc<LiveSegment>) -> bool {
        self.segments.iter().any(|known| Arc::ptr_eq(known, segment))
    }

    /// Returns the memory of spans that are not in a segment yet.
    pub(crate) fn hot_bytes(&self) -> usize {
        self.generations().map(|generation| generation.bytes()).sum()
    }

    /// Returns the bytes of all segments, on the disk or in memory.
    pub(crate) fn segment_bytes(&self) -> u64 {
        self.segment_bytes
    }

    /// Returns the memory of the segments beside their bytes.
    pub(crate) fn index_bytes(&self) -> usize {
        self.index_bytes
    }

    pub(crate) fn segment_spans(&self) -> u64 {
        self.segments.iter().map(|segment| segment.file().meta().spans).sum()
    }

    /// Returns how many spans are stored, in memory and in segments.
    pub(crate) fn spans(&self) -> u64 {
        self.generations().map(|generation| generation.spans()).sum::<u64>() + self.segment_spans()
    }

    /// Returns the next view, in which the open generation is frozen and `next` takes spans.
    pub(crate) fn with_open(&self, next: Generation) -> Self {
        let mut frozen = self.frozen.clone();
        frozen.push(Arc::clone(&self.open));
        Self { open: Arc::new(next), frozen, ..self.clone() }
    }

    /// Returns the next view, in which `segment` replaces the oldest frozen generation. There is no segment if all
    /// spans of the generation were duplicates.
    pub(crate) fn with_oldest_sealed(&self, segment: Option<Arc<LiveSegment>>) -> Self {
        Self { frozen: self.frozen[1..].to_vec(), ..self.with_segments(&[], segment) }
    }

    /// Returns the next view, without the segments of `removed` and with those of `added`.
    pub(crate) fn with_segments(
        &self,
        removed: &[Arc<LiveSegment>],
        added: impl IntoIterator<Item = Arc<LiveSegment>>,
    ) -> Self {
        let is_kept = |segment: &&Arc<LiveSegment>| !removed.iter().any(|gone| Arc::ptr_eq(gone, segment));
        let mut segments: Vec<_> = self.segments.iter().filter(is_kept).cloned().collect();
        segments.extend(added);
        segments.sort_by_key(|segment| segment.file().meta().generations.first);
        Self {
            // Summed up here, because every batch asks for the sum.
            segment_bytes: segments.iter().map(|segment| segment.file().meta().bytes).sum(),
            index_bytes: segments.iter().map(|segment| segment.index_bytes()).sum(),
            indexes: indexes_of(&segments),
            segments,
            ..self.clone()
        }
    }

    /// Returns the next view, without a damaged segment.
    pub(crate) fn without_damaged(&self, segment: &Arc<LiveSegment>) -> Self {
        let without = self.with_segments(&[Arc::clone(segment)], None);
        Self { taken_out: self.taken_out + 1, ..without }
    }

    /// Returns the next view, in which the roots are restored that the first `count` damaged segments superseded.
    pub(crate) fn with_restored(&self, count: usize) -> Self {
        Self { restored: self.restored.max(count), ..self.clone() }
    }

    /// Returns how many damaged segments were taken out of the view so far.
    pub(crate) fn taken_out(&self) -> usize {
        self.taken_out
    }

    /// Returns how many of them may still supersede roots, so that a list lacks traces which other segments have.
    pub(crate) fn unrestored(&self) -> usize {
        self.taken_out - self.restored
    }

    pub(super) fn with_epoch(self, epoch: u64) -> Self {
        Self { epoch, ..self }
    }
}

fn indexes_of(segments: &[Arc<LiveSegment>]) -> Arc<[u16]> {
    let numbers = segments.iter().map(|segment| usize::from(segment.number()));
    let mut indexes = vec![u16::MAX; numbers.clone().max().map_or(0, |most| most + 1)];
    for (number, index) in numbers.zip(0..) {
        indexes[number] = index;
    }
    indexes.into()
}
