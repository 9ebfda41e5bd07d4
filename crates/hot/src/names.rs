//! Operations and resource scopes, each stored once per generation.

use std::sync::Arc;

use hashbrown::HashMap;
use record::{Batch, Operation, put_operation};
use span::Reporter;
use sync::atomic::{AtomicUsize, Ordering};
use sync::{RandomState, RwLock};

/// Approximate memory of an entry, beside its bytes.
const ENTRY_BYTES: usize = 96;

/// The tables of a generation. A number stays valid as long as the generation.
#[derive(Default)]
pub(crate) struct Names {
    tables: RwLock<NameTables>,
    bytes: AtomicUsize,
}

/// An operation of a batch, as a generation knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NumberedOperation {
    /// Its number in the generation.
    pub number: u32,
    /// Who reported its spans.
    pub reporter: Reporter,
}

/// All operations and resource scopes of a generation, by number.
pub struct NameLists {
    /// As the record format writes them.
    pub operations: Vec<Arc<[u8]>>,
    pub resource_scopes: Vec<Arc<[u8]>>,
}

#[derive(Default)]
struct NameTables {
    resource_scopes: Interner,
    /// As the record format writes them; their resource scopes are numbers of this generation.
    operations: Interner,
    /// The reporter of each operation.
    reporters: Vec<Reporter>,
}

impl NameTables {
    fn numbered(&self, number: u32) -> NumberedOperation {
        NumberedOperation { number, reporter: self.reporters[number as usize] }
    }
}

#[derive(Default)]
struct Interner {
    numbers: HashMap<Arc<[u8]>, u32, RandomState>,
    list: Vec<Arc<[u8]>>,
}

impl Interner {
    fn find(&self, bytes: &[u8]) -> Option<u32> {
        self.numbers.get(bytes).copied()
    }

    fn add(&mut self, bytes: &[u8]) -> u32 {
        let number = u32::try_from(self.list.len()).expect("less than 2^32 entries");
        let kept: Arc<[u8]> = bytes.into();
        self.list.push(Arc::clone(&kept));
        self.numbers.insert(kept, number);
        number
    }
}

impl Names {
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Returns the operations of a batch as this generation knows them.
    pub(crate) fn intern(&self, batch: &Batch<'_>) -> Vec<NumberedOperation> {
        let mut buffer = Vec::with_capacity(128);
        let tables = self.tables.read();
        if let Some(known) = find_all(&tables, batch, &mut buffer) {
            return known;
        }
        drop(tables);
        let reporters = batch.reporters().expect("a batch was checked");
        let mut tables = self.tables.write();
        let mut added = 0;
        let resource_scopes: Vec<u32> = batch
            .resource_scopes
            .iter()
            .map(|bytes| find_or_add(&mut tables.resource_scopes, bytes, &mut added))
            .collect();
        let intern = |(operation, reporter): (&Operation<'_>, Reporter)| {
            encode(operation, &resource_scopes, &mut buffer);
            let number = find_or_add(&mut tables.operations, &buffer, &mut added);
            if tables.reporters.len() == number as usize {
                tables.reporters.push(reporter);
            }
            tables.numbered(number)
        };
        let known = batch.operations.iter().zip(reporters).map(intern).collect();
        self.bytes.fetch_add(added, Ordering::Relaxed);
        known
    }

    /// Returns the reporter of the operation with this number.
    pub(crate) fn reporter(&self, operation: u32) -> Reporter {
        self.tables.read().reporters[operation as usize]
    }

    /// Returns the operation with this number.
    pub(crate) fn operation(&self, number: u32) -> Arc<[u8]> {
        Arc::clone(&self.tables.read().operations.list[number as usize])
    }

    /// Returns the resource scope with this number.
    pub(crate) fn resource_scope(&self, number: u32) -> Arc<[u8]> {
        Arc::clone(&self.tables.read().resource_scopes.list[number as usize])
    }

    /// Returns all operations and all resource scopes, by number.
    pub(crate) fn lists(&self) -> NameLists {
        let tables = self.tables.read();
        NameLists {
            operations: tables.operations.list.clone(),
            resource_scopes: tables.resource_scopes.list.clone(),
        }
    }
}

/// Returns the operations, or `None` if one of them is not known yet.
fn find_all(tables: &NameTables, batch: &Batch<'_>, buffer: &mut Vec<u8>) -> Option<Vec<NumberedOperation>> {
    let resource_scopes: Option<Vec<u32>> =
        batch.resource_scopes.iter().map(|bytes| tables.resource_scopes.find(bytes)).collect();
    let resource_scopes = resource_scopes?;
    let find = |operation: &Operation<'_>| {
        encode(operation, &resource_scopes, buffer);
        tables.operations.find(buffer).map(|number| tables.numbered(number))
    };
    batch.operations.iter().map(find).collect()
}

fn find_or_add(table: &mut Interner, bytes: &[u8], added: &mut usize) -> u32 {
    table.find(bytes).unwrap_or_else(|| {
        *added += bytes.len() + ENTRY_BYTES;
        table.add(bytes)
    })
}

/// Encodes an operation for the table, with the number that its resource scope has in this generation.
fn encode(operation: &Operation<'_>, resource_scopes: &[u32], buffer: &mut Vec<u8>) {
    buffer.clear();
    let resource_scope = operation.resource_scope.map(|number| resource_scopes[number as usize]);
    put_operation(buffer, &Operation { resource_scope, ..*operation });
}
