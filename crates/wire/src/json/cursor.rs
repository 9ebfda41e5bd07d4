//! The cursor: a position in a JSON text, and the steps that every reader of a value needs.

use bumpalo::Bump;

use super::syntax_error::{SyntaxError, SyntaxErrorKind};

/// A position in a JSON text. Strings with escapes are written out into `arena`.
pub(crate) struct Cursor<'a> {
    pub(super) text: &'a str,
    /// Bytes of the text that have been read. Everything stops beside ASCII characters only, so this is always a
    /// boundary between characters.
    pub(super) at: usize,
    pub(super) arena: &'a Bump,
    /// How many half surrogate pairs became U+FFFD; `None` where they are refused.
    pub(super) repaired: Option<u64>,
}

impl<'a> Cursor<'a> {
    /// Stands at the beginning of a text that must be JSON to the letter.
    pub(crate) fn new(text: &'a str, arena: &'a Bump) -> Self {
        Self { text, at: 0, arena, repaired: None }
    }

    /// Stands at the beginning of a text whose sender may have cut strings in the middle of a character: half a
    /// surrogate pair becomes U+FFFD. JavaScript's exporters send such strings.
    pub(crate) fn repairing(text: &'a str, arena: &'a Bump) -> Self {
        let mut cursor = Self { repaired: Some(0), ..Self::new(text, arena) };
        // Windows writes a byte order mark in front of its files, and RFC 8259 lets a reader pass over it.
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

    /// Steps over white space, and says where the next value begins.
    pub(crate) fn value_start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// The text between `start` and here.
    pub(crate) fn text_since(&self, start: usize) -> &'a str {
        self.slice(start, self.at)
    }

    /// The text between two positions that are beside ASCII characters.
    #[inline]
    pub(super) fn slice(&self, from: usize, until: usize) -> &'a str {
        self.text.get(from..until).expect("a run that ends at ASCII characters")
    }

    pub(super) fn error<T>(&self, kind: SyntaxErrorKind) -> Result<T, SyntaxError> {
        Err(SyntaxError { at: self.at, kind })
    }

    /// The error that `what` is not here: the text ends, or something else stands here.
    #[cold]
    pub(super) fn missing<T>(&self, what: &'static str) -> Result<T, SyntaxError> {
        let is_inside = self.at < self.text.len();
        self.error(if is_inside { SyntaxErrorKind::Expected(what) } else { SyntaxErrorKind::EndsEarly })
    }

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over white space, and looks at the byte behind it.
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

    /// Steps over `mark`; `what` names it where it is missing.
    #[inline]
    pub(crate) fn expect(&mut self, mark: u8, what: &'static str) -> Result<(), SyntaxError> {
        if self.eat(mark) { Ok(()) } else { self.missing(what) }
    }

    /// Steps over `text` if it stands right here, without white space before it.
    #[inline]
    pub(crate) fn eat_text(&mut self, text: &[u8]) -> bool {
        let found = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(text));
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Steps over `null` if it comes next.
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

    /// Checks that nothing but white space follows.
    pub(crate) fn end(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.error(SyntaxErrorKind::Expected("nothing after the document")),
        }
    }
}
