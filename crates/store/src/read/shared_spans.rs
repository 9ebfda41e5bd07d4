//! Shared spans: several reporters reported spans under one span id.
//!
//! A Zipkin server continues with the client's span id, and so does every server that one call reaches; translators
//! keep the ids. In an answer every span has an id of its own: one span keeps the shared id, the caller's if there is
//! one, and the others get ids that are derived from it. Servers and consumers become children of the caller. This
//! happens when a trace is read, so that the answer depends neither on the order of the spans nor on their batches.

use std::hash::Hash;

use hashbrown::HashMap;
use span::{Reporter, SpanId};

/// The fields of a span that tell it apart from others with its id.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) ids: Ids,
    pub(super) reporter: Reporter,
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

/// Returns the new ids of the renamed spans, by their index in `members`. Spans that a server's service created below
/// the shared id become children of the server's span.
pub(super) fn renamed(members: &[Member<'_>]) -> HashMap<usize, Ids> {
    let shared = SharedIds::of(members);
    let renamed = members.iter().enumerate().map(|(place, member)| (place, shared.ids_of(member)));
    renamed.filter(|(place, ids)| *ids != members[*place].ids).collect()
}

/// The ids that several spans have.
struct SharedIds<'a> {
    /// The span that keeps the id.
    keepers: HashMap<SpanId, Reporter>,
    /// The server or consumer with the id, by sender.
    by_sender: HashMap<(SpanId, u64), Reporter>,
    /// The first of them by service, for a child that does not name its instance.
    by_service: HashMap<(SpanId, &'a str), Reporter>,
}

impl<'a> SharedIds<'a> {
    fn of(members: &[Member<'a>]) -> Self {
        let mut ids: Vec<SpanId> = members.iter().map(|member| member.ids.id).collect();
        ids.sort_unstable();
        ids = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        let is_shared = |member: &&Member<'a>| ids.binary_search(&member.ids.id).is_ok();
        let mut shared =
            Self { keepers: HashMap::new(), by_sender: HashMap::new(), by_service: HashMap::new() };
        for Member { ids, reporter, service } in members.iter().filter(is_shared) {
            keep_first(&mut shared.keepers, ids.id, *reporter);
            if reporter.is_callee() {
                keep_first(&mut shared.by_sender, (ids.id, reporter.sender()), *reporter);
                keep_first(&mut shared.by_service, (ids.id, service), *reporter);
            }
        }
        shared
    }

    fn ids_of(&self, member: &Member<'a>) -> Ids {
        let Ids { id, parent } = member.ids;
        let keeper = self.keepers.get(&id).copied().unwrap_or(member.reporter);
        let new_id = self.id_of(id, member.reporter);
        if member.reporter.is_callee() && keeper.is_caller() {
            return Ids { id: new_id, parent: Some(id) };
        }
        let above = |parent: SpanId| {
            let by_sender = self.by_sender.get(&(parent, member.reporter.sender()));
            let callee = by_sender.or_else(|| self.by_service.get(&(parent, member.service)));
            let above = callee.map_or(parent, |callee| self.id_of(parent, *callee));
            // Some senders write a span's own id as that of its parent.
            if above == new_id { parent } else { above }
        };
        Ids { id: new_id, parent: parent.map(above) }
    }

    /// Returns the id that the span of this id and reporter has in the answer.
    fn id_of(&self, id: SpanId, reporter: Reporter) -> SpanId {
        let is_renamed = self.keepers.get(&id).is_some_and(|keeper| *keeper != reporter);
        if is_renamed { reporter.id_of_copy(id) } else { id }
    }
}

fn keep_first<K: Eq + Hash>(known: &mut HashMap<K, Reporter>, key: K, reporter: Reporter) {
    known.entry(key).and_modify(|known| *known = reporter.min(*known)).or_insert(reporter);
}
