//! Decodes bodies into spans without a lifetime.

use bumpalo::Bump;
use prost::Message as _;
use testkit::OwnedSpan;
use wire::otlp::{Encoding, Export, Malformed, Rejected, Repairs, decode};

use crate::upstream::request;

/// Reads a body: its spans, and the rest of the export.
pub(crate) fn read(encoding: Encoding, body: &[u8]) -> Result<(Vec<OwnedSpan>, Export<'static>), Malformed> {
    let arena = Bump::new();
    let Export { spans, rejected, repairs, note } = decode(encoding, body, &arena, None)?;
    let owned = spans.iter().map(|&span| span.into()).collect();
    Ok((owned, Export { spans: &[], rejected, repairs, note }))
}

/// Reads a body in which nothing is wrong.
pub(crate) fn read_plain(encoding: Encoding, body: &[u8]) -> Vec<OwnedSpan> {
    let (spans, rest) = read(encoding, body).unwrap_or_else(|malformed| panic!("{malformed}"));
    assert_eq!((rest.rejected, rest.repairs), (Rejected::default(), Repairs::default()));
    assert_eq!(rest.note, "");
    spans
}

pub(crate) fn protobuf(spans: &[OwnedSpan]) -> Vec<u8> {
    request(spans).encode_to_vec()
}

pub(crate) fn json(spans: &[OwnedSpan]) -> Vec<u8> {
    serde_json::to_vec(&request(spans)).expect("it has a JSON form")
}
