//! Requests are valid protobuf: the types of `opentelemetry-proto` read and write them.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use span::Timestamp;

use super::{Exporter, RequestSize};

const NOW: Timestamp = Timestamp(1_790_000_000_000_000_000);

fn requests(batch: u16, attributes: u8) -> Vec<ExportTraceServiceRequest> {
    let mut exporter = Exporter::new(RequestSize { batch, attributes }, 7, 0);
    let mut read = || {
        let body = exporter.next_request(NOW);
        let request = ExportTraceServiceRequest::decode(&*body).unwrap();
        assert_eq!(request.encode_to_vec(), body, "upstream writes the same bytes");
        request
    };
    (0..40).map(|_| read()).collect()
}

#[test]
fn upstream_reads_and_writes_the_same() {
    for attributes in [0, 5, 20] {
        for request in requests(100, attributes) {
            let resources = &request.resource_spans;
            let spans = resources.iter().flat_map(|of| &of.scope_spans).flat_map(|of| &of.spans);
            let counts: Vec<usize> = spans.map(|span| span.attributes.len()).collect();
            assert_eq!(counts, [usize::from(attributes); 100]);
            for resource in resources {
                let attributes = &resource.resource.as_ref().unwrap().attributes;
                assert!((6..=8).contains(&attributes.len()), "{attributes:?}");
            }
        }
    }
}

#[test]
fn ids_are_new_and_a_trace_has_three_and_a_half_spans() {
    let requests = requests(500, 0);
    let spans: Vec<_> = requests
        .iter()
        .flat_map(|request| &request.resource_spans)
        .flat_map(|of| &of.scope_spans)
        .flat_map(|of| &of.spans)
        .collect();
    let ids: BTreeSet<_> = spans.iter().map(|span| &span.span_id).collect();
    assert_eq!(ids.len(), 20_000);
    let traces: BTreeSet<_> = spans.iter().map(|span| &span.trace_id).collect();
    assert!((5_500..5_900).contains(&traces.len()), "{}", traces.len());
    assert!(spans.iter().all(|span| span.start_time_unix_nano <= span.end_time_unix_nano));
    assert!(spans.iter().all(|span| span.end_time_unix_nano <= NOW.0.cast_unsigned()));
}

#[test]
fn keys_of_a_span_differ() {
    for request in requests(10, 20) {
        for span in request.resource_spans.iter().flat_map(|of| &of.scope_spans).flat_map(|of| &of.spans) {
            let keys: BTreeSet<_> = span.attributes.iter().map(|attribute| &attribute.key).collect();
            assert_eq!(keys.len(), 20);
        }
    }
}
