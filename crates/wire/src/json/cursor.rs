//! The cursor: a position in a JSON text, and the basic steps to parse a value.

use bumpalo::Bump;

use super::syntax_error::{SyntaxError, SyntaxErrorKind};

/// A position in a JSON text. Strings with escapes are decoded into `arena`.
pub(crate) struct Cursor<'a> {
    pub(super) text: &'a str,
    /// How many bytes of the text were read. The cursor only stops before or after ASCII characters, so this is
    /// always a boundary between characters.
    pub(super) at: usize,
    pub(super) arena: &'a Bump,
    /// How many halves of surrogate pairs became U+FFFD. `None` if such halves are errors.
    pub(super) repaired: Option<u64>,
}

impl<'a> Cursor<'a> {
    /// Makes a cursor at the beginning of a text that must be strictly valid JSON.
    pub(crate) fn new(text: &'a str, arena: &'a Bump) -> Self {
        Self { text, at: 0, arena, repaired: None }
    }

    /// Makes a cursor at the beginning of a text in which half a surrogate pair becomes U+FFFD, because JavaScript's
    /// exporters may cut strings in the middle of a character. A byte order mark is skipped.
    pub(crate) fn repairing(text: &'a str, arena: &'a Bump) -> Self {
        let mut cursor = Self { repaired: Some(0), ..Self::new(text, arena) };
        // Windows programs begin files with a byte order mark, and RFC 8259 allows parsers to skip it.
        cursor.eat_text("\u{feff}".as_bytes());
        cursor
    }

    /// Returns how many characters were repaired.
    pub(crate) fn repaired(&self) -> u64 {
        self.repaired.unwrap_or(0)
    }

    pub(crate) fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// Moves over white space and returns the position at which the next value begins.
    pub(crate) fn value_start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Returns the text from `start` to the cursor.
    pub(crate) fn text_since(&self, start: usize) -> &'a str {
        self.slice(start, self.at)
    }

    /// Returns the text between two positions, each of which is before or after an ASCII character.
    #[inline]
    pub(super) fn slice(&self, from: usize, until: usize) -> &'a str {
        self.text.get(from..until).expect("both positions are next to ASCII characters")
    }

    pub(super) fn error<T>(&self, kind: SyntaxErrorKind) -> Result<T, SyntaxError> {
        Err(SyntaxError { at: self.at, kind })
    }

    /// Returns an error: the text ends here, or it has something else than `what`.
    #[cold]
    pub(super) fn missing<T>(&self, what: &'static str) -> Result<T, SyntaxError> {
        let is_inside = self.at < self.text.len();
        self.error(if is_inside { SyntaxErrorKind::Expected(what) } else { SyntaxErrorKind::EndsEarly })
    }

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Moves over white space and returns the byte after it, without moving over that byte.
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

    /// Moves over white space, and over `mark` if it is next. Returns whether it was.
    #[inline]
    pub(crate) fn eat(&mut self, mark: u8) -> bool {
        let found = self.peek() == Some(mark);
        self.at += usize::from(found);
        found
    }

    /// Moves over `mark`. Fails if it is not next; `what` describes it in the error.
    #[inline]
    pub(crate) fn expect(&mut self, mark: u8, what: &'static str) -> Result<(), SyntaxError> {
        if self.eat(mark) { Ok(()) } else { self.missing(what) }
    }

    /// Moves over `text` if it is next, without white space before it. Returns whether it was.
    #[inline]
    pub(crate) fn eat_text(&mut self, text: &[u8]) -> bool {
        let found = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(text));
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Moves over `null` if it is next. Returns whether it was.
    pub(crate) fn eat_null(&mut self) -> Result<bool, SyntaxError> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal("null").map(|()| true)
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, SyntaxError> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => self.missing("true or false"),
        }
    }

    pub(super) fn literal(&mut self, literal: &'static str) -> Result<(), SyntaxError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if rest.starts_with(literal.as_bytes()) {
            self.at += literal.len();
            return Ok(());
        }
        self.missing("a JSON value")
    }

    /// Fails unless only white space follows.
    pub(crate) fn end(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.error(SyntaxErrorKind::Expected("the end of the text after the JSON value")),
        }
    }
}
