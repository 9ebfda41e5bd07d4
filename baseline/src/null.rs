//! A store that keeps nothing. It shows what the shared layout costs, which can be subtracted from the other stores.

use crate::sliced::{Change, Kv, Table};

pub(crate) struct Null;

impl Kv for Null {
    fn tables(&self) -> Vec<Table> {
        Vec::new()
    }

    fn update(&mut self, change: &mut dyn FnMut(&mut dyn Change)) {
        change(&mut Nothing);
    }

    fn get(&self, _: Table, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn scan(&self, _: Table, _: Option<&[u8]>, _: &mut dyn FnMut(&[u8], &[u8]) -> bool) {}
    fn drop_tables(&mut self, _: &[Table]) {}
    fn settle(&mut self) {}
}

struct Nothing;

impl Change for Nothing {
    fn get(&mut self, _: Table, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn put(&mut self, _: Table, key: &[u8], value: &[u8]) {
        std::hint::black_box((key, value));
    }

    fn remove(&mut self, _: Table, _: &[u8]) {}
}
