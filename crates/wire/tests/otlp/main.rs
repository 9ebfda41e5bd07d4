//! OpenTelemetry's protocol against the upstream crate: we read what it writes, and it reads what we write.

mod answers;
mod captured_bodies;
mod decoded;
mod json_senders;
mod limits;
mod protobuf_corner_cases;
mod random_spans;
mod rejections;
mod round_trip;
mod upstream;
mod writing;
