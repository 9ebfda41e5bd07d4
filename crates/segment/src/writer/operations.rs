//! Collects the different operations of spans, and which span has which.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use span::Status;

use crate::encoding::{Encoded, encode_codes, number};
use crate::operation::{self, Operation};

#[derive(Debug, Default)]
pub(super) struct Operations {
    numbers: HashMap<Operation, u32, RandomState>,
    operations: Vec<Operation>,
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
    #[inline]
    pub(super) fn push(&mut self, operation: Operation) {
        let operations = &mut self.operations;
        let number = *self.numbers.entry(operation).or_insert_with(|| {
            operations.push(operation);
            u32::try_from(operations.len() - 1).expect("a generation has fewer than 2^32 spans")
        });
        self.codes.push(number);
    }

    pub(super) fn finish(self) -> EncodedOperations {
        let failed = |operation: &Operation| operation.status == Status::Error;
        let mut order: Vec<(u32, &Operation)> = (0..).zip(&self.operations).collect();
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
        let errors_from = self.operations.iter().filter(|operation| !failed(operation)).count();
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
