//! Finds columns by their id, and operations by their code.

use std::collections::BTreeMap;

use crate::data::{Data, Region};
use crate::encoding::{Blob, Codes, Decimals, Hex, Ids, Ints, Monotone, Numbered, Texts, number};
use crate::error::Damaged;
use crate::footer::{Column, column};
use crate::layout::{offset, size};
use crate::operation::{self, OperationEntry};

/// The table of columns in the footer.
pub(super) struct ColumnTable<'a> {
    data: &'a Data,
    columns: BTreeMap<u16, &'a Column>,
}

impl<'a> ColumnTable<'a> {
    pub(super) fn new(data: &'a Data, columns: &'a [Column]) -> Self {
        Self { data, columns: columns.iter().map(|column| (column.id, column)).collect() }
    }

    pub(super) fn get(&self, id: u16) -> Result<&'a Column, Damaged> {
        let missing = Damaged { what: "a column is missing", at: offset(self.data.len()) };
        self.columns.get(&id).copied().ok_or(missing)
    }

    fn find(&self, id: u16, encoding: u8) -> Result<(Region, &'a Column), Damaged> {
        let column = self.get(id)?;
        let region = Region::new(self.data, column.start, column.length)?;
        if column.encoding != encoding {
            return Err(region.damaged("a column has another encoding than it should"));
        }
        Ok((region, column))
    }

    /// Finds a column, and fails if it does not have exactly `count` values.
    fn find_counted(&self, id: u16, encoding: u8, count: u64) -> Result<(Region, &'a Column), Damaged> {
        let (region, column) = self.find(id, encoding)?;
        if column.count != count {
            return Err(region.damaged("a column has more or fewer values than it should"));
        }
        Ok((region, column))
    }

    pub(super) fn ids(&self, id: u16, count: u64) -> Result<Ids, Damaged> {
        let (region, column) = self.find_counted(id, number::IDS, count)?;
        Ids::new(region, count, &column.parameters)
    }

    pub(super) fn monotone(&self, id: u16, count: u64) -> Result<Monotone, Damaged> {
        let (region, _) = self.find_counted(id, number::MONOTONE, count)?;
        Monotone::new(region, count)
    }

    pub(super) fn rows(&self, id: u16) -> Result<Monotone, Damaged> {
        let (region, column) = self.find(id, number::MONOTONE)?;
        Monotone::new(region, column.count)
    }

    pub(super) fn ints(&self, id: u16) -> Result<Ints, Damaged> {
        let (region, column) = self.find(id, number::INTS)?;
        Ints::new(region, column.count)
    }

    pub(super) fn ints_counted(&self, id: u16, count: u64) -> Result<Ints, Damaged> {
        let (region, _) = self.find_counted(id, number::INTS, count)?;
        Ints::new(region, count)
    }

    pub(super) fn codes(&self, id: u16) -> Result<Codes, Damaged> {
        let (region, column) = self.find(id, number::CODES)?;
        Codes::new(region, column.count, &column.parameters)
    }

    pub(super) fn codes_counted(&self, id: u16, count: u64) -> Result<Codes, Damaged> {
        let (region, column) = self.find_counted(id, number::CODES, count)?;
        Codes::new(region, count, &column.parameters)
    }

    pub(super) fn texts(&self, id: u16) -> Result<Texts, Damaged> {
        let (region, column) = self.find(id, number::TEXTS)?;
        Texts::new(region, column.count)
    }

    pub(super) fn numbered(&self, id: u16) -> Result<Numbered, Damaged> {
        let (region, column) = self.find(id, number::NUMBERED)?;
        Numbered::new(region, column.count, &column.parameters)
    }

    pub(super) fn decimals(&self, id: u16) -> Result<Decimals, Damaged> {
        let (region, column) = self.find(id, number::DECIMAL)?;
        Decimals::new(region, column.count, &column.parameters)
    }

    pub(super) fn hex(&self, id: u16) -> Result<Hex, Damaged> {
        let (region, column) = self.find(id, number::HEX)?;
        Hex::new(region, column.count, &column.parameters)
    }

    pub(super) fn blob(&self, id: u16) -> Result<Blob, Damaged> {
        let (region, column) = self.find(id, number::BLOB)?;
        Blob::new(region, column.count, &column.parameters)
    }

    pub(super) fn raw(&self, id: u16, encoding: u8) -> Result<Region, Damaged> {
        self.find(id, encoding).map(|(region, _)| region)
    }

    /// Returns the operations of the roots ([`ROOTS`]) or of the other spans ([`OTHERS`]). Fails if there are not
    /// `count` codes. Spans whose code is `errors_from` or more have failed.
    pub(super) fn operations(
        &self,
        [codes, table]: [u16; 2],
        count: u64,
        errors_from: u32,
    ) -> Result<OperationTable, Damaged> {
        let codes = self.codes_counted(codes, count)?;
        let (table, _) = self.find(table, number::RAW)?;
        Ok(OperationTable { codes, table, errors_from })
    }
}

pub(super) const ROOTS: [u16; 2] = [column::ROOT_CODES, column::ROOT_OPERATIONS];
pub(super) const OTHERS: [u16; 2] = [column::OTHER_CODES, column::OTHER_OPERATIONS];

#[derive(Clone, Copy, Debug)]
pub(super) struct OperationTable {
    pub(super) codes: Codes,
    table: Region,
    errors_from: u32,
}

impl OperationTable {
    #[inline]
    pub(super) fn failed(&self, code: u32) -> bool {
        code >= self.errors_from
    }

    #[inline]
    pub(super) fn get(&self, data: &Data, code: u32) -> Result<OperationEntry, Damaged> {
        let place = u64::from(code) * operation::BYTES as u64;
        let bytes = self.table.array(data, size(place))?;
        OperationEntry::take(bytes).ok_or_else(|| self.table.damaged("an operation has an unknown status"))
    }
}
