//! Traces as the emitter of this project sends them: random UUIDs, a root with one to four children inside it,
//! times in nanoseconds, few operations, one span in twenty failed.

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use span::{SpanId, Status, Timestamp, TraceId};
use testkit::{OwnedAttribute, OwnedSpan};

const BEGIN: i64 = 1_790_000_000_000_000_000;
/// With fewer traces the gaps between roots are wider: each halving of the rate costs one bit per trace.
const TRACES_PER_SEC: i64 = 6_000;
const NANOS_PER_MILLI: i64 = 1_000_000;

struct Operation {
    service: &'static str,
    name: &'static str,
    tags: &'static [&'static str],
}

const fn operation(service: &'static str, name: &'static str, tags: &'static [&'static str]) -> Operation {
    Operation { service, name, tags }
}

const ENTRANCE: [Operation; 4] = [
    operation("checkout", "POST /checkout", &["http.method", "region", "customer.id", "order.id"]),
    operation("checkout", "POST /cart/items", &["http.method", "region", "item.sku"]),
    operation("checkout", "GET /cart", &["http.method", "region", "customer.id"]),
    operation("checkout", "GET /orders/{id}", &["http.method", "order.id"]),
];

const BACKSTAGE: [Operation; 13] = [
    operation("checkout", "ValidateCart", &[]),
    operation("checkout", "PriceOrder", &["payment.currency"]),
    operation("inventory", "ReserveStock", &["item.sku", "db.system"]),
    operation("inventory", "SELECT stock_levels", &["db.system", "region"]),
    operation("inventory", "ReleaseStock", &["item.sku"]),
    operation("payment", "AuthorizeCard", &["payment.currency", "order.id"]),
    operation("payment", "CapturePayment", &["payment.currency"]),
    operation("payment", "FraudCheck", &["customer.id", "region"]),
    operation("shipping", "QuoteRates", &["shipping.carrier"]),
    operation("shipping", "CreateLabel", &["shipping.carrier", "order.id"]),
    operation("shipping", "SchedulePickup", &["shipping.carrier", "region"]),
    operation("notification", "SendConfirmation", &["notification.channel", "customer.id"]),
    operation("notification", "RenderTemplate", &[]),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tags {
    Without,
    With,
}

/// Draws traces of at least `spans` spans in total, in the order in which a writer takes them.
pub(crate) fn traces(spans: usize, tags: Tags) -> Vec<Vec<OwnedSpan>> {
    let random = &mut SmallRng::seed_from_u64(42);
    let mut traces: Vec<Vec<OwnedSpan>> = Vec::new();
    let (mut count, mut now) = (0, BEGIN);
    while count < spans {
        now += random.random_range(0..2 * 1_000_000_000 / TRACES_PER_SEC);
        let mut trace = trace(random, now, tags);
        count += trace.len();
        trace.sort_by_key(|span| (span.start, span.span_id));
        traces.push(trace);
    }
    let root = |trace: &Vec<OwnedSpan>| {
        trace.iter().find(|span| span.parent_span_id.is_none()).map(|span| span.start)
    };
    traces.sort_by_key(|trace| (root(trace), std::cmp::Reverse(trace[0].trace_id)));
    traces
}

fn trace(random: &mut SmallRng, now: i64, tags: Tags) -> Vec<OwnedSpan> {
    let trace_id = TraceId::from_bytes(uuid(random));
    let room = random.random_range(50 * NANOS_PER_MILLI..=500 * NANOS_PER_MILLI);
    let grain = if random.random_bool(0.25) { NANOS_PER_MILLI } else { 1 };
    let lag = random.random_range(0..500 * NANOS_PER_MILLI);
    let start = (now - room - lag) / grain * grain;
    let mut spans = vec![span(random, (trace_id, None), (start, room), tags)];
    let root = spans[0].span_id;
    for _ in 0..random.random_range(1..=4) {
        let earlier = spans[spans.len() - 1].start.0 - start;
        let offset = if random.random_bool(0.1) { earlier } else { random.random_range(0..room) };
        let duration = random.random_range(0..=room - offset);
        spans.push(span(random, (trace_id, Some(root)), (start + offset, duration), tags));
    }
    spans
}

fn span(
    random: &mut SmallRng,
    (trace_id, parent_span_id): (TraceId, Option<SpanId>),
    (start, duration): (i64, i64),
    tags: Tags,
) -> OwnedSpan {
    let choices = if parent_span_id.is_none() { &ENTRANCE[..] } else { &BACKSTAGE };
    let operation = &choices[random.random_range(0..choices.len())];
    let status = if random.random_bool(0.05) { Status::Error } else { Status::Ok };
    let mut attributes = Vec::new();
    if tags == Tags::With {
        attributes.extend(operation.tags.iter().map(|key| OwnedAttribute::text(*key, value(random, key))));
        if status == Status::Error {
            attributes.push(OwnedAttribute::text("error.message", value(random, "error.message")));
        }
    }
    OwnedSpan {
        trace_id,
        span_id: SpanId::from_bytes(uuid(random)),
        parent_span_id,
        service: operation.service.to_owned(),
        name: operation.name.to_owned(),
        start: Timestamp(start),
        end: Timestamp(start + duration),
        status,
        attributes,
        ..OwnedSpan::root(0, 0, Timestamp(start))
    }
}

fn value(random: &mut SmallRng, key: &str) -> String {
    let mut one_of = |choices: &[&str]| choices[random.random_range(0..choices.len())].to_owned();
    match key {
        "region" => one_of(&["eu-west-1", "us-east-1", "ap-south-1"]),
        "payment.currency" => one_of(&["EUR", "USD", "GBP", "JPY"]),
        "shipping.carrier" => one_of(&["dhl", "ups", "fedex"]),
        "notification.channel" => one_of(&["email", "sms", "push"]),
        "error.message" => {
            one_of(&["deadline exceeded", "connection reset by peer", "out of stock", "Zeitüberschreitung"])
        }
        "http.method" => one_of(&["GET", "POST"]),
        "db.system" => "postgresql".to_owned(),
        "customer.id" => format!("cust-{}", random.random_range(0..10_000)),
        "item.sku" => format!("sku-{}", random.random_range(0..5_000)),
        _ => format!("ord-{}", random.random_range(0..1_000_000)),
    }
}

fn uuid(random: &mut SmallRng) -> [u8; 16] {
    let marked = (random.random::<u128>() & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    marked.to_be_bytes()
}
