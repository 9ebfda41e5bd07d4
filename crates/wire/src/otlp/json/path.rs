//! Where in a body something stands, for what its sender is told.

use std::fmt;

/// Limit: characters of a name. Ours are shorter; a stranger's may be as long as a body.
const NAME_CHARS_MAX: usize = 40;

#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

#[derive(Default, Debug)]
pub(super) struct Path<'a>(Vec<Step<'a>>);

impl<'a> Path<'a> {
    /// One step deeper, into the first of what is there.
    pub(super) fn enter(&mut self, step: Step<'a>) {
        self.0.push(step);
    }

    /// Beside the step that was the last one.
    pub(super) fn go_on(&mut self, step: Step<'a>) {
        if let Some(last) = self.0.last_mut() {
            *last = step;
        }
    }

    pub(super) fn leave(&mut self) {
        self.0.pop();
    }
}

/// Such as `resourceSpans[0].scopeSpans[0].spans[3].name`.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for step in &self.0 {
            match step {
                Step::Field(name) => {
                    f.write_str(separator)?;
                    name.chars()
                        .take(NAME_CHARS_MAX)
                        .try_for_each(|char| write!(f, "{}", char.escape_debug()))?;
                }
                Step::Item(number) => write!(f, "[{number}]")?,
            }
            separator = ".";
        }
        Ok(())
    }
}
