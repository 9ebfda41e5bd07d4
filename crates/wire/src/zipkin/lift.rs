//! Tags that say what the model has a place for. They stay tags too, so that nothing is lost.

use span::{Attribute, Status, Value};

use super::span::Draft;

impl<'a> Draft<'a> {
    /// Looks through the tags.
    pub(super) fn lift(&mut self, tags: &[Attribute<'a>]) {
        for tag in tags {
            if let Value::Text(text) = tag.value {
                self.lift_one(tag.key, text);
            }
        }
    }

    fn lift_one(&mut self, key: &str, text: &'a str) {
        match key {
            // Its presence is what counts; some senders write down that there was none.
            "error" if text != "false" => {
                self.status = Status::Error;
                if !matches!(text, "" | "true") && self.extras.status_message.is_empty() {
                    self.extras.status_message = text;
                }
            }
            "otel.status_code" => match text {
                "ERROR" => self.status = Status::Error,
                "OK" => self.status = Status::Ok,
                _ => {}
            },
            "otel.status_description" => self.extras.status_message = text,
            "otel.scope.name" => self.scope_name = text,
            "otel.scope.version" => self.scope_version = text,
            "otel.library.name" if self.scope_name.is_empty() => self.scope_name = text,
            "otel.library.version" if self.scope_version.is_empty() => self.scope_version = text,
            "w3c.tracestate" => self.extras.trace_state = text,
            "otel.dropped_attributes_count" => self.extras.dropped_attributes = text.parse().unwrap_or(0),
            "otel.dropped_events_count" => self.extras.dropped_events = text.parse().unwrap_or(0),
            "otel.dropped_links_count" => self.extras.dropped_links = text.parse().unwrap_or(0),
            _ => {}
        }
    }
}
