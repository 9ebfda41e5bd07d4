//! The two halves of a call that came under one id.
//!
//! Zipkin's clients let the server go on with the client's id, and what translates their spans keeps it. In an answer
//! every span has an id of its own: the server's half gets one that is made of the id, and is the child of the
//! client's. It is done when a trace is read, so that it depends neither on the order nor on the batching in which the
//! spans came.

use hashbrown::{HashMap, HashSet};
use span::{Kind, SpanId};

/// What is needed of a span.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) ids: Ids,
    pub(super) kind: Kind,
    pub(super) service: &'a str,
}

/// What a span is called by, and what it hangs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ids {
    pub(super) id: SpanId,
    pub(super) parent: Option<SpanId>,
}

/// Whether one of these ids is there twice. Mostly none is, and there is nothing more to do.
pub(super) fn has_twins(mut ids: Vec<SpanId>) -> bool {
    ids.sort_unstable();
    ids.windows(2).any(|pair| pair[0] == pair[1])
}

/// By place, the ids of those spans that are called otherwise than they came. What the server did meanwhile is told by
/// its service, and becomes the child of its half.
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
