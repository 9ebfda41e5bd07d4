//! Reads who reported the spans of a trace.

use hashbrown::HashMap;
use record::instance_of;
use span::{Kind, Reporter};

use super::segment::Segment;
use crate::error::Damaged;
use crate::operation::OperationEntry;

impl Segment {
    /// Returns the reporter of the root of a row that is less than `rooted`.
    pub fn root_reporter(&self, row: u32) -> Result<Reporter, Damaged> {
        let code = self.roots.codes.get(&self.data, row as usize)?;
        Reporters::new(self).of(self.roots.get(&self.data, code)?)
    }

    /// Calls `each` with the reporter of every span, in the order of [`for_each_span_id`](Self::for_each_span_id).
    pub fn for_each_reporter(&self, row: u32, mut each: impl FnMut(Reporter)) -> Result<(), Damaged> {
        let trace = self.trace_rows(row)?;
        let mut reporters = Reporters::new(self);
        if trace.is_rooted {
            let code = self.roots.codes.get(&self.data, trace.row)?;
            each(reporters.of(self.roots.get(&self.data, code)?)?);
        }
        for code in self.others.codes.run(&self.data, trace.other_first, trace.other_count)? {
            each(reporters.of(self.others.get(&self.data, code)?)?);
        }
        Ok(())
    }
}

/// The instances that some resources name. They are kept because most spans of a trace share few resources.
pub(super) struct Reporters<'s> {
    segment: &'s Segment,
    /// By the number of the resource scope.
    instances: HashMap<u32, Box<str>>,
}

impl<'s> Reporters<'s> {
    pub(super) fn new(segment: &'s Segment) -> Self {
        Self { segment, instances: HashMap::new() }
    }

    pub(super) fn of(&mut self, operation: OperationEntry) -> Result<Reporter, Damaged> {
        let service = self.segment.names.get_text(&self.segment.data, operation.service as usize)?;
        let instance = match operation.resource_scope.checked_sub(1) {
            Some(number) => Some(self.instance(number)?),
            None => None,
        };
        Ok(Reporter::of(Kind(operation.kind), service, instance))
    }

    fn instance(&mut self, number: u32) -> Result<&str, Damaged> {
        if !self.instances.contains_key(&number) {
            let bytes = self.segment.resource_scopes.get(&self.segment.data, number as usize)?;
            let instance =
                instance_of(bytes).map_err(|malformed| self.segment.stream.damaged(malformed.0))?;
            self.instances.insert(number, instance);
        }
        Ok(self.instances.get(&number).map_or("", |instance| &**instance))
    }
}
