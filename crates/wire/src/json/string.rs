//! Strings. They borrow from the text, or from the arena if they have escapes.

use bumpalo::collections::String as ArenaString;

use super::cursor::Cursor;
use super::syntax_error::{SyntaxError, SyntaxErrorKind};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Sets the high bit of each byte of `word` that is a quote, a backslash or a control character.
///
/// Only the lowest set bit is reliable: bytes above it may be marked by mistake, because a subtraction borrows from
/// the byte above. Callers only use the lowest one.
#[inline]
const fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let is_quote = quote.wrapping_sub(ONES) & !quote;
    let is_backslash = backslash.wrapping_sub(ONES) & !backslash;
    let is_control = word.wrapping_sub(ONES * 0x20) & !word;
    (is_quote | is_backslash | is_control) & HIGHS
}

/// Returns the position of the first quote, backslash or control character from `at` on.
#[inline]
fn find_special(text: &[u8], mut at: usize) -> Option<usize> {
    while let Some(&word) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let marks = special(u64::from_le_bytes(word));
        if marks != 0 {
            return Some(at + marks.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = text.get(at..)?;
    rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20).map(|found| at + found)
}

impl<'a> Cursor<'a> {
    /// Reads a string that has exactly `BYTES` bytes, and parses them with `parse`. If there is no such string, or
    /// `parse` returns `None`, the cursor does not move.
    ///
    /// The string is not searched for its end or for escapes. So `parse` must return `None` for every quote,
    /// backslash and control character, as the parsers of ids do.
    #[inline]
    pub(crate) fn short_string<T, const BYTES: usize>(
        &mut self,
        parse: impl FnOnce(&[u8; BYTES]) -> Option<T>,
    ) -> Option<T> {
        self.peek()?;
        let rest = self.text.as_bytes().get(self.at..)?.strip_prefix(b"\"")?;
        let (text, behind) = rest.split_first_chunk()?;
        if behind.first() != Some(&b'"') {
            return None;
        }
        let parsed = parse(text)?;
        self.at += BYTES + 2;
        Some(parsed)
    }

    /// Reads a string. `what` describes the expected value for the error if there is no string.
    #[inline]
    pub(crate) fn string(&mut self, what: &'static str) -> Result<&'a str, SyntaxError> {
        self.expect(b'"', what)?;
        let from = self.at;
        let Some(found) = find_special(self.text.as_bytes(), from) else {
            return self.unclosed();
        };
        self.at = found;
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(self.slice(from, found));
        }
        self.escaped_string(from)
    }

    #[cold]
    fn unclosed<T>(&mut self) -> Result<T, SyntaxError> {
        self.at = self.text.len();
        self.error(SyntaxErrorKind::EndsEarly)
    }

    /// Reads the rest of a string that begins at `from` and has its first escape at the cursor. The decoded text is
    /// written into the arena, because it differs from the text in the body.
    #[cold]
    fn escaped_string(&mut self, from: usize) -> Result<&'a str, SyntaxError> {
        let mut out = ArenaString::from_str_in(self.slice(from, self.at), self.arena);
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out.into_bump_str());
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return self.error(SyntaxErrorKind::ControlCharacter),
                None => return self.unclosed(),
            }
            let run = self.at;
            let Some(found) = find_special(self.text.as_bytes(), run) else {
                return self.unclosed();
            };
            self.at = found;
            out.push_str(self.slice(run, found));
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let begin = self.at;
        self.at += 1;
        let Some(kind) = self.byte() else {
            return self.unclosed();
        };
        self.at += 1;
        let plain = match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(begin),
            _ => {
                return Err(SyntaxError { at: begin, kind: SyntaxErrorKind::BadEscape });
            }
        };
        Ok(plain)
    }

    /// Reads the code unit after `\u`, or two of them that are a surrogate pair. `begin` is the position of the
    /// escape, for errors.
    fn unicode_escape(&mut self, begin: usize) -> Result<char, SyntaxError> {
        let first = self.code_unit()?;
        if let Some(plain) = char::from_u32(first) {
            return Ok(plain);
        }
        let behind_first = self.at;
        let follows = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u"));
        if first < 0xdc00 && follows {
            self.at += 2;
            let second = self.code_unit()?;
            if (0xdc00..0xe000).contains(&second) {
                let pair = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(pair).expect("every surrogate pair is a character"));
            }
        }
        let Some(repaired) = &mut self.repaired else {
            return Err(SyntaxError { at: begin, kind: SyntaxErrorKind::LoneSurrogate });
        };
        // The cursor returns to the end of the first half, because what follows may be a character by itself.
        *repaired += 1;
        self.at = behind_first;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn code_unit(&mut self) -> Result<u32, SyntaxError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                let kind = if self.byte().is_some() {
                    SyntaxErrorKind::BadEscape
                } else {
                    SyntaxErrorKind::EndsEarly
                };
                return self.error(kind);
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}
