//! Operations: what many spans have in common, namely service, name, kind, flags and resource scope.
//!
//! Spans name their operation by its number in a table, so that it is written, stored and checked once. Format of an
//! operation: service · name · kind, folded varint · flags varint · number of the resource scope plus one, or 0 for
//! none.

use std::hash::BuildHasher as _;

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use span::{Kind, Reporter, ResourceScope, Span};

use crate::reader::{Malformed, Reader, put_bytes};
use crate::resource_scope::take_resource_scope;
use crate::varint;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operation<'a> {
    pub service: &'a str,
    pub name: &'a str,
    pub kind: Kind,
    pub flags: u32,
    /// The index in the table of resource scopes.
    pub resource_scope: Option<u32>,
}

/// An operation with its resource scope itself instead of the index.
#[derive(Clone, Copy, Debug)]
pub struct NamedOperation<'a> {
    pub service: &'a str,
    pub name: &'a str,
    pub kind: Kind,
    pub flags: u32,
    pub resource_scope: Option<&'a ResourceScope<'a>>,
}

impl<'a> Operation<'a> {
    /// Looks up the resource scope in its table. Fails if the index is not in the table.
    pub fn named(&self, resource_scopes: &'a [ResourceScope<'a>]) -> Result<NamedOperation<'a>, Malformed> {
        let resource_scope = self.resource_scope.map(|number| resource_scopes.get(number as usize));
        let resource_scope = resource_scope.map(|resource_scope| {
            resource_scope.ok_or(Malformed("an operation has an unknown resource scope"))
        });
        Ok(NamedOperation {
            service: self.service,
            name: self.name,
            kind: self.kind,
            flags: self.flags,
            resource_scope: resource_scope.transpose()?,
        })
    }
}

/// Decodes a table of resource scopes. Each item is the bytes of one resource scope.
pub fn read_resource_scopes<'a>(
    resource_scopes: impl IntoIterator<Item = &'a [u8]>,
    arena: &'a Bump,
) -> Result<&'a [ResourceScope<'a>], Malformed> {
    let mut read = ArenaVec::new_in(arena);
    for bytes in resource_scopes {
        read.push(take_resource_scope(&mut Reader::new(bytes), arena)?);
    }
    Ok(read.into_bump_slice())
}

/// Decodes the tables of operations and of resource scopes. Each item is the bytes of one entry. The index of an
/// operation in the result is the number by which records name it.
pub fn read_names<'a>(
    operations: impl IntoIterator<Item = &'a [u8]>,
    resource_scopes: impl IntoIterator<Item = &'a [u8]>,
    arena: &'a Bump,
) -> Result<Vec<NamedOperation<'a>>, Malformed> {
    let resource_scopes = read_resource_scopes(resource_scopes, arena)?;
    operations
        .into_iter()
        .map(|bytes| take_operation(&mut Reader::new(bytes))?.named(resource_scopes))
        .collect()
}

impl NamedOperation<'_> {
    /// Returns the reporter of its spans.
    pub fn reporter(&self) -> Reporter {
        Reporter::of(self.kind, self.service, self.resource_scope.map(ResourceScope::instance))
    }
}

pub fn put_operation(out: &mut Vec<u8>, operation: &Operation<'_>) {
    put_bytes(out, operation.service.as_bytes());
    put_bytes(out, operation.name.as_bytes());
    varint::put(out, varint::fold(operation.kind.0.into()));
    varint::put(out, operation.flags.into());
    varint::put(out, operation.resource_scope.map_or(0, |number| u64::from(number) + 1));
}

pub fn take_operation<'a>(reader: &mut Reader<'a>) -> Result<Operation<'a>, Malformed> {
    let service = reader.take_text()?;
    let name = reader.take_text()?;
    let kind = i32::try_from(varint::unfold(reader.take_varint()?));
    let flags = reader.take_varint_u32()?;
    let resource_scope = reader.take_varint()?.checked_sub(1).map(u32::try_from).transpose();
    Ok(Operation {
        service,
        name,
        kind: kind.map(Kind).map_err(|_| Malformed("the kind of an operation is too large"))?,
        flags,
        resource_scope: resource_scope
            .map_err(|_| Malformed("the number of a resource scope is too large"))?,
    })
}

/// Collects the distinct operations and resource scopes of some spans, and numbers them from 0.
#[derive(Default)]
pub struct Distinct<'a> {
    pub resource_scopes: Vec<&'a ResourceScope<'a>>,
    pub operations: Vec<Operation<'a>>,
    numbers: HashTable<u32>,
    resource_scope_numbers: HashTable<u32>,
    /// Keyed by a random number of this process, because clients choose the names.
    hasher: RandomState,
}

impl<'a> Distinct<'a> {
    /// Returns the number of the span's operation, adding the operation if it is new.
    pub fn number_of(&mut self, span: &Span<'a>) -> u32 {
        let operation = Operation {
            service: span.service,
            name: span.name,
            kind: span.kind,
            flags: span.flags,
            resource_scope: span
                .resource_scope
                .map(|resource_scope| self.resource_scope_number(resource_scope)),
        };
        // The hash covers all fields: a client may use one name with thousands of resource scopes, and operations
        // with equal hashes are compared one by one.
        let hash_of = |one: &Operation<'_>| {
            self.hasher.hash_one((one.service, one.name, one.kind.0, one.flags, one.resource_scope))
        };
        let hash = hash_of(&operation);
        let is_it = |&number: &u32| self.operations.get(number as usize) == Some(&operation);
        if let Some(&number) = self.numbers.find(hash, is_it) {
            return number;
        }
        let number = u32::try_from(self.operations.len()).expect("a request has fewer than 2^32 operations");
        self.operations.push(operation);
        let rehash = |&number: &u32| self.operations.get(number as usize).map_or(0, hash_of);
        self.numbers.insert_unique(hash, number, rehash);
        number
    }

    /// Returns the number of a resource scope, adding it if it is new. Resource scopes are compared by address,
    /// because decoders share one object for many spans. The last one is tried first, because most of these spans
    /// follow one another.
    fn resource_scope_number(&mut self, resource_scope: &'a ResourceScope<'a>) -> u32 {
        let is_it = |known: &&ResourceScope<'_>| std::ptr::eq(*known, resource_scope);
        if self.resource_scopes.last().is_some_and(is_it) {
            return number_of_last(&self.resource_scopes);
        }
        let hash_of = |one: &ResourceScope<'_>| self.hasher.hash_one(std::ptr::from_ref(one).addr());
        let at = |number: u32| self.resource_scopes.get(number as usize);
        let hash = hash_of(resource_scope);
        if let Some(&number) = self.resource_scope_numbers.find(hash, |&number| at(number).is_some_and(is_it))
        {
            return number;
        }
        self.resource_scopes.push(resource_scope);
        let number = number_of_last(&self.resource_scopes);
        let rehash =
            |&number: &u32| self.resource_scopes.get(number as usize).map_or(0, |known| hash_of(known));
        self.resource_scope_numbers.insert_unique(hash, number, rehash);
        number
    }
}

fn number_of_last(resource_scopes: &[&ResourceScope<'_>]) -> u32 {
    u32::try_from(resource_scopes.len() - 1).expect("a request has fewer than 2^32 resource scopes")
}
