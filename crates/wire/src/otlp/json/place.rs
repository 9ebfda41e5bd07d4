//! The place in a request that a sender is told.

use std::fmt;

/// Limit: characters of a name. Ours are shorter; a stranger's may be as long as a body.
const NAME_CHARS_MAX: usize = 40;

/// A step from a value to one inside of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum PlaceStep<'a> {
    Field(&'a str),
    Item(usize),
}

/// Where in a request a value is: the steps that lead to it from the outside.
#[derive(Default, Debug)]
pub(super) struct Place<'a>(Vec<PlaceStep<'a>>);

impl<'a> Place<'a> {
    /// Goes into the value that is here.
    pub(super) fn enter(&mut self, step: PlaceStep<'a>) {
        self.0.push(step);
    }

    /// Goes to another value in the same object or array.
    pub(super) fn move_to(&mut self, step: PlaceStep<'a>) {
        if let Some(last) = self.0.last_mut() {
            *last = step;
        }
    }

    /// Goes back to the object or array around this value.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }
}

/// Writes a place such as `resourceSpans[0].scopeSpans[0].spans[3].name`.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for step in &self.0 {
            match step {
                PlaceStep::Field(name) => {
                    f.write_str(separator)?;
                    name.chars()
                        .take(NAME_CHARS_MAX)
                        .try_for_each(|char| write!(f, "{}", char.escape_debug()))?;
                }
                PlaceStep::Item(number) => write!(f, "[{number}]")?,
            }
            separator = ".";
        }
        Ok(())
    }
}
