//! The resources and scopes of a request that are known already.
//!
//! A collector that makes one request of many repeats the resource of each sender, up to once for each span. A
//! resource or a scope that comes again in the same bytes is not read again, and is one resource scope in the log.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;
use span::Resource;

use super::rejected::Reason;
use super::span_source::SpanSource;

/// A resource or a scope as it stands in the body: its message, and the schema URL beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct EncodedPart<'a> {
    pub(super) message: &'a [u8],
    pub(super) schema_url: &'a [u8],
}

/// A resource that has been read.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownResource<'a> {
    pub(super) resource: Resource<'a>,
    /// Why none of its spans can be taken.
    pub(super) flaw: Option<Reason>,
    number: u32,
    /// How long its message is in the body.
    pub(super) bytes: usize,
}

/// The resources of a request, and the sources that they make with their scopes.
#[derive(Default)]
pub(super) struct ResourceScopes<'a> {
    resources: KnownParts<EncodedPart<'a>, KnownResource<'a>>,
    /// By the number of the resource, so that a large resource with many scopes is hashed once, and by the scope.
    sources: KnownParts<(u32, EncodedPart<'a>), SpanSource<'a>>,
}

/// What has been read, by the bytes that it was read from. The newest is compared before a hash is made, because most
/// requests have no other: then there is no table.
struct KnownParts<K, V> {
    newest: Option<(K, V)>,
    /// Hashed with a random number of this process: a stranger chose the bytes, and could make them collide.
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
        let number = u32::try_from(self.resources.len()).expect("a request has room for fewer resources");
        let known = KnownResource { resource, flaw, number, bytes: encoded.message.len() };
        self.resources.insert(encoded, known);
        known
    }

    /// The source that `resource` makes with a scope.
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
