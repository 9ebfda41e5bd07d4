//! Collects attributes: the shape of each span, which is its list of fields, and one column of values for each field.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use record::RawAttribute;

use super::OperationId;
use super::field::{FieldWriter, kind_of};
use super::interner::Interner;
use crate::encoding::SparseWriter;
use crate::footer::{EMPTY_SHAPE, FIELDS_MAX, Field, FieldKind, SHAPE_FIELDS_MAX, SHAPES_MAX, Shapes};

#[derive(Debug)]
pub(super) struct Attributes {
    keys: Interner,
    /// The number of each field, by the number of its key, then by kind.
    field_of: Vec<[Option<u16>; FieldKind::COUNT]>,
    pub(super) fields: Vec<FieldWriter>,
    /// The last shape of each operation, because mostly the operation's next span has the same shape.
    usual_shapes: Vec<u32>,
    shape_numbers: HashMap<Box<[u16]>, u32, RandomState>,
    pub(super) shapes: Shapes,
    /// The shape of each row.
    pub(super) codes: Vec<u32>,
    pub(super) loose_shape: Option<u32>,
    pub(super) loose: SparseWriter,
    /// Kept between spans to reuse its memory.
    shape: Vec<u16>,
}

impl Attributes {
    pub(super) fn new() -> Self {
        let mut shapes = Shapes::default();
        shapes.push([]);
        assert_eq!(shapes.len(), EMPTY_SHAPE as usize + 1);
        Self {
            keys: Interner::default(),
            field_of: Vec::new(),
            fields: Vec::new(),
            usual_shapes: Vec::new(),
            shape_numbers: HashMap::default(),
            shapes,
            codes: Vec::new(),
            loose_shape: None,
            loose: SparseWriter::default(),
            shape: Vec::new(),
        }
    }

    /// Adds the attributes of the next row, whose span has this operation. `bytes` are the same attributes as the
    /// record has them, for the case that they are stored as loose ones.
    pub(super) fn push(&mut self, attributes: &[RawAttribute<'_>], bytes: &[u8], operation: OperationId) {
        if attributes.is_empty() {
            self.codes.push(EMPTY_SHAPE);
            return;
        }
        if let Some(shape) = self.usual_shape(attributes, operation) {
            self.push_values(shape, attributes);
        } else if let Some(shape) = self.shape_of(attributes) {
            self.note_usual(shape, operation);
            self.push_values(shape, attributes);
        } else {
            self.push_loose(bytes);
        }
    }

    /// Returns the operation's last shape if the attributes have that shape, too.
    #[inline]
    fn usual_shape(&self, attributes: &[RawAttribute<'_>], operation: OperationId) -> Option<u32> {
        let shape = *self.usual_shapes.get(operation.place())?;
        let fields = self.shapes.get(shape)?;
        let takes =
            |field: u16, attribute| self.fields.get(usize::from(field))?.takes(attribute).then_some(());
        let is_it = fields.len() == attributes.len()
            && fields.iter().zip(attributes).all(|(&field, attribute)| takes(field, attribute).is_some());
        is_it.then_some(shape)
    }

    fn note_usual(&mut self, shape: u32, operation: OperationId) {
        let place = operation.place();
        if place >= self.usual_shapes.len() {
            self.usual_shapes.resize(place + 1, EMPTY_SHAPE);
        }
        if let Some(usual) = self.usual_shapes.get_mut(place) {
            *usual = shape;
        }
    }

    fn push_values(&mut self, shape: u32, attributes: &[RawAttribute<'_>]) {
        let row = self.codes.len();
        self.codes.push(shape);
        for (attribute, field) in attributes.iter().zip(self.shapes.get(shape).unwrap_or_default()) {
            if let Some(field) = self.fields.get_mut(usize::from(*field)) {
                field.push(row, attribute.value);
            }
        }
    }

    fn push_loose(&mut self, bytes: &[u8]) {
        let shapes = &mut self.shapes;
        let loose_shape = *self.loose_shape.get_or_insert_with(|| {
            shapes.push([]);
            number_of_last(shapes)
        });
        self.loose.push(self.codes.len() as u64, bytes);
        self.codes.push(loose_shape);
    }

    /// Returns the number of the attributes' shape, which is added if it is new, or `None` if there are too many
    /// shapes or fields.
    fn shape_of(&mut self, attributes: &[RawAttribute<'_>]) -> Option<u32> {
        self.shape.clear();
        for attribute in attributes {
            let field = self.field_of(attribute)?;
            self.shape.push(field);
        }
        if let Some(shape) = self.shape_numbers.get(self.shape.as_slice()) {
            return Some(*shape);
        }
        // One number is reserved for the shape of loose spans.
        let has_room = self.shapes.len() < SHAPES_MAX - 1
            && self.shapes.field_count() + self.shape.len() <= SHAPE_FIELDS_MAX;
        if !has_room {
            return None;
        }
        self.shapes.push(self.shape.iter().copied());
        let number = number_of_last(&self.shapes);
        self.shape_numbers.insert(self.shape.as_slice().into(), number);
        Some(number)
    }

    fn field_of(&mut self, attribute: &RawAttribute<'_>) -> Option<u16> {
        let kind = kind_of(attribute.value);
        // Clients choose the keys, so a key that gets no column must not take memory either.
        let has_room = self.fields.len() < FIELDS_MAX;
        let key = if has_room { self.keys.intern(attribute.key) } else { self.keys.find(attribute.key)? };
        let key = key as usize;
        if key >= self.field_of.len() {
            self.field_of.resize(key + 1, [None; FieldKind::COUNT]);
        }
        let field = self.field_of.get_mut(key)?.get_mut(usize::from(kind.number()))?;
        if field.is_none() && has_room {
            *field = u16::try_from(self.fields.len()).ok();
            let key = str::from_utf8(attribute.key).expect("records are checked when they arrive");
            self.fields.push(FieldWriter::new(Field { key: key.into(), kind }));
        }
        *field
    }
}

fn number_of_last(shapes: &Shapes) -> u32 {
    u32::try_from(shapes.len() - 1).expect("SHAPES_MAX bounds the number of shapes")
}
