//! Bodies, decoded.

use bumpalo::Bump;
use prost::Message as _;
use testkit::OwnedSpan;
use wire::otlp::{Encoding, Export, Malformed, Oddities, Rejected, decode};

use crate::upstream::request;

/// The spans and the rest of what was read, which have no lifetime.
pub(crate) fn read(encoding: Encoding, body: &[u8]) -> Result<(Vec<OwnedSpan>, Export<'static>), Malformed> {
    let arena = Bump::new();
    let Export { spans, rejected, oddities, note } = decode(encoding, body, &arena)?;
    let owned = spans.iter().map(|&span| span.into()).collect();
    Ok((owned, Export { spans: &[], rejected, oddities, note }))
}

/// What must be read without anything to be said of it.
pub(crate) fn read_plain(encoding: Encoding, body: &[u8]) -> Vec<OwnedSpan> {
    let (spans, rest) = read(encoding, body).unwrap_or_else(|malformed| panic!("{malformed}"));
    assert_eq!((rest.rejected, rest.oddities), (Rejected::default(), Oddities::default()));
    assert_eq!(rest.note, "");
    spans
}

pub(crate) fn protobuf(spans: &[OwnedSpan]) -> Vec<u8> {
    request(spans).encode_to_vec()
}

pub(crate) fn json(spans: &[OwnedSpan]) -> Vec<u8> {
    serde_json::to_vec(&request(spans)).expect("it has a JSON form")
}
