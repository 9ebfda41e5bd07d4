//! Collects the different operations of spans, and which span has which.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use span::{Span, Status};

use super::interner::Interner;

use crate::encoding::{Encoded, encode_codes, number};
use crate::operation::{self, Operation};

#[derive(Debug, Default)]
pub(super) struct Operations {
    hasher: RandomState,
    /// Hash and number.
    table: HashTable<(u64, u32)>,
    known: Vec<Operation>,
    /// By number of the operation.
    codes: Vec<u32>,
}

/// The table, the codes, and the first code that failed.
pub(super) struct EncodedOperations {
    pub(super) table: Encoded,
    pub(super) codes: Encoded,
    pub(super) errors_from: u32,
}

impl Operations {
    /// Takes the operation of the next span; `origin` is the number of its origin + 1. One look into one table
    /// finds what is known, without a look for each name.
    #[inline]
    pub(super) fn push(&mut self, span: &Span<'_>, origin: u32, names: &mut Interner) {
        let status = span.status as u8;
        let hash = self.hasher.hash_one((span.service, span.name, span.kind.0, span.flags, origin, status));
        let is_it = |&(of, number): &(u64, u32)| {
            of == hash
                && self.known.get(number as usize).is_some_and(|operation| {
                    (operation.kind, operation.flags, operation.origin) == (span.kind.0, span.flags, origin)
                        && operation.status == span.status
                        && names.get(operation.name as usize) == Some(span.name.as_bytes())
                        && names.get(operation.service as usize) == Some(span.service.as_bytes())
                })
        };
        let number = match self.table.find(hash, is_it) {
            Some(&(_, number)) => number,
            None => self.insert(hash, span, origin, names),
        };
        self.codes.push(number);
    }

    #[cold]
    fn insert(&mut self, hash: u64, span: &Span<'_>, origin: u32, names: &mut Interner) -> u32 {
        let number = u32::try_from(self.known.len()).expect("a generation has fewer than 2^32 spans");
        self.known.push(Operation {
            service: names.intern(span.service.as_bytes()),
            name: names.intern(span.name.as_bytes()),
            kind: span.kind.0,
            flags: span.flags,
            origin,
            status: span.status,
        });
        self.table.insert_unique(hash, (hash, number), |&(hash, _)| hash);
        number
    }

    pub(super) fn finish(self) -> EncodedOperations {
        let failed = |operation: &Operation| operation.status == Status::Error;
        let mut order: Vec<(u32, &Operation)> = (0..).zip(&self.known).collect();
        // Stable: within both groups they stay in the order in which they came.
        order.sort_by_key(|(_, operation)| failed(operation));
        let mut code_of = vec![0; order.len()];
        let mut bytes = Vec::with_capacity(order.len() * operation::BYTES);
        for (code, (number, operation)) in (0..).zip(&order) {
            if let Some(place) = code_of.get_mut(*number as usize) {
                *place = code;
            }
            operation.put(&mut bytes);
        }
        let errors_from = self.known.iter().filter(|operation| !failed(operation)).count();
        let codes = self.codes.iter().map(|number| code_of.get(*number as usize).copied().unwrap_or(0));
        EncodedOperations {
            codes: encode_codes(codes, order.len()),
            table: Encoded {
                encoding: number::RAW,
                count: order.len() as u64,
                bytes,
                parameters: Vec::new(),
            },
            errors_from: u32::try_from(errors_from).expect("they have numbers of 32 bits"),
        }
    }
}
