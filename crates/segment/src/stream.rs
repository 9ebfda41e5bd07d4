//! Times and parents of the spans of one trace, in as few bits as they need.
//!
//! Format: a trace with 64 items or more begins with their length in bits, sized. A trace with a root and other spans
//! then has 1 bit *nested* and 1 bit *all below the root*. For each span but the root follow its start, its duration
//! and, unless all are below the root, its parent.
//!
//! * Nested: the start is bounded by the time from the previous start (for the first span: the root's) to the end of
//!   the root; the duration by the time from the start to that end.
//! * Free: the folded difference to the previous start (for the first span: the root's start, or the base of the
//!   file), and the duration, both sized.
//! * Parent: bounded by the count of spans + 2. 0 is none; 1 is elsewhere, then 1 bit *eight bytes* and the id in 64
//!   or 128 bits; any other number is 2 + the index in the trace.
//!
//! `docs/segment-format.md` explains *bounded* and *sized*.

use record::varint;

use crate::bits::{BOUND_MAX, BitReader, BitWriter, bounded_bits, sized_bits};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Parent {
    None,
    Elsewhere(u128),
    /// The index of the parent in the trace; the root has 0.
    Index(u64),
}

const CODE_NONE: u64 = 0;
const CODE_ELSEWHERE: u64 = 1;
const CODES_BEFORE_PLACES: u64 = 2;

/// If a trace has this many items or more, their length in bits is stored before them, so that a reader can skip all
/// of them at once.
const LONG_ITEMS: usize = 64;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) start: i64,
    pub(crate) duration: u64,
    pub(crate) parent: Parent,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Coding {
    Nested,
    Free,
}

/// The time to which the times of a trace are relative.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Base {
    Root {
        start: i64,
        duration: u64,
    },
    /// The trace has no root in this segment. Its times are relative to one start for the whole file.
    Rootless {
        start: i64,
    },
}

/// Appends the items of a trace: one for each span except the root, sorted by start. `count` is how many spans the
/// trace has, including the root.
pub(crate) fn put(out: &mut BitWriter, base: Base, items: &[Item], count: u64) {
    if items.is_empty() {
        return;
    }
    if items.len() < LONG_ITEMS {
        return put_items(out, base, items, count);
    }
    let mut long = BitWriter::default();
    put_items(&mut long, base, items, count);
    out.put_sized(long.bit_len());
    out.append(&long);
}

fn put_items(out: &mut BitWriter, base: Base, items: &[Item], count: u64) {
    let (coding, is_below_root) = match base {
        Base::Rootless { .. } => (Coding::Free, false),
        Base::Root { start, duration } => {
            let is_below_root = items.iter().all(|item| item.parent == Parent::Index(0));
            let coding = choose(items, start, duration);
            out.put((coding == Coding::Nested).into(), 1);
            out.put(is_below_root.into(), 1);
            (coding, is_below_root)
        }
    };
    let mut times = Times::new(base, coding);
    for item in items {
        if let Some(room) = times.room {
            let later = item.start.wrapping_sub(times.previous).cast_unsigned();
            out.put_bounded(later, room + 1);
            out.put_bounded(item.duration, room - later + 1);
            times.room = Some(room - later);
        } else {
            out.put_sized(varint::fold(item.start.wrapping_sub(times.previous)));
            out.put_sized(item.duration);
        }
        times.previous = item.start;
        if !is_below_root {
            put_parent(out, item.parent, count);
        }
    }
}

fn choose(items: &[Item], start: i64, duration: u64) -> Coding {
    match nested_bits(items, start, duration) {
        Some(bits) if bits <= free_bits(items, start) => Coding::Nested,
        _ => Coding::Free,
    }
}

fn put_parent(out: &mut BitWriter, parent: Parent, count: u64) {
    let bound = count + CODES_BEFORE_PLACES;
    match parent {
        Parent::None => out.put_bounded(CODE_NONE, bound),
        Parent::Index(place) => out.put_bounded(place + CODES_BEFORE_PLACES, bound),
        Parent::Elsewhere(id) => {
            out.put_bounded(CODE_ELSEWHERE, bound);
            let (high, low) = halves(id);
            out.put(u64::from(high == 0), 1);
            out.put(low, 64);
            if high != 0 {
                out.put(high, 64);
            }
        }
    }
}

fn halves(id: u128) -> (u64, u64) {
    let half =
        |wide: u128| u64::try_from(wide & u128::from(u64::MAX)).expect("the upper bits are masked out");
    (half(id >> 64), half(id))
}

/// Returns how many bits the nested coding of times takes, or `None` if it is not possible.
fn nested_bits(items: &[Item], start: i64, duration: u64) -> Option<u64> {
    let mut room = Some(duration).filter(|duration| *duration < BOUND_MAX)?;
    let mut previous = start;
    let mut bits = 0u64;
    for item in items {
        // Items are sorted by start, but a span may start before the root.
        let later = item.start.checked_sub(previous).and_then(|later| u64::try_from(later).ok())?;
        let left = room.checked_sub(later).filter(|left| item.duration <= *left)?;
        bits += u64::from(bounded_bits(later, room + 1) + bounded_bits(item.duration, left + 1));
        (previous, room) = (item.start, left);
    }
    Some(bits)
}

fn free_bits(items: &[Item], start: i64) -> u64 {
    let mut previous = start;
    let bits = |item: &Item| {
        let later = varint::fold(item.start.wrapping_sub(previous));
        previous = item.start;
        u64::from(sized_bits(later) + sized_bits(item.duration))
    };
    items.iter().map(bits).sum()
}

/// The state of decoding times. Invariant: `room` is below `BOUND_MAX`.
#[derive(Clone, Copy, Debug)]
struct Times {
    previous: i64,
    /// In the nested coding, the nanoseconds from `previous` to the end of the root; `None` in the free coding.
    room: Option<u64>,
}

impl Times {
    fn new(base: Base, coding: Coding) -> Self {
        match base {
            Base::Root { start, duration } => {
                Self { previous: start, room: (coding == Coding::Nested).then_some(duration) }
            }
            Base::Rootless { start } => Self { previous: start, room: None },
        }
    }
}

/// Skips the items of a trace, and returns the position after them. `items` is how many there are, and `count` how
/// many spans the trace has, including the root.
pub(crate) fn skip(mut bits: BitReader<'_>, base: Base, items: usize, count: usize) -> Option<BitReader<'_>> {
    if items >= LONG_ITEMS {
        let length = bits.take_sized()?;
        return bits.skip(length);
    }
    let mut left = Items::after_length(bits, base, count as u64)?;
    for _ in 0..items {
        left.next()?;
    }
    Some(left.bits)
}

/// Reads the items of one trace. All functions return `None` if the bits end too early or are damaged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Items<'a> {
    bits: BitReader<'a>,
    times: Times,
    is_below_root: bool,
    count: u64,
}

impl<'a> Items<'a> {
    /// Makes a reader of `items` items, at least one, of a trace that has `count` spans, including the root.
    pub(crate) fn new(mut bits: BitReader<'a>, base: Base, items: usize, count: usize) -> Option<Self> {
        if items >= LONG_ITEMS {
            bits.take_sized()?;
        }
        Self::after_length(bits, base, count as u64)
    }

    fn after_length(mut bits: BitReader<'a>, base: Base, count: u64) -> Option<Self> {
        let (coding, is_below_root) = match base {
            Base::Rootless { .. } => (Coding::Free, false),
            Base::Root { duration, .. } => {
                let coding = if bits.take(1)? == 1 { Coding::Nested } else { Coding::Free };
                if coding == Coding::Nested && duration >= BOUND_MAX {
                    return None;
                }
                (coding, bits.take(1)? == 1)
            }
        };
        Some(Self { bits, times: Times::new(base, coding), is_below_root, count })
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Option<Item> {
        let duration = if let Some(room) = &mut self.times.room {
            let later = self.bits.take_bounded(*room + 1)?;
            self.times.previous = self.times.previous.wrapping_add_unsigned(later);
            *room = room.checked_sub(later)?;
            self.bits.take_bounded(*room + 1)?
        } else {
            let difference = varint::unfold(self.bits.take_sized()?);
            self.times.previous = self.times.previous.wrapping_add(difference);
            self.bits.take_sized()?
        };
        let parent = if self.is_below_root { Parent::Index(0) } else { self.parent()? };
        Some(Item { start: self.times.previous, duration, parent })
    }

    fn parent(&mut self) -> Option<Parent> {
        match self.bits.take_bounded(self.count + CODES_BEFORE_PLACES)? {
            CODE_NONE => Some(Parent::None),
            CODE_ELSEWHERE => {
                let is_short = self.bits.take(1)? == 1;
                let low = self.bits.take(64)?;
                let high = if is_short { 0 } else { self.bits.take(64)? };
                Some(Parent::Elsewhere(u128::from(high) << 64 | u128::from(low)))
            }
            code => Some(Parent::Index(code - CODES_BEFORE_PLACES)),
        }
    }
}
