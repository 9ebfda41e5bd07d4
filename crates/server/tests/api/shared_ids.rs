//! A thousand of Zipkin's spans, most of which share their id with others: every one is kept, once.

use std::collections::{BTreeMap, BTreeSet};

use hyper::StatusCode;
use rand::RngExt as _;
use rand::rngs::SmallRng;
use rand::seq::SliceRandom as _;
use serde_json::{Value, json};
use server::{Data, Limits};
use store::Settings;
use testkit::{each_seed, schedules};

use crate::support::{NOW, SECOND, TestServer, eventually};

/// As many as in a file of a real system, of which a server that does not tell them apart loses every sixth.
const SPANS: usize = 1041;
const TRACES: usize = 60;

/// What tells the spans of one trace and id apart, and comes back in answers: every pair is drawn once for an id.
const REPORTERS: [(Option<&str>, &str); 8] = [
    (Some("CLIENT"), "web"),
    (Some("SERVER"), "api"),
    (None, "web"),
    (Some("SERVER"), "mirror"),
    (Some("PRODUCER"), "web"),
    (Some("CONSUMER"), "api"),
    (Some("CONSUMER"), "audit"),
    (Some("CLIENT"), "api"),
];

/// Draws calls of one to all of the reporters. Each span has a name of its own.
fn calls(random: &mut SmallRng) -> Vec<Value> {
    let mut spans = Vec::new();
    while spans.len() < SPANS {
        let trace = random.random_range(1..=TRACES);
        let id = format!("{:016x}", spans.len() + 1);
        let parent = random.random_bool(0.8).then(|| format!("{:016x}", random.random_range(1..=SPANS)));
        let mut reporters = REPORTERS;
        if random.random_bool(0.5) {
            reporters.shuffle(random);
        }
        // Most calls have two halves.
        let count = if random.random_bool(0.6) { 2 } else { random.random_range(1..=reporters.len()) };
        for (kind, service) in reporters.into_iter().take(count.min(SPANS - spans.len())) {
            spans.push(json!({
                "traceId": format!("{trace:016x}"), "id": id, "parentId": parent, "kind": kind,
                "name": format!("call {}", spans.len()),
                "timestamp": (NOW - random.random_range(SECOND..60 * SECOND)) / 1000,
                "duration": random.random_range(1..100_000),
                "localEndpoint": {"serviceName": service},
                "shared": kind == Some("SERVER"),
            }));
        }
    }
    spans.shuffle(random);
    spans
}

/// The names of the spans by trace, as sent.
fn names_of(spans: &[Value]) -> BTreeMap<usize, BTreeSet<String>> {
    let mut names: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for span in spans {
        let trace = span["traceId"].as_str().expect("an id");
        let trace = usize::from_str_radix(trace, 16).expect("digits");
        names.entry(trace).or_default().insert(span["name"].as_str().expect("a name").to_owned());
    }
    names
}

async fn check(server: &TestServer, sent: &BTreeMap<usize, BTreeSet<String>>) {
    for (trace, names) in sent {
        let answer = server.get(&format!("/traces/{trace:032x}")).await.json();
        let spans = answer["spans"].as_array().expect("a list");
        let kept: BTreeSet<String> =
            spans.iter().map(|span| span["operation"].as_str().expect("a name").to_owned()).collect();
        let ids: BTreeSet<&str> = spans.iter().map(|span| span["span_id"].as_str().expect("an id")).collect();
        assert_eq!((&kept, spans.len(), ids.len()), (names, names.len(), names.len()), "trace {trace}");
    }
}

async fn all_are_kept(random: &mut SmallRng) {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || TestServer::on(Data::Folder(folder.path().into()), Limits::default(), Settings::default());
    let mut spans = calls(random);
    let sent = names_of(&spans);
    let server = start().await;
    // Once in bodies of any size, then all again in another order.
    for body_max in [random.random_range(1..=SPANS), SPANS] {
        for body in spans.chunks(body_max) {
            let answer = server.post_to("/api/v2/spans", &[], json!(body).to_string()).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
        }
        spans.shuffle(random);
    }
    let all = SPANS as u64;
    assert_eq!(server.ledger_of("zipkin").await, [all, all, 0, 0, 0]);
    check(&server, &sent).await;
    server.stop().await;

    let server = start().await;
    check(&server, &sent).await;
    // Old enough to be sealed.
    server.clock.advance(60 * SECOND);
    eventually("a segment is there", async || server.metric("traced_segments").await > 0).await;
    check(&server, &sent).await;
    server.stop().await;
}

#[test]
fn every_span_of_a_file_with_shared_ids_is_kept_once() {
    each_seed(schedules(2), |random| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(all_are_kept(random));
    });
}
