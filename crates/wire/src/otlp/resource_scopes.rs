//! The resources and scopes of a request that were decoded already.
//!
//! A collector that joins many requests repeats the resource of each sender, up to once for each span. A resource or
//! a scope whose bytes are equal to earlier ones is not decoded again, and is stored once in the log.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;
use span::Resource;

use super::rejected::Reason;
use super::span_source::SpanSource;

/// A resource or a scope as bytes of the body: its message, and the schema URL that belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct EncodedPart<'a> {
    pub(super) message: &'a [u8],
    pub(super) schema_url: &'a [u8],
}

/// A decoded resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownResource<'a> {
    pub(super) resource: Resource<'a>,
    /// Why all its spans must be rejected, if they must.
    pub(super) flaw: Option<Reason>,
    number: u32,
    /// How many bytes its message has in the body.
    pub(super) bytes: usize,
}

/// The decoded resources of a request, and the sources: their pairs with scopes.
#[derive(Default)]
pub(super) struct ResourceScopes<'a> {
    resources: KnownParts<EncodedPart<'a>, KnownResource<'a>>,
    /// The sources by number of the resource and by scope. The number stands for the resource, so that a large
    /// resource with many scopes is hashed only once.
    sources: KnownParts<(u32, EncodedPart<'a>), SpanSource<'a>>,
}

/// Decoded parts, by the bytes that they were decoded from. The newest part is compared directly. Most requests have
/// only one part, and then nothing is hashed.
struct KnownParts<K, V> {
    newest: Option<(K, V)>,
    /// All parts but the newest. The hash has a random key, because clients choose the bytes and could make them
    /// collide.
    others: HashMap<K, V, RandomState>,
}

impl<K, V> Default for KnownParts<K, V> {
    fn default() -> Self {
        Self { newest: None, others: HashMap::default() }
    }
}

impl<K: Eq + Hash, V: Copy> KnownParts<K, V> {
    fn len(&self) -> usize {
        self.others.len() + usize::from(self.newest.is_some())
    }

    fn get(&self, key: &K) -> Option<V> {
        match &self.newest {
            Some((newest, value)) if newest == key => Some(*value),
            Some(_) if !self.others.is_empty() => self.others.get(key).copied(),
            Some(_) | None => None,
        }
    }

    fn insert(&mut self, key: K, value: V) {
        if let Some((key, value)) = self.newest.replace((key, value)) {
            self.others.insert(key, value);
        }
    }
}

impl<'a> ResourceScopes<'a> {
    pub(super) fn find_resource(&self, encoded: EncodedPart<'a>) -> Option<KnownResource<'a>> {
        self.resources.get(&encoded)
    }

    pub(super) fn insert_resource(
        &mut self,
        encoded: EncodedPart<'a>,
        resource: Resource<'a>,
        flaw: Option<Reason>,
    ) -> KnownResource<'a> {
        let number =
            u32::try_from(self.resources.len()).expect("ITEMS_MAX bounds the resources of a request");
        let known = KnownResource { resource, flaw, number, bytes: encoded.message.len() };
        self.resources.insert(encoded, known);
        known
    }

    /// Returns the source of this resource and scope, if it is known.
    pub(super) fn find_source(
        &self,
        resource: &KnownResource<'a>,
        scope: EncodedPart<'a>,
    ) -> Option<SpanSource<'a>> {
        self.sources.get(&(resource.number, scope))
    }

    pub(super) fn insert_source(
        &mut self,
        resource: &KnownResource<'a>,
        scope: EncodedPart<'a>,
        source: SpanSource<'a>,
    ) {
        self.sources.insert((resource.number, scope), source);
    }
}
