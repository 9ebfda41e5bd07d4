//! OpenTelemetry's protocol against the upstream crate: what it writes is what we read, and the other way round.

mod answers;
mod as_read;
mod captured;
mod limits;
mod lists;
mod merges;
mod round_trip;
mod senders;
mod upstream;
mod whole;
mod written;
