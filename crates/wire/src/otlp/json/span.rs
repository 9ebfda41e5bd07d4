//! Decodes a span, its events and its links.

use bumpalo::collections::Vec as ArenaVec;
use span::{Event, Link};

use super::super::decode_error::DecodeError;
use super::super::items::LINK_ITEMS;
use super::super::span_draft::{SpanDraft, empty_event, empty_link, event_time, link_with_ids};
use super::reader::JsonReader;

/// The names of the kinds, in the order of their numbers.
const KINDS: [&str; 6] = [
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER",
];
/// The names of the codes of a status, in the order of their numbers.
const STATUS_CODES: [&str; 3] = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

impl<'a> JsonReader<'_, 'a> {
    pub(super) fn span(&mut self) -> Result<SpanDraft<'a>, DecodeError> {
        let mut draft = SpanDraft::default();
        let mut lost_links = 0;
        self.message(|json, key| {
            match key {
                "traceId" | "trace_id" => draft.trace_id = json.trace_id()?,
                "spanId" | "span_id" => draft.span_id = json.span_id()?,
                "parentSpanId" | "parent_span_id" => draft.parent_span_id = json.span_id()?,
                "traceState" | "trace_state" => draft.extras.trace_state = json.text()?,
                "name" => draft.name = json.text()?,
                "kind" => draft.kind = json.enumeration(&KINDS)?,
                "startTimeUnixNano" | "start_time_unix_nano" => draft.start = json.uint64()?,
                "endTimeUnixNano" | "end_time_unix_nano" => draft.end = json.uint64()?,
                "attributes" => draft.attributes = json.attributes(0)?,
                "events" => draft.extras.events = json.events()?,
                "links" => (draft.extras.links, lost_links) = json.links()?,
                "status" => json.status(&mut draft)?,
                "flags" => draft.flags = json.uint32()?,
                _ => json.dropped_count(key, &mut draft)?,
            }
            Ok(())
        })?;
        self.decoder.repairs.lost_links += u64::from(lost_links);
        draft.extras.dropped_links = draft.extras.dropped_links.saturating_add(lost_links);
        Ok(draft)
    }

    /// Reads the field with this key if it counts what the sender dropped. Else skips it as an unknown field.
    fn dropped_count(&mut self, key: &str, draft: &mut SpanDraft<'a>) -> Result<(), DecodeError> {
        let count = match key {
            "droppedAttributesCount" | "dropped_attributes_count" => &mut draft.extras.dropped_attributes,
            "droppedEventsCount" | "dropped_events_count" => &mut draft.extras.dropped_events,
            "droppedLinksCount" | "dropped_links_count" => &mut draft.extras.dropped_links,
            _ => return self.unknown(),
        };
        *count = self.uint32()?;
        Ok(())
    }

    fn status(&mut self, draft: &mut SpanDraft<'a>) -> Result<(), DecodeError> {
        self.message(|json, key| {
            match key {
                "message" => draft.extras.status_message = json.text()?,
                "code" => draft.status_code = json.enumeration(&STATUS_CODES)?,
                _ => json.unknown()?,
            }
            Ok(())
        })
    }

    fn events(&mut self) -> Result<&'a [Event<'a>], DecodeError> {
        let mut events = ArenaVec::new_in(self.decoder.arena);
        self.list(|json| {
            json.decoder.charge(1)?;
            events.push(json.event()?);
            Ok(())
        })?;
        Ok(events.into_bump_slice())
    }

    fn event(&mut self) -> Result<Event<'a>, DecodeError> {
        let mut event = empty_event();
        self.message(|json, key| {
            match key {
                "timeUnixNano" | "time_unix_nano" => event.time = event_time(json.uint64()?),
                "name" => event.name = json.text()?,
                "attributes" => event.attributes = json.attributes(0)?,
                "droppedAttributesCount" | "dropped_attributes_count" => {
                    event.dropped_attributes = json.uint32()?;
                }
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        Ok(event)
    }

    /// Reads links. Also returns how many were left out because their ids have a wrong length.
    fn links(&mut self) -> Result<(&'a [Link<'a>], u32), DecodeError> {
        let mut links = ArenaVec::new_in(self.decoder.arena);
        let mut lost = 0;
        self.list(|json| {
            json.decoder.charge(LINK_ITEMS)?;
            match json.link()? {
                Some(link) => links.push(link),
                None => lost += 1,
            }
            Ok(())
        })?;
        Ok((links.into_bump_slice(), lost))
    }

    fn link(&mut self) -> Result<Option<Link<'a>>, DecodeError> {
        let mut link = empty_link();
        let (mut trace_id, mut span_id) = (&[][..], &[][..]);
        self.message(|json, key| {
            match key {
                "traceId" | "trace_id" => trace_id = json.id()?,
                "spanId" | "span_id" => span_id = json.id()?,
                "traceState" | "trace_state" => link.trace_state = json.text()?,
                "attributes" => link.attributes = json.attributes(0)?,
                "droppedAttributesCount" | "dropped_attributes_count" => {
                    link.dropped_attributes = json.uint32()?;
                }
                "flags" => link.flags = json.uint32()?,
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        Ok(link_with_ids(trace_id, span_id, link))
    }
}
