//! What handlers share: bodies in and out, refusals, media types, parameters. Nothing here knows what is asked.

pub(crate) mod content_coding;
pub(crate) mod cors;
pub(crate) mod embedded_file;
pub(crate) mod held_body;
pub(crate) mod left_out;
pub(crate) mod lingering_body;
pub(crate) mod media_type;
pub(crate) mod parameters;
pub(crate) mod raw_answer;
pub(crate) mod refusal;
pub(crate) mod request_body;
pub(crate) mod slot_body;
pub(crate) mod span_chunks;
