//! Tags for which a span of ours has a field.

use span::{Attribute, Extras, Status, Value};

use crate::otlp::error_message;

/// The values of tags for which a span of ours has a field. The tags are also stored as attributes, so that nothing
/// is lost.
#[derive(Default, Debug)]
pub(super) struct TagMeanings<'a> {
    pub(super) status: Status,
    pub(super) scope_name: &'a str,
    pub(super) scope_version: &'a str,
    pub(super) extras: Extras<'a>,
}

impl<'a> TagMeanings<'a> {
    /// Finds such values among the tags of a span.
    pub(super) fn of(tags: &[Attribute<'a>]) -> Self {
        let mut meanings = Self::default();
        for tag in tags {
            if let Some(message) = error_message(tag) {
                meanings.status = Status::Error;
                if meanings.extras.status_message.is_empty() {
                    meanings.extras.status_message = message;
                }
            }
            if let Value::Text(text) = tag.value {
                meanings.add(tag.key, text);
            }
        }
        meanings
    }

    fn add(&mut self, key: &str, text: &'a str) {
        match key {
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
