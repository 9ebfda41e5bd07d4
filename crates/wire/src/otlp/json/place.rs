//! The place of a value in a request, for messages to the sender.

use std::fmt;

/// Limit: characters of a key that are displayed. OpenTelemetry's keys are shorter; an unknown one may be as long as
/// a body.
const NAME_CHARS_MAX: usize = 40;

/// A step from an object or an array to a value in it.
#[derive(Clone, Copy, Debug)]
pub(super) enum PlaceStep<'a> {
    Field(&'a str),
    Item(usize),
}

/// The place of a value: the steps from the outermost object to it.
#[derive(Default, Debug)]
pub(super) struct Place<'a>(Vec<PlaceStep<'a>>);

impl<'a> Place<'a> {
    /// Moves from the current object or array to a value in it.
    pub(super) fn enter(&mut self, step: PlaceStep<'a>) {
        self.0.push(step);
    }

    /// Moves to another value in the same object or array.
    pub(super) fn move_to(&mut self, step: PlaceStep<'a>) {
        if let Some(last) = self.0.last_mut() {
            *last = step;
        }
    }

    /// Moves back to the object or array around the current value.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }
}

/// Displays a place such as `resourceSpans[0].scopeSpans[0].spans[3].name`.
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
