//! Entries of traces in pages, each page given back when its last entry is.
//!
//! Traces leave in about the order they came in, so pages empty one after the other. A slot is not used
//! again while its page lives: that keeps the slab as simple as a queue.

use crate::trace::Trace;

/// Limit: one page is the step in which memory is taken and given back.
const PAGE_ENTRIES: usize = 512;

/// The number of an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Slot(pub(crate) u32);

impl Slot {
    fn page(self) -> usize {
        self.0 as usize / PAGE_ENTRIES
    }

    fn entry(self) -> usize {
        self.0 as usize % PAGE_ENTRIES
    }
}

struct Page {
    entries: Vec<Option<Trace>>,
    live: usize,
}

#[derive(Default)]
pub(crate) struct Slab {
    pages: Vec<Option<Page>>,
    /// Numbers of pages that were given back.
    empty: Vec<usize>,
    /// The page that takes new entries.
    open: Option<usize>,
}

impl Slab {
    pub(crate) fn bytes(&self) -> usize {
        let pages = self.pages.len() - self.empty.len();
        pages * PAGE_ENTRIES * size_of::<Option<Trace>>()
            + self.pages.capacity() * size_of::<Option<Page>>()
            + self.empty.capacity() * size_of::<usize>()
    }

    pub(crate) fn insert(&mut self, trace: Trace) -> Slot {
        let number = match self.open {
            Some(number) => number,
            None => self.open_page(),
        };
        let page = self.pages[number].as_mut().expect("the open page is there");
        let slot = number * PAGE_ENTRIES + page.entries.len();
        page.entries.push(Some(trace));
        page.live += 1;
        if page.entries.len() == PAGE_ENTRIES {
            self.open = None;
        }
        Slot(u32::try_from(slot).expect("a shard holds less than 2^32 traces"))
    }

    fn open_page(&mut self) -> usize {
        let page = Some(Page { entries: Vec::with_capacity(PAGE_ENTRIES), live: 0 });
        let number = if let Some(number) = self.empty.pop() {
            self.pages[number] = page;
            number
        } else {
            self.pages.push(page);
            self.pages.len() - 1
        };
        self.open = Some(number);
        number
    }

    #[inline]
    pub(crate) fn get(&self, slot: Slot) -> Option<&Trace> {
        self.pages.get(slot.page())?.as_ref()?.entries.get(slot.entry())?.as_ref()
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, slot: Slot) -> Option<&mut Trace> {
        self.pages.get_mut(slot.page())?.as_mut()?.entries.get_mut(slot.entry())?.as_mut()
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<Trace> {
        let page = self.pages.get_mut(slot.page())?.as_mut()?;
        let trace = page.entries.get_mut(slot.entry())?.take()?;
        page.live -= 1;
        if page.live == 0 && self.open != Some(slot.page()) {
            self.pages[slot.page()] = None;
            self.empty.push(slot.page());
        }
        Some(trace)
    }
}
