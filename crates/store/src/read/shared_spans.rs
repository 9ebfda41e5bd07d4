//! Shared spans: client and server reported one call under one span id.
//!
//! A Zipkin server continues with the client's span id, and translators keep the id. In an answer every span has an
//! id of its own: the server's half gets an id that is derived from the shared one, and becomes the child of the
//! client's half. This happens when a trace is read, so that the answer depends neither on the order of the spans nor
//! on their batches.

use hashbrown::{HashMap, HashSet};
use span::{Kind, SpanId};

/// The fields of a span that tell whether it is a half.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) ids: Ids,
    pub(super) kind: Kind,
    pub(super) service: &'a str,
}

/// The id of a span and of its parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ids {
    pub(super) id: SpanId,
    pub(super) parent: Option<SpanId>,
}

/// Whether an id occurs twice. Mostly none does, and then no span is renamed.
pub(super) fn has_duplicate_ids(mut ids: Vec<SpanId>) -> bool {
    ids.sort_unstable();
    ids.windows(2).any(|pair| pair[0] == pair[1])
}

/// Returns the new ids of the renamed spans, by their index in `members`. Spans that the server's service created
/// below the shared id become children of the server's half.
pub(super) fn renamed(members: &[Member<'_>]) -> HashMap<usize, Ids> {
    let of_kind = |kind| members.iter().filter(move |member| member.kind == kind);
    let clients: HashSet<SpanId> = of_kind(Kind::CLIENT).map(|member| member.ids.id).collect();
    let halves = of_kind(Kind::SERVER).filter(|member| clients.contains(&member.ids.id));
    let servers: HashMap<SpanId, &str> = halves.map(|member| (member.ids.id, member.service)).collect();
    let rename = |member: &Member<'_>| {
        let Ids { id, parent } = member.ids;
        if member.kind == Kind::SERVER && servers.contains_key(&id) {
            return Some(Ids { id: id.of_server_half(), parent: Some(id) });
        }
        let above = parent.filter(|parent| servers.get(parent) == Some(&member.service))?;
        Some(Ids { id, parent: Some(above.of_server_half()) })
    };
    members.iter().enumerate().filter_map(|(place, member)| Some((place, rename(member)?))).collect()
}
