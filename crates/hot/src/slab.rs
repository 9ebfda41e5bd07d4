//! The traces of a shard, in pages, so that no trace moves when others are added.

use crate::trace::Trace;

/// Limit: memory is taken in pages of this many entries.
const PAGE_ENTRIES: usize = 512;

/// The number of an entry. No number is used twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Slot(pub(crate) u32);

#[derive(Default)]
pub(crate) struct Slab {
    /// Invariant: all pages but the last are full.
    pages: Vec<Vec<Option<Trace>>>,
}

impl Slab {
    pub(crate) fn bytes(&self) -> usize {
        self.pages.len() * PAGE_ENTRIES * size_of::<Option<Trace>>()
            + self.pages.capacity() * size_of::<Vec<Option<Trace>>>()
    }

    pub(crate) fn insert(&mut self, trace: Trace) -> Slot {
        if self.pages.last().is_none_or(|page| page.len() == PAGE_ENTRIES) {
            self.pages.push(Vec::with_capacity(PAGE_ENTRIES));
        }
        let number = self.pages.len() - 1;
        let page = self.pages.last_mut().expect("a page was just opened");
        page.push(Some(trace));
        let slot = number * PAGE_ENTRIES + page.len() - 1;
        Slot(u32::try_from(slot).expect("a shard holds less than 2^32 traces"))
    }

    #[inline]
    pub(crate) fn get(&self, slot: Slot) -> Option<&Trace> {
        let number = slot.0 as usize;
        self.pages.get(number / PAGE_ENTRIES)?.get(number % PAGE_ENTRIES)?.as_ref()
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, slot: Slot) -> Option<&mut Trace> {
        let number = slot.0 as usize;
        self.pages.get_mut(number / PAGE_ENTRIES)?.get_mut(number % PAGE_ENTRIES)?.as_mut()
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<Trace> {
        let number = slot.0 as usize;
        self.pages.get_mut(number / PAGE_ENTRIES)?.get_mut(number % PAGE_ENTRIES)?.take()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &Trace)> {
        let entries = self.pages.iter().flatten();
        (0..).map(Slot).zip(entries).filter_map(|(slot, trace)| Some((slot, trace.as_ref()?)))
    }
}
