//! Counts of spans and requests by protocol, and by the reason where spans were not stored.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use store::Accepted;
use wire::otlp::{Code, Repairs};

/// The protocol by which spans came in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Protocol {
    Contract,
    OtlpProtobuf,
    OtlpJson,
    OtlpGrpc,
    Zipkin,
}

impl Protocol {
    const fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::OtlpProtobuf => "otlp_protobuf",
            Self::OtlpJson => "otlp_json",
            Self::OtlpGrpc => "otlp_grpc",
            Self::Zipkin => "zipkin",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProtocolLabels {
    protocol: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    protocol: &'static str,
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GrpcLabels {
    code: &'static str,
}

type Counts<Labels> = Family<Labels, Counter<u64, AtomicU64>>;

#[derive(Default)]
pub(super) struct ProtocolMetrics {
    received: Counts<ProtocolLabels>,
    stored: Counts<ProtocolLabels>,
    repeated: Counts<ProtocolLabels>,
    stale: Counts<ReasonLabels>,
    rejected: Counts<ReasonLabels>,
    malformed: Counts<ProtocolLabels>,
    repairs: Counts<ReasonLabels>,
    grpc_requests: Counts<GrpcLabels>,
}

/// gRPC's code for success.
const GRPC_OK: &str = "OK";

impl ProtocolMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let protocols = Self::default();
        let Self { received, stored, repeated, stale, rejected, malformed, repairs, grpc_requests } =
            &protocols;
        let help = "Spans that came in: stored + repeated + stale + rejected, by protocol";
        registry.register("protocol_spans_received", help, received.clone());
        registry.register("protocol_spans_stored", "Spans that were stored, by protocol", stored.clone());
        let help = "Duplicate spans, which were not stored again, by protocol";
        registry.register("protocol_spans_repeated", help, repeated.clone());
        let help =
            "Spans that started before the window, or too far ahead of the clock, by protocol and reason";
        registry.register("protocol_spans_stale", help, stale.clone());
        let help = "Spans that were refused, by protocol and reason";
        registry.register("protocol_spans_rejected", help, rejected.clone());
        let help = "Requests whose body could not be parsed, by protocol";
        registry.register("protocol_requests_malformed", help, malformed.clone());
        let help = "Errors in accepted spans that were repaired or left out, by protocol and kind";
        registry.register("protocol_repairs", help, repairs.clone());
        let help = "Requests over gRPC that were answered, by gRPC code; their HTTP status is always 200";
        registry.register("grpc_requests", help, grpc_requests.clone());
        protocols
    }

    /// Counts spans by what became of them in the store; the caller counts those that are too large.
    pub(super) fn count_judged(&self, protocol: Protocol, accepted: &Accepted) {
        let &Accepted { stored, repeated, stale, ahead, too_large: _, cutoff: _ } = accepted;
        let labels = ProtocolLabels { protocol: protocol.name() };
        let sum = stored + repeated + stale + ahead;
        for (counts, spans) in [(&self.received, sum), (&self.stored, stored), (&self.repeated, repeated)] {
            if spans > 0 {
                counts.get_or_create(&labels).inc_by(spans);
            }
        }
        for (reason, spans) in [("old", stale), ("ahead", ahead)] {
            if spans > 0 {
                let labels = ReasonLabels { protocol: protocol.name(), reason };
                self.stale.get_or_create(&labels).inc_by(spans);
            }
        }
    }

    pub(super) fn count_rejected(&self, protocol: Protocol, reason: &'static str, spans: u64) {
        self.received.get_or_create(&ProtocolLabels { protocol: protocol.name() }).inc_by(spans);
        let labels = ReasonLabels { protocol: protocol.name(), reason };
        self.rejected.get_or_create(&labels).inc_by(spans);
    }

    pub(super) fn count_malformed(&self, protocol: Protocol) {
        self.malformed.get_or_create(&ProtocolLabels { protocol: protocol.name() }).inc();
    }

    pub(super) fn count_grpc(&self, refused: Option<Code>) {
        let code = refused.map_or(GRPC_OK, Code::name);
        self.grpc_requests.get_or_create(&GrpcLabels { code }).inc();
    }

    pub(super) fn count_repairs(&self, protocol: Protocol, repairs: &Repairs) {
        let &Repairs { unknown_fields, unknown_enums, lost_links, lost_tags, .. } = repairs;
        let &Repairs { repaired_texts, repaired_times, repaired_numbers, .. } = repairs;
        for (reason, count) in [
            ("unknown_field", unknown_fields),
            ("unknown_enum", unknown_enums),
            ("repaired_text", repaired_texts),
            ("repaired_time", repaired_times),
            ("repaired_number", repaired_numbers),
            ("lost_link", lost_links),
            ("lost_tag", lost_tags),
        ] {
            if count > 0 {
                let labels = ReasonLabels { protocol: protocol.name(), reason };
                self.repairs.get_or_create(&labels).inc_by(count);
            }
        }
    }
}
