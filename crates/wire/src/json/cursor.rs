//! The cursor: where we are, and the marks between values.

use bumpalo::Bump;

use super::fault::{Fault, Reason};

/// A place in a JSON text. Strings with escapes are written out into `arena`.
pub(crate) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) arena: &'a Bump,
    /// Counts half surrogate pairs, where they are taken as U+FFFD and not refused.
    pub(super) repaired: Option<u64>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, arena: &'a Bump) -> Self {
        Self { text, at: 0, arena, repaired: None }
    }

    /// The same for senders that cut strings in the middle of a character: what is left of it becomes U+FFFD.
    pub(crate) fn repairing(text: &'a str, arena: &'a Bump) -> Self {
        let mut cursor = Self { repaired: Some(0), ..Self::new(text, arena) };
        // Windows writes a byte order mark in front of its files; JSON's readers may pass over it.
        cursor.eat_text("\u{feff}".as_bytes());
        cursor
    }

    /// How many characters had to be repaired.
    pub(crate) fn repaired(&self) -> u64 {
        self.repaired.unwrap_or(0)
    }

    pub(crate) fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// Where the next value begins.
    pub(crate) fn place(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// What stands between such a place and here.
    pub(crate) fn text_since(&self, place: usize) -> &'a str {
        self.slice(place, self.at)
    }

    pub(super) fn fault<T>(&self, reason: Reason) -> Result<T, Fault> {
        Err(Fault { at: self.at, reason })
    }

    /// What was expected is not there: the text ends, or something else stands in its place.
    #[cold]
    pub(super) fn missing<T>(&self, what: &'static str) -> Result<T, Fault> {
        let reason = if self.at < self.text.len() { Reason::Expected(what) } else { Reason::EndsEarly };
        self.fault(reason)
    }

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space, which it stands on then.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte()?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Steps over `mark` if it comes next.
    #[inline]
    pub(crate) fn eat(&mut self, mark: u8) -> bool {
        let found = self.peek() == Some(mark);
        self.at += usize::from(found);
        found
    }

    #[inline]
    pub(crate) fn expect(&mut self, mark: u8, what: &'static str) -> Result<(), Fault> {
        if self.eat(mark) { Ok(()) } else { self.missing(what) }
    }

    /// Steps over `text` if it stands right here.
    #[inline]
    pub(crate) fn eat_text(&mut self, text: &[u8]) -> bool {
        let found = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(text));
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Steps over `null` if it comes next.
    pub(crate) fn eat_null(&mut self) -> Result<bool, Fault> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal("null").map(|()| true)
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => self.missing("true or false"),
        }
    }

    pub(super) fn literal(&mut self, literal: &'static str) -> Result<(), Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if rest.starts_with(literal.as_bytes()) {
            self.at += literal.len();
            return Ok(());
        }
        self.missing("a JSON value")
    }

    /// Steps into an object. False where it is empty, and left again.
    #[inline]
    pub(crate) fn open_object(&mut self, what: &'static str) -> Result<bool, Fault> {
        self.expect(b'{', what)?;
        Ok(!self.eat(b'}'))
    }

    /// The next key, and the colon behind it.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<&'a str, Fault> {
        let key = self.string("a key in double quotes")?;
        self.expect(b':', "':'")?;
        Ok(key)
    }

    /// Whether another member follows: steps over the comma, or out of the object.
    #[inline]
    pub(crate) fn more_members(&mut self) -> Result<bool, Fault> {
        Ok(self.eat(b',') || self.expect(b'}', "',' or '}'").map(|()| false)?)
    }

    /// Steps into an array. False where it is empty, and left again.
    pub(crate) fn open_array(&mut self, what: &'static str) -> Result<bool, Fault> {
        self.expect(b'[', what)?;
        Ok(!self.eat(b']'))
    }

    /// Whether another item follows: steps over the comma, or out of the array.
    pub(crate) fn more_items(&mut self) -> Result<bool, Fault> {
        Ok(self.eat(b',') || self.expect(b']', "',' or ']'").map(|()| false)?)
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.fault(Reason::Expected("nothing after the document")),
        }
    }
}
