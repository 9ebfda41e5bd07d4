//! Decodes a span, its events and its links.

use span::{Event, Link};

use super::super::decode_error::DecodeError;
use super::super::items::LINK_ITEMS;
use super::super::request_decoder::RequestDecoder;
use super::super::schema::{self, event, link, status};
use super::super::span_draft::{SpanDraft, empty_event, empty_link, event_time, link_with_ids};
use super::messages::RepeatedField;
use crate::protobuf::Fields;

/// How many attributes, events and links a span has.
#[derive(Clone, Copy, Default)]
struct Counts {
    attributes: usize,
    events: usize,
    links: usize,
}

impl<'a> RequestDecoder<'a> {
    #[inline]
    pub(super) fn span(&mut self, message: &'a [u8]) -> Result<SpanDraft<'a>, DecodeError> {
        let mut draft = SpanDraft::default();
        let mut counts = Counts::default();
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                schema::span::TRACE_ID => draft.trace_id = fields.bytes()?,
                schema::span::SPAN_ID => draft.span_id = fields.bytes()?,
                schema::span::PARENT_SPAN_ID => draft.parent_span_id = fields.bytes()?,
                schema::span::NAME => draft.name = self.text(fields.bytes()?)?,
                schema::span::KIND => draft.kind = fields.enumeration()?,
                schema::span::START => draft.start = fields.fixed64()?,
                schema::span::END => draft.end = fields.fixed64()?,
                schema::span::ATTRIBUTES => {
                    fields.bytes()?;
                    counts.attributes += 1;
                }
                schema::span::EVENTS => {
                    fields.bytes()?;
                    counts.events += 1;
                }
                schema::span::LINKS => {
                    fields.bytes()?;
                    counts.links += 1;
                }
                schema::span::STATUS => self.status(fields.bytes()?, &mut draft)?,
                schema::span::FLAGS => draft.flags = fields.fixed32()?,
                schema::span::TRACE_STATE => draft.extras.trace_state = self.text(fields.bytes()?)?,
                schema::span::DROPPED_ATTRIBUTES => draft.extras.dropped_attributes = fields.uint32()?,
                schema::span::DROPPED_EVENTS => draft.extras.dropped_events = fields.uint32()?,
                schema::span::DROPPED_LINKS => draft.extras.dropped_links = fields.uint32()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        draft.attributes = self
            .attributes(message, RepeatedField { tag: schema::span::ATTRIBUTES, count: counts.attributes })?;
        if counts.events + counts.links > 0 {
            self.events_and_links(message, counts, &mut draft)?;
        }
        Ok(draft)
    }

    fn events_and_links(
        &mut self,
        message: &'a [u8],
        counts: Counts,
        draft: &mut SpanDraft<'a>,
    ) -> Result<(), DecodeError> {
        // Reading a list counts one item for each element. A link is more items, so the difference is counted here.
        self.charge(counts.links * (LINK_ITEMS - 1))?;
        let extras = &mut draft.extras;
        let events = RepeatedField { tag: schema::span::EVENTS, count: counts.events };
        extras.events = self.list(message, events, |decoder, bytes, list| {
            list.push(decoder.event(bytes)?);
            Ok(())
        })?;
        let links = RepeatedField { tag: schema::span::LINKS, count: counts.links };
        extras.links = self.list(message, links, |decoder, bytes, list| {
            list.extend(decoder.link(bytes)?);
            Ok(())
        })?;
        let lost = counts.links - extras.links.len();
        self.repairs.lost_links += lost as u64;
        extras.dropped_links = extras.dropped_links.saturating_add(u32::try_from(lost).unwrap_or(u32::MAX));
        Ok(())
    }

    fn status(&mut self, message: &'a [u8], draft: &mut SpanDraft<'a>) -> Result<(), DecodeError> {
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                status::MESSAGE => draft.extras.status_message = self.text(fields.bytes()?)?,
                status::CODE => draft.status_code = fields.enumeration()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        Ok(())
    }

    fn event(&mut self, message: &'a [u8]) -> Result<Event<'a>, DecodeError> {
        let mut event = empty_event();
        let mut count = 0;
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                event::TIME => event.time = event_time(fields.fixed64()?),
                event::NAME => event.name = self.text(fields.bytes()?)?,
                event::ATTRIBUTES => {
                    fields.bytes()?;
                    count += 1;
                }
                event::DROPPED => event.dropped_attributes = fields.uint32()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        event.attributes = self.attributes(message, RepeatedField { tag: event::ATTRIBUTES, count })?;
        Ok(event)
    }

    fn link(&mut self, message: &'a [u8]) -> Result<Option<Link<'a>>, DecodeError> {
        let mut link = empty_link();
        let (mut trace_id, mut span_id) = (&[][..], &[][..]);
        let mut count = 0;
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                link::TRACE_ID => trace_id = fields.bytes()?,
                link::SPAN_ID => span_id = fields.bytes()?,
                link::TRACE_STATE => link.trace_state = self.text(fields.bytes()?)?,
                link::ATTRIBUTES => {
                    fields.bytes()?;
                    count += 1;
                }
                link::DROPPED => link.dropped_attributes = fields.uint32()?,
                link::FLAGS => link.flags = fields.fixed32()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        link.attributes = self.attributes(message, RepeatedField { tag: link::ATTRIBUTES, count })?;
        Ok(link_with_ids(trace_id, span_id, link))
    }
}
