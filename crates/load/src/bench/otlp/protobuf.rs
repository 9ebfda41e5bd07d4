//! Writes the parts of protobuf that an export request needs. It does not use the server's codec, because a mistake
//! there would then be in the request and in its reader, and nobody would see it.

/// The wire type of a field.
#[derive(Clone, Copy)]
enum Wire {
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// A message that is being written. Callers put fields in the order of their numbers, as other encoders do.
#[derive(Default)]
pub(super) struct Message {
    bytes: Vec<u8>,
}

impl Message {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn put_varint(&mut self, field: u32, value: u64) {
        self.put_tag(field, Wire::Varint);
        self.put_number(value);
    }

    pub(super) fn put_fixed64(&mut self, field: u32, value: u64) {
        self.put_tag(field, Wire::Fixed64);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn put_fixed32(&mut self, field: u32, value: u32) {
        self.put_tag(field, Wire::Fixed32);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn put_bytes(&mut self, field: u32, bytes: &[u8]) {
        self.put_tag(field, Wire::Bytes);
        self.put_number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes a message inside this one; `fill` writes its fields. The length precedes the fields but is known only
    /// afterwards, so it is moved in front of them.
    pub(super) fn put_message(&mut self, field: u32, fill: impl FnOnce(&mut Self)) {
        self.put_tag(field, Wire::Bytes);
        let begin = self.bytes.len();
        fill(self);
        let end = self.bytes.len();
        self.put_number((end - begin) as u64);
        let length_bytes = self.bytes.len() - end;
        self.bytes[begin..].rotate_right(length_bytes);
    }

    fn put_tag(&mut self, field: u32, wire: Wire) {
        self.put_number(u64::from(field << 3 | wire as u32));
    }

    fn put_number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.bytes.push(value.to_le_bytes()[0]);
    }
}
