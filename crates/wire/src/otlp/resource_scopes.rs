//! Resources and scopes that come again within a request.
//!
//! A collector that makes one request of many repeats the resource of each sender, up to once for each span. What is
//! written in the same bytes is read once, and is one resource scope in the log.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;
use span::{Resource, ResourceScope};

use super::draft::{Owner, service_of};
use super::rejected::Reason;
use super::work::{Stop, Work};

/// What a resource costs beside its attributes, in items: its entry here.
pub(super) const RESOURCE_ITEMS: usize = 4;
/// The same of a resource with a scope: the resource scope itself, its entry here, and its number where spans are written.
pub(super) const ORIGIN_ITEMS: usize = 8;
/// Of a resource, with each of its scopes: the log has it once for each. About what an item is in memory.
const ITEM_BYTES: usize = 64;

/// A message and the schema URL beside it, as they stand in the body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Written<'a> {
    pub(super) message: &'a [u8],
    pub(super) schema_url: &'a [u8],
}

/// A resource that has been read.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownResource<'a> {
    pub(super) resource: Resource<'a>,
    /// Why none of its spans would be whole.
    pub(super) flaw: Option<Reason>,
    number: u32,
    /// As it stands in the body.
    bytes: usize,
}

/// Resources have numbers, so that a large one with many scopes is hashed once.
#[derive(Default)]
pub(super) struct ResourceScopes<'a> {
    resources: Known<Written<'a>, KnownResource<'a>>,
    owners: Known<(u32, Written<'a>), Owner<'a>>,
}

/// What has been read, by the bytes that it was read from. The newest is compared, not hashed: most requests have no
/// other, and make no table.
struct Known<K, V> {
    newest: Option<(K, V)>,
    /// Keyed by a random number of this process, because the bytes are a stranger's.
    others: HashMap<K, V, RandomState>,
}

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self { newest: None, others: HashMap::default() }
    }
}

impl<K: Eq + Hash, V: Copy> Known<K, V> {
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

impl<'a> Work<'a> {
    pub(super) fn known_resource(&self, written: Written<'a>) -> Option<KnownResource<'a>> {
        self.resource_scopes.resources.get(&written)
    }

    pub(super) fn keep_resource(
        &mut self,
        written: Written<'a>,
        (resource, flaw): (Resource<'a>, Option<Reason>),
    ) -> Result<KnownResource<'a>, Stop> {
        self.charge(RESOURCE_ITEMS)?;
        let number = u32::try_from(self.resource_scopes.resources.len()).expect("the charge allows fewer");
        let known = KnownResource { resource, flaw, number, bytes: written.message.len() };
        self.resource_scopes.resources.insert(written, known);
        Ok(known)
    }

    pub(super) fn known_owner(&self, resource: &KnownResource<'a>, scope: Written<'a>) -> Option<Owner<'a>> {
        self.resource_scopes.owners.get(&(resource.number, scope))
    }

    pub(super) fn keep_owner(
        &mut self,
        resource: &KnownResource<'a>,
        written: Written<'a>,
        (resource_scope, flaw): (ResourceScope<'a>, Option<Reason>),
    ) -> Result<Owner<'a>, Stop> {
        self.charge(resource.bytes / ITEM_BYTES)?;
        let owner = Owner { flaw, ..self.owner(resource_scope)? };
        self.resource_scopes.owners.insert((resource.number, written), owner);
        Ok(owner)
    }

    /// Resource and scope of the spans that follow; nothing where both are empty.
    pub(crate) fn owner(&mut self, resource_scope: ResourceScope<'a>) -> Result<Owner<'a>, Stop> {
        self.charge(ORIGIN_ITEMS)?;
        let kept = (resource_scope != ResourceScope::default()).then(|| &*self.arena.alloc(resource_scope));
        Ok(Owner { service: service_of(&resource_scope), resource_scope: kept, flaw: None })
    }
}
