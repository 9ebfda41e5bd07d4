//! Checks rules of the contract that need no ledger: the server must refuse bad requests, and store nothing of them.

use http::StatusCode;
use serde_json::{Value, json};
use span::{Timestamp, TraceId};

use super::session::{Session, excerpt, wrong_answer};
use crate::answer::Failure;
use crate::client::Answer;
use crate::error::LoadError;
use crate::findings::{Difference, DifferenceKind, Findings};
use crate::generate;
use crate::oracle::{Expectation, Oracle};
use crate::random::Random;

/// Paths that the server must refuse with 400.
const BAD_PATHS: [&str; 11] = [
    "/traces?limit=0",
    "/traces?limit=1001",
    "/traces?limit=-1",
    "/traces?limit=many",
    "/traces?after=-1",
    "/traces?before=-1",
    "/traces?after=soon",
    "/traces?after=5&before=5",
    "/traces?after=6&before=5",
    "/traces/not-a-uuid",
    "/traces/0123456789abcdef0123456789abcdeg",
];

/// Returns fields, each with a value that breaks a rule. Null stands for a missing field. The error must name the
/// field.
fn bad_fields() -> Vec<(&'static str, Value)> {
    let tags = |count: usize| (0..count).map(|tag| (format!("k{tag}"), json!("v"))).collect::<Value>();
    vec![
        ("trace_id", Value::Null),
        ("trace_id", json!("")),
        ("span_id", json!("12345")),
        ("parent_span_id", json!("")),
        ("service", Value::Null),
        ("service", json!("ü".repeat(257))),
        ("operation", json!("o".repeat(257))),
        ("operation", json!(7)),
        ("start_time", json!("1")),
        ("end_time", Value::Null),
        ("end_time", json!(1)),
        ("status", json!("OK")),
        ("tags", tags(51)),
        ("tags", json!({ "k": "v".repeat(1025) })),
        ("tags", json!({ "k": 1 })),
    ]
}

pub(crate) async fn check(
    session: &Session,
    oracle: &Oracle,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    check_health(session, findings).await?;
    for path in BAD_PATHS {
        let answer = session.get(path).await?;
        findings.add_all(check_failure(path, StatusCode::BAD_REQUEST, &answer));
    }
    // This seed is that of no run, so nobody has sent traces with these ids.
    let mut random = Random::new(session.now().0.cast_unsigned(), u64::MAX);
    let unknown = format!("/traces/{}", generate::trace_id(random.next(), 0));
    let answer = session.get(&unknown).await?;
    findings.add_all(check_failure(&unknown, StatusCode::NOT_FOUND, &answer));

    check_bad_batches(session, &mut random, findings).await?;
    check_other_forms_of_id(session, oracle, findings).await
}

async fn check_health(session: &Session, findings: &mut Findings) -> Result<(), LoadError> {
    let answer = session.get("/health").await?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status != StatusCode::OK || body["status"] != "ok" {
        findings.add(wrong_answer("/health", "200 {\"status\":\"ok\"}", &answer));
    }
    Ok(())
}

/// Checks that a refusal has the right status and an error message.
fn check_failure(subject: &str, expected: StatusCode, answer: &Answer) -> Option<Difference> {
    let says_why = serde_json::from_slice(&answer.body).is_ok_and(|body: Failure| !body.error.is_empty());
    if answer.status == expected && says_why {
        return None;
    }
    let expected = format!("{} {{\"error\":\"…\"}}", expected.as_u16());
    Some(wrong_answer(subject, &expected, answer))
}

/// Checks that a batch with one bad span is refused as a whole: the good span beside it must not be stored.
async fn check_bad_batches(
    session: &Session,
    random: &mut Random,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let good_id = generate::trace_id(random.next(), 0);
    for (field, value) in bad_fields() {
        let mut bad = span(random, good_id, session.now());
        let subject =
            format!("POST /spans with spans[1].{field} = {}", excerpt(value.to_string().as_bytes()));
        if value.is_null() {
            bad.as_object_mut().map(|bad| bad.remove(field));
        } else {
            bad[field] = value;
        }
        let batch = json!({ "spans": [span(random, good_id, session.now()), bad] });
        let answer = post(session, &batch).await?;
        findings.add_all(check_failure(&subject, StatusCode::BAD_REQUEST, &answer));
        let text = String::from_utf8_lossy(&answer.body);
        if answer.status == StatusCode::BAD_REQUEST && !text.contains(&format!("spans[1].{field}")) {
            let both = (format!("a sentence that names spans[1].{field}"), excerpt(&answer.body));
            findings.add(Difference::new(DifferenceKind::Rule, subject, "error", both));
        }
    }
    let many = vec![span(random, good_id, session.now()); 501];
    for (name, batch) in [
        ("an empty array of spans", json!({ "spans": [] })),
        ("501 spans", json!({ "spans": many })),
        ("spans that are not an array", json!({ "spans": 1 })),
        ("a body that lacks the field spans", json!({})),
    ] {
        let answer = post(session, &batch).await?;
        let subject = format!("POST /spans with {name}");
        findings.add_all(check_failure(&subject, StatusCode::BAD_REQUEST, &answer));
    }
    let good = format!("/traces/{good_id}");
    let answer = session.get(&good).await?;
    if answer.status != StatusCode::NOT_FOUND {
        let expected = "404, because every batch with this trace was refused";
        findings.add(wrong_answer(&good, expected, &answer));
    }
    Ok(())
}

async fn post(session: &Session, batch: &Value) -> Result<Answer, LoadError> {
    let sent = session.client().post_spans(batch.to_string().into()).await;
    sent.map_err(|error| session.lost("/spans", error.to_string()))
}

/// Makes the JSON of a root span that started a second before `now` and ends then.
fn span(random: &mut Random, trace_id: TraceId, now: Timestamp) -> Value {
    json!({
        "trace_id": trace_id.to_string(),
        "span_id": generate::trace_id(random.next(), 1).to_string(),
        "service": "checkout",
        "operation": "GET /cart",
        "start_time": now.saturating_sub(1_000_000_000).0,
        "end_time": now.0,
        "status": "ok",
    })
}

/// Checks that a trace is found by its id in upper case and without hyphens, and that the answer has the id in lower
/// case with hyphens.
async fn check_other_forms_of_id(
    session: &Session,
    oracle: &Oracle,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let asked = session.now();
    let edges = session.edges_since(asked);
    let newest = (0..oracle.len()).rev();
    let Some(index) = newest.into_iter().find(|&index| oracle.listed(index, edges) == Expectation::Required)
    else {
        return Ok(());
    };
    let plain = oracle.trace_id(index).to_string();
    let bare = plain.replace('-', "");
    for form in [plain.to_uppercase(), bare.to_uppercase(), bare] {
        match session.detail(&form).await {
            Ok((detail, edges)) => {
                for mut difference in oracle.check_detail(index, detail.as_ref(), edges) {
                    difference.subject = format!("/traces/{form}");
                    findings.add(difference);
                }
            }
            Err(error) => error.report(findings)?,
        }
    }
    Ok(())
}
