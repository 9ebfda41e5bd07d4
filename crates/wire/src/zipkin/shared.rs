//! Zipkin lets the two sides of a call be one span: the server takes over the client's id. Here they are two, and the
//! server's is a child of the client's.

use std::collections::{HashMap, HashSet};

use span::{Kind, TraceId};

use super::span::Draft;

/// What the id of the server's half is made with: the same each time, so that a span that comes again is found,
/// and far from ids that count up from one.
const SERVER_HALF: u64 = 0x5a1b_9d3c_7e24_f086;

/// A span, told by its trace and its id.
type Place = (TraceId, u64);

const fn server_half(id: u64) -> u64 {
    match id ^ SERVER_HALF {
        0 => SERVER_HALF,
        half => half,
    }
}

/// Gives the server's halves ids of their own. What the server did meanwhile becomes their child; that is known by
/// the service, and only of spans that come in the same body.
pub(super) fn part(drafts: &mut [Draft<'_>]) {
    let is_server = |draft: &Draft<'_>| draft.kind == Kind::SERVER;
    let clients: HashSet<Place> =
        drafts.iter().filter(|draft| draft.kind == Kind::CLIENT).map(Draft::place).collect();
    let mut halves: HashMap<Place, &str> = HashMap::new();
    for draft in drafts.iter_mut().filter(|draft| is_server(draft)) {
        if draft.is_shared || clients.contains(&draft.place()) {
            halves.insert(draft.place(), draft.service);
            draft.parent_id = Some(draft.id);
            draft.id = server_half(draft.id);
        }
    }
    if halves.is_empty() {
        return;
    }
    for draft in drafts {
        let Some(parent) = draft.parent_id.filter(|&parent| server_half(parent) != draft.id) else {
            continue;
        };
        if halves.get(&(draft.trace_id, parent)) == Some(&draft.service) {
            draft.parent_id = Some(server_half(parent));
        }
    }
}
