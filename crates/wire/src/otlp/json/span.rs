//! A span, its events and its links.

use bumpalo::collections::Vec as ArenaVec;
use span::{Event, Link};

use super::super::draft::{self, Draft};
use super::super::work::{LINK_ITEMS, Stop};
use super::request::Json;

/// Kinds by the names that protobuf gives them, in the order of their numbers.
const KINDS: [&str; 6] = [
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER",
];
const STATUS_CODES: [&str; 3] = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

impl<'a> Json<'_, 'a> {
    pub(super) fn span(&mut self) -> Result<Draft<'a>, Stop> {
        let mut draft = Draft::default();
        let mut lost_links = 0;
        self.message(|json, key| {
            match key {
                "traceId" | "trace_id" => draft.trace_id = json.id()?,
                "spanId" | "span_id" => draft.span_id = json.id()?,
                "parentSpanId" | "parent_span_id" => draft.parent_span_id = json.id()?,
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
                _ => json.dropped(key, &mut draft)?,
            }
            Ok(())
        })?;
        self.work.oddities.lost_links += u64::from(lost_links);
        draft.extras.dropped_links = draft.extras.dropped_links.saturating_add(lost_links);
        Ok(draft)
    }

    fn dropped(&mut self, key: &str, draft: &mut Draft<'a>) -> Result<(), Stop> {
        let count = match key {
            "droppedAttributesCount" | "dropped_attributes_count" => &mut draft.extras.dropped_attributes,
            "droppedEventsCount" | "dropped_events_count" => &mut draft.extras.dropped_events,
            "droppedLinksCount" | "dropped_links_count" => &mut draft.extras.dropped_links,
            _ => return self.unknown(),
        };
        *count = self.uint32()?;
        Ok(())
    }

    fn status(&mut self, draft: &mut Draft<'a>) -> Result<(), Stop> {
        self.message(|json, key| {
            match key {
                "message" => draft.extras.status_message = json.text()?,
                "code" => draft.status_code = json.enumeration(&STATUS_CODES)?,
                _ => json.unknown()?,
            }
            Ok(())
        })
    }

    fn events(&mut self) -> Result<&'a [Event<'a>], Stop> {
        let mut events = ArenaVec::new_in(self.work.arena);
        self.list(|json| {
            json.work.charge(1)?;
            events.push(json.event()?);
            Ok(())
        })?;
        Ok(events.into_bump_slice())
    }

    fn event(&mut self) -> Result<Event<'a>, Stop> {
        let mut event = draft::empty_event();
        self.message(|json, key| {
            match key {
                "timeUnixNano" | "time_unix_nano" => event.time = draft::event_time(json.uint64()?),
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

    /// The links, and how many there were whose ids are none.
    fn links(&mut self) -> Result<(&'a [Link<'a>], u32), Stop> {
        let mut links = ArenaVec::new_in(self.work.arena);
        let mut lost = 0;
        self.list(|json| {
            json.work.charge(LINK_ITEMS)?;
            match json.link()? {
                Some(link) => links.push(link),
                None => lost += 1,
            }
            Ok(())
        })?;
        Ok((links.into_bump_slice(), lost))
    }

    fn link(&mut self) -> Result<Option<Link<'a>>, Stop> {
        let mut link = draft::empty_link();
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
        Ok(draft::link(trace_id, span_id, link))
    }
}
