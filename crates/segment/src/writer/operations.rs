//! Collects the distinct operations of spans, and a code for each span.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use record::NamedOperation;
use span::Status;

use super::interner::Interner;

use crate::encoding::{Encoded, encode_codes, number};
use crate::operation::{self, OperationEntry};

/// The number of an operation that a [`Writer`](crate::Writer) knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OperationId(u32);

impl OperationId {
    /// Operations are counted from 0.
    #[inline]
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// All operations of the segment, numbered, without a status.
#[derive(Debug, Default)]
pub(super) struct KnownOperations {
    hasher: RandomState,
    /// Hash and number.
    table: HashTable<(u64, u32)>,
    /// The operations by number. The status in these entries is not used.
    list: Vec<OperationEntry>,
}

impl KnownOperations {
    /// Returns the number of an operation, which is added if it is new. `resource_scope` is the number of its
    /// resource scope + 1, or 0 for none. A known operation is found by one lookup for all its fields, instead of one
    /// for each name.
    #[inline]
    pub(super) fn number(
        &mut self,
        operation: &NamedOperation<'_>,
        resource_scope: u32,
        names: &mut Interner,
    ) -> OperationId {
        let NamedOperation { service, name, kind, flags, .. } = *operation;
        let hash = self.hasher.hash_one((service, name, kind.0, flags, resource_scope));
        let is_it = |&(of, number): &(u64, u32)| {
            of == hash
                && self.list.get(number as usize).is_some_and(|known| {
                    (known.kind, known.flags, known.resource_scope) == (kind.0, flags, resource_scope)
                        && names.get(known.name as usize) == Some(name.as_bytes())
                        && names.get(known.service as usize) == Some(service.as_bytes())
                })
        };
        if let Some(&(_, number)) = self.table.find(hash, is_it) {
            return OperationId(number);
        }
        let number = u32::try_from(self.list.len()).expect("a generation has fewer than 2^32 spans");
        self.list.push(OperationEntry {
            service: names.intern(service.as_bytes()),
            name: names.intern(name.as_bytes()),
            kind: kind.0,
            flags,
            resource_scope,
            status: Status::Unset,
        });
        self.table.insert_unique(hash, (hash, number), |&(hash, _)| hash);
        OperationId(number)
    }
}

/// Stands for a pair of operation and status that no span has had yet.
const NO_NUMBER: u32 = u32::MAX;

/// The operations of the roots, or of the other spans, with their status.
#[derive(Debug, Default)]
pub(super) struct Operations {
    /// For each known operation and status, the index in `list`.
    numbers: Vec<[u32; 3]>,
    list: Vec<OperationEntry>,
    /// For each span, the index of its operation in `list`.
    codes: Vec<u32>,
}

/// The operation table, the codes of the spans, and the first code that stands for a failed operation.
pub(super) struct EncodedOperations {
    pub(super) table: Encoded,
    pub(super) codes: Encoded,
    pub(super) errors_from: u32,
}

impl Operations {
    pub(super) fn reserve(&mut self, spans: usize) {
        self.codes.reserve(spans);
    }

    /// Adds the operation of the next span.
    #[inline]
    pub(super) fn push(&mut self, OperationId(id): OperationId, status: Status, known: &KnownOperations) {
        let by_status = self.numbers.get(id as usize).and_then(|numbers| numbers.get(status as usize));
        let number = match by_status {
            Some(&number) if number != NO_NUMBER => number,
            _ => self.insert(id, status, known),
        };
        self.codes.push(number);
    }

    #[cold]
    fn insert(&mut self, id: u32, status: Status, known: &KnownOperations) -> u32 {
        let operation = known.list.get(id as usize).expect("the number was given by this writer");
        let number = u32::try_from(self.list.len()).expect("a generation has fewer than 2^32 spans");
        self.list.push(OperationEntry { status, ..*operation });
        if self.numbers.len() <= id as usize {
            self.numbers.resize(id as usize + 1, [NO_NUMBER; 3]);
        }
        let place = self.numbers.get_mut(id as usize).and_then(|numbers| numbers.get_mut(status as usize));
        *place.expect("there is a place for every status") = number;
        number
    }

    pub(super) fn finish(self) -> EncodedOperations {
        let failed = |operation: &OperationEntry| operation.status == Status::Error;
        let mut order: Vec<(u32, &OperationEntry)> = (0..).zip(&self.list).collect();
        // Stable, so that both groups stay in the order of their first occurrence.
        order.sort_by_key(|(_, operation)| failed(operation));
        let mut code_of = vec![0; order.len()];
        let mut bytes = Vec::with_capacity(order.len() * operation::BYTES);
        for (code, (number, operation)) in (0..).zip(&order) {
            if let Some(place) = code_of.get_mut(*number as usize) {
                *place = code;
            }
            operation.put(&mut bytes);
        }
        let errors_from = self.list.iter().filter(|operation| !failed(operation)).count();
        let codes = self.codes.iter().map(|number| code_of.get(*number as usize).copied().unwrap_or(0));
        EncodedOperations {
            codes: encode_codes(codes, order.len()),
            table: Encoded { encoding: number::RAW, count: order.len() as u64, bytes, ..Encoded::default() },
            errors_from: u32::try_from(errors_from).expect("operations have numbers of 32 bits"),
        }
    }
}
