//! What is wrong with a text, and where.

use std::fmt;

/// Small and without text of its own: made on every path, printed on few.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    /// Bytes before the place.
    pub(crate) at: usize,
    pub(crate) reason: Reason,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reason {
    Expected(&'static str),
    EndsEarly,
    NotANumber,
    NotAnInteger,
    IntegerTooLarge,
    ControlCharacter,
    BadEscape,
    LoneSurrogate,
    TooDeep,
    /// A rule of the contract.
    Rule(&'static str),
}

impl Fault {
    /// A rule of the contract is broken: its place is named by the field, not by the byte.
    pub(crate) const fn rule(rule: &'static str) -> Self {
        Self { at: 0, reason: Reason::Rule(rule) }
    }
}

impl Fault {
    /// Whether a rule is broken, not the form of JSON.
    pub(crate) const fn is_rule(&self) -> bool {
        matches!(self.reason, Reason::Rule(_))
    }

    /// Names the contract's rule where something else than `expected` stands; any other fault stays.
    #[cold]
    pub(crate) fn or_rule(self, expected: &'static str, rule: &'static str) -> Self {
        if self.reason == Reason::Expected(expected) { Self::rule(rule) } else { self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Rule(rule) => return f.write_str(rule),
            Reason::Expected(what) => write!(f, "expected {what}"),
            Reason::EndsEarly => f.write_str("the JSON ends too early"),
            Reason::NotANumber => f.write_str("not a JSON number"),
            Reason::NotAnInteger => f.write_str("must be an integer, without fraction or exponent"),
            Reason::IntegerTooLarge => f.write_str("must fit in a signed 64-bit integer"),
            Reason::ControlCharacter => f.write_str("a control character in a string must be escaped"),
            Reason::BadEscape => f.write_str("not an escape sequence of JSON"),
            Reason::LoneSurrogate => f.write_str("half a surrogate pair is not a character"),
            Reason::TooDeep => f.write_str("nested too deep"),
        }?;
        write!(f, " (at byte {})", self.at)
    }
}
