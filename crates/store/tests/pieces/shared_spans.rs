//! Several spans with one id, which arrive in any order and lie in several places.

use std::collections::HashSet;

use span::{Kind, Reporter, SERVICE_INSTANCE, SpanId, TraceId};
use store::Durability;
use testkit::owned_span::OwnedResourceScope;
use testkit::{OwnedAttribute, OwnedSpan};

use crate::{Stage, Step, at, child, now, ok, root};

/// A Zipkin server continues with the client's span id, and translators of such spans keep it.
#[test]
fn the_two_halves_of_a_call_with_one_id_are_two_spans_in_every_order_and_batch() {
    let half = |kind, service: &str, seconds| OwnedSpan {
        kind,
        service: service.to_owned(),
        ..child(1, 2, seconds)
    };
    let client = || half(Kind::CLIENT, "shop", -8);
    let server = || half(Kind::SERVER, "stock", -7);
    let below = || OwnedSpan { service: "stock".to_owned(), ..OwnedSpan::child(1, 3, 2, at(-6)) };
    let all = || vec![client(), server(), below()];
    let mut orders = vec![[client(), server(), below()], [server(), client(), below()]];
    orders.extend([[below(), server(), client()], [server(), below(), client()]]);
    for order in orders {
        let mut stage = Stage::new(Durability::Os);
        let last = now(vec![root(1, 1, 'a', -9)], &[ok(1, 'a', 4)], &[]);
        for span in order {
            stage.begin(&now(vec![span], &[], &[]));
            stage.take(Step::Freeze);
            stage.take(Step::Seal);
        }
        stage.begin(&last);
        // All spans arrive again, in one batch.
        for again in [vec![], all(), vec![server()], vec![client()]] {
            stage.begin(&now(again, &[], &[]));
            for step in [Step::Merge, Step::Restart] {
                stage.take(step);
                stage.check(&last, "halves");
                check_halves(&stage);
            }
        }
    }
}

fn check_halves(stage: &Stage) {
    let [first, second, third] = [1, 2, 3].map(|span| SpanId::from_bytes([span; 16]));
    let trace = stage.store.trace(TraceId::from_bytes([1; 16]), stage.now).expect("it is inside the window");
    let mut found = Vec::new();
    trace.for_each(0..trace.len(), |span| found.push((span.span_id, span.parent_span_id)));
    let half = Reporter::of(Kind::SERVER, "stock", None).id_of_copy(second);
    let expected = [(first, None), (second, Some(first)), (half, Some(second)), (third, Some(half))];
    assert_eq!(found, expected);
    assert_eq!(trace.span_ids().collect::<Vec<_>>(), expected.map(|(id, _)| id));
}

/// Sends the spans one by one in every order, each into a segment of its own, then all of them again.
fn check_all_are_kept(spans: &[OwnedSpan; 3]) {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        for is_sealed in [true, false] {
            let mut stage = Stage::new(Durability::Os);
            stage.begin(&now(vec![root(1, 1, 'a', -9)], &[ok(1, 'a', 1)], &[]));
            for (place, index) in order.into_iter().enumerate() {
                let chapter = now(vec![spans[index].clone()], &[ok(1, 'a', place as u64 + 2)], &[]);
                stage.begin(&chapter);
                if is_sealed {
                    stage.take(Step::Freeze);
                    stage.take(Step::Seal);
                }
                stage.check(&chapter, "one by one");
            }
            let last = now(spans.to_vec(), &[ok(1, 'a', 4)], &[]);
            for step in [Step::Merge, Step::Restart] {
                stage.begin(&last);
                stage.take(step);
                stage.check(&last, "all again");
                let trace = stage.store.trace(TraceId::from_bytes([1; 16]), stage.now).expect("it is there");
                let ids: HashSet<SpanId> = trace.span_ids().collect();
                assert_eq!(ids.len(), 4, "each span can be asked for by an id of its own");
            }
        }
    }
}

#[test]
fn spans_of_one_id_and_different_kinds_are_all_kept_in_every_order() {
    let of_kind = |kind| OwnedSpan { kind, ..child(1, 2, -8) };
    for other in [Kind::UNSPECIFIED, Kind::INTERNAL, Kind::PRODUCER, Kind::CONSUMER] {
        check_all_are_kept(&[other, Kind::CLIENT, Kind::SERVER].map(of_kind));
    }
}

/// A call that is sent to several servers has one id in all of them.
#[test]
fn servers_of_one_id_are_all_kept_if_their_service_or_instance_differs() {
    let server = |service: &str, instance: &str| OwnedSpan {
        kind: Kind::SERVER,
        service: service.to_owned(),
        resource_scope: Some(OwnedResourceScope {
            resource_attributes: vec![OwnedAttribute::text(SERVICE_INSTANCE, instance)],
            ..OwnedResourceScope::default()
        }),
        ..child(1, 2, -8)
    };
    check_all_are_kept(&[server("stock", "10.0.0.1"), server("stock", "10.0.0.2"), server("shop", "")]);
}
