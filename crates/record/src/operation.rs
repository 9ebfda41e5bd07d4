//! What many spans have in common: service, name, kind, flags and origin.
//!
//! Spans name their operation by its number in a table that stands beside them, so that it is written, kept
//! and checked once. Format of an operation: service · name · kind, folded varint · flags varint · number of
//! the origin plus one, or 0 for none.

use std::hash::BuildHasher as _;

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use span::{Kind, Origin, Span};

use crate::origin::take_origin;
use crate::reader::{Malformed, Reader, put_bytes};
use crate::varint;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operation<'a> {
    pub service: &'a str,
    pub name: &'a str,
    pub kind: Kind,
    pub flags: u32,
    /// Its number in the table of origins.
    pub origin: Option<u32>,
}

/// The operation of a span, with the origin itself.
#[derive(Clone, Copy, Debug)]
pub struct NamedOperation<'a> {
    pub service: &'a str,
    pub name: &'a str,
    pub kind: Kind,
    pub flags: u32,
    pub origin: Option<&'a Origin<'a>>,
}

impl<'a> Operation<'a> {
    /// The same with its origin out of the table.
    pub fn named(&self, origins: &'a [Origin<'a>]) -> Result<NamedOperation<'a>, Malformed> {
        let origin = self.origin.map(|number| origins.get(number as usize));
        let origin = origin.map(|origin| origin.ok_or(Malformed("an operation has an unknown origin")));
        Ok(NamedOperation {
            service: self.service,
            name: self.name,
            kind: self.kind,
            flags: self.flags,
            origin: origin.transpose()?,
        })
    }
}

/// Reads a table of origins.
pub fn read_origins<'a>(
    origins: impl IntoIterator<Item = &'a [u8]>,
    arena: &'a Bump,
) -> Result<&'a [Origin<'a>], Malformed> {
    let mut read = ArenaVec::new_in(arena);
    for bytes in origins {
        read.push(take_origin(&mut Reader::new(bytes), arena)?);
    }
    Ok(read.into_bump_slice())
}

/// Reads tables of operations and origins, so that spans can name their operation by its number.
pub fn read_names<'a>(
    operations: impl IntoIterator<Item = &'a [u8]>,
    origins: impl IntoIterator<Item = &'a [u8]>,
    arena: &'a Bump,
) -> Result<Vec<NamedOperation<'a>>, Malformed> {
    let origins = read_origins(origins, arena)?;
    operations.into_iter().map(|bytes| take_operation(&mut Reader::new(bytes))?.named(origins)).collect()
}

pub fn put_operation(out: &mut Vec<u8>, operation: &Operation<'_>) {
    put_bytes(out, operation.service.as_bytes());
    put_bytes(out, operation.name.as_bytes());
    varint::put(out, varint::fold(operation.kind.0.into()));
    varint::put(out, operation.flags.into());
    varint::put(out, operation.origin.map_or(0, |number| u64::from(number) + 1));
}

pub fn take_operation<'a>(reader: &mut Reader<'a>) -> Result<Operation<'a>, Malformed> {
    let service = reader.take_text()?;
    let name = reader.take_text()?;
    let kind = i32::try_from(varint::unfold(reader.take_varint()?));
    let flags = reader.take_varint_u32()?;
    let origin = reader.take_varint()?.checked_sub(1).map(u32::try_from).transpose();
    Ok(Operation {
        service,
        name,
        kind: kind.map(Kind).map_err(|_| Malformed("a kind is too large"))?,
        flags,
        origin: origin.map_err(|_| Malformed("the number of an origin is too large"))?,
    })
}

/// The distinct operations and origins of some spans, by number.
#[derive(Default)]
pub struct Distinct<'a> {
    pub origins: Vec<&'a Origin<'a>>,
    pub operations: Vec<Operation<'a>>,
    numbers: HashTable<u32>,
    origin_numbers: HashTable<u32>,
    /// Names come from strangers: keyed by a random number of this process.
    hasher: RandomState,
}

impl<'a> Distinct<'a> {
    /// The number of the span's operation, which is a new one where it was not met before.
    pub fn number_of(&mut self, span: &Span<'a>) -> u32 {
        let operation = Operation {
            service: span.service,
            name: span.name,
            kind: span.kind,
            flags: span.flags,
            origin: span.origin.map(|origin| self.origin_number(origin)),
        };
        // All of it: a sender may have one name with thousands of origins, and equal hashes are compared one by one.
        let hash_of = |one: &Operation<'_>| {
            self.hasher.hash_one((one.service, one.name, one.kind.0, one.flags, one.origin))
        };
        let hash = hash_of(&operation);
        let is_it = |&number: &u32| self.operations.get(number as usize) == Some(&operation);
        if let Some(&number) = self.numbers.find(hash, is_it) {
            return number;
        }
        let number = u32::try_from(self.operations.len()).expect("less than 2^32 operations");
        self.operations.push(operation);
        let rehash = |&number: &u32| self.operations.get(number as usize).map_or(0, hash_of);
        self.numbers.insert_unique(hash, number, rehash);
        number
    }

    /// Told apart by address: senders share one for many spans, and these mostly follow one another.
    fn origin_number(&mut self, origin: &'a Origin<'a>) -> u32 {
        let is_it = |known: &&Origin<'_>| std::ptr::eq(*known, origin);
        if self.origins.last().is_some_and(is_it) {
            return number_of_last(&self.origins);
        }
        let hash_of = |one: &Origin<'_>| self.hasher.hash_one(std::ptr::from_ref(one).addr());
        let at = |number: u32| self.origins.get(number as usize);
        let hash = hash_of(origin);
        if let Some(&number) = self.origin_numbers.find(hash, |&number| at(number).is_some_and(is_it)) {
            return number;
        }
        self.origins.push(origin);
        let number = number_of_last(&self.origins);
        let rehash = |&number: &u32| self.origins.get(number as usize).map_or(0, |known| hash_of(known));
        self.origin_numbers.insert_unique(hash, number, rehash);
        number
    }
}

fn number_of_last(origins: &[&Origin<'_>]) -> u32 {
    u32::try_from(origins.len() - 1).expect("less than 2^32 origins")
}
