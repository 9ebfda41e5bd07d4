//! A question meets a damaged segment: the answer says that it does without it, and later answers come from a store that
//! no longer has it.

use std::sync::Arc;

use hyper::StatusCode;
use platform::disk::{Disk as _, RealDisk};
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use server::{Data, Limits};
use span::{SpanId, TimeRange, Timestamp, TraceId};
use store::{NoTrace, Settings, Store};
use tempfile::TempDir;
use testkit::{OwnedAttribute, OwnedSpan, SimDisk, with_borrowed};

use crate::support::{NOW, SECOND, TestServer, eventually};

const START: Timestamp = Timestamp(NOW);
const HEADER: &str = "traced-segments-left-out";
const MEMBER: &str = "segments_left_out";

/// The trace with its root in one segment and the rest in the one that is damaged.
fn split_id() -> TraceId {
    TraceId::from_bytes([77; 16])
}

fn split_root() -> OwnedSpan {
    OwnedSpan::root(77, 1, START.saturating_add(-30 * SECOND))
}

/// Spans with so many bytes of attributes that the middle of their segment is attributes. Only reading the trace reads
/// them.
fn bulk() -> Vec<OwnedSpan> {
    let mut random = SmallRng::seed_from_u64(1);
    let mut span = |number: u32| {
        let noise: String = (0..300).map(|_| char::from(random.random_range(b' '..=b'~'))).collect();
        OwnedSpan {
            span_id: span_id(number),
            attributes: vec![OwnedAttribute::text("noise".to_owned(), noise)],
            ..OwnedSpan::child(77, 0, 1, START.saturating_add(-20 * SECOND))
        }
    };
    (0..1500).map(&mut span).collect()
}

/// Traces whose segment has only what a list shows.
fn roots() -> Vec<OwnedSpan> {
    let root = |number: u32| OwnedSpan {
        trace_id: TraceId::from_bytes(span_id(number).to_bytes()),
        name: format!("GET /{number}"),
        ..OwnedSpan::root(1, 1, START.saturating_add(-SECOND - i64::from(number)))
    };
    (0..6000).map(root).collect()
}

fn span_id(number: u32) -> SpanId {
    let mut id = [9; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    SpanId::from_bytes(id)
}

/// Settings under which nothing is merged unasked.
fn settings() -> Settings {
    Settings { merged_segments: 100, cores: 1, ..Settings::default() }
}

/// A data folder with one segment for each of these batches, of which the largest is damaged where this question meets
/// it and a start does not.
fn damaged(batches: &[Vec<OwnedSpan>], left_out: impl Fn(&Store) -> usize) -> TempDir {
    let disk = SimDisk::new();
    let store = Store::open(settings(), Arc::new(disk.clone()), START).expect("the disk is empty");
    for batch in batches {
        with_borrowed(batch, |spans| store.accept(spans, START)).expect("there is room");
        store.freeze(START);
        assert!(store.seal());
    }
    drop(store);
    let names = disk.list().expect("it has files").into_iter().map(|entry| entry.name);
    let files: Vec<(String, Vec<u8>)> =
        names.map(|name| (name.clone(), disk.open(&name).expect("it is there").to_vec())).collect();
    let segments = (0..files.len()).filter(|&at| files[at].0.contains(".segment"));
    let largest = segments.max_by_key(|&at| files[at].1.len()).expect("there is a segment");
    let bytes = files[largest].1.len();
    let with_damage = |place: usize| {
        let mut files = files.clone();
        files[largest].1[place] ^= 1;
        files
    };
    let is_met = |files: &Vec<(String, Vec<u8>)>| {
        let store = Store::open(settings(), Arc::new(SimDisk::holding(files.clone())), START);
        let store = store.expect("damage ends no start");
        store.stats(START).health.damaged_files == 0 && left_out(&store) == 1
    };
    // From the middle on, around the file.
    let places = (0..64).map(|step| (bytes / 2 + step * bytes / 64) % bytes);
    let found = places.map(with_damage).find(is_met).expect("there is such a place");
    let folder = TempDir::new().expect("a folder");
    let disk = RealDisk::open(folder.path()).expect("the folder is there");
    for (name, bytes) in found {
        disk.create(&name).and_then(|mut file| file.append(&bytes)).expect("there is space");
    }
    drop(disk);
    folder
}

/// A folder whose damage is met by whoever reads the split trace.
fn damaged_trace() -> TempDir {
    damaged(&[vec![split_root()], bulk()], |store| {
        store.trace(split_id(), START).map_or_else(NoTrace::left_out, |trace| trace.left_out())
    })
}

/// A folder whose damage is met by whoever lists the traces.
fn damaged_list() -> TempDir {
    damaged(&[vec![split_root()], roots()], |store| store.snapshot(START).list(TimeRange::ALL, 1000).left_out)
}

async fn serve(folder: &TempDir) -> TestServer {
    TestServer::on(Data::Folder(folder.path().to_owned()), Limits::default(), settings()).await
}

async fn check_reports(server: &TestServer, files: u64) {
    assert_eq!(server.get("/health").await.json()["damaged_files"], files);
    assert_eq!(server.metric("traced_damaged_files_total").await, files);
}

/// Waits until maintenance has restored the roots that the damaged segment superseded.
async fn restored(server: &TestServer) {
    eventually("roots are restored", async || server.get("/traces").await.header(HEADER).is_empty()).await;
}

/// Asks twice: the first answer does without a segment and says so in a header, the second has nothing to say.
async fn check_header(folder: &TempDir, path: &str) {
    let server = serve(folder).await;
    check_reports(&server, 0).await;
    for expected in ["1", ""] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        assert_eq!(answer.header(HEADER), expected, "{path}");
        let exposed = answer.header("access-control-expose-headers");
        assert!(exposed.contains(HEADER), "pages of other origins may read it: {exposed}");
        assert!(answer.json().get(MEMBER).is_none(), "{path} has the form that others define");
        check_reports(&server, 1).await;
        restored(&server).await;
    }
    let listed = server.get("/traces").await;
    assert_eq!((listed.header(HEADER), &listed.json()["total"]), ("", &1.into()), "the rest is served");
    server.stop().await;
}

/// Asks twice, as above, for a JSON object of API v1, which says it in a member.
async fn check_member(folder: &TempDir, path: &str) {
    let server = serve(folder).await;
    for expected in [Some(1), None] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        assert_eq!(answer.json().get(MEMBER).map(|left_out| left_out.as_u64().expect("a count")), expected);
        assert_eq!(answer.header(HEADER), "", "{path} says it in the body");
        check_reports(&server, 1).await;
        restored(&server).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_trace_that_meets_damage_says_so_in_a_header() {
    check_header(&damaged_trace(), &format!("/traces/{}", split_id())).await;
}

#[tokio::test]
async fn a_whole_trace_that_meets_damage_says_so_in_a_header() {
    check_header(&damaged_trace(), &format!("/api/v1/traces/{}", split_id())).await;
}

#[tokio::test]
async fn a_list_that_meets_damage_says_so_in_a_header() {
    check_header(&damaged_list(), "/traces?limit=1000").await;
}

#[tokio::test]
async fn a_tree_that_meets_damage_says_so_in_a_member() {
    check_member(&damaged_trace(), &format!("/api/v1/traces/{}/tree", split_id())).await;
}

#[tokio::test]
async fn points_that_meet_damage_say_so_in_a_member() {
    check_member(&damaged_list(), "/api/v1/traces/points").await;
}

#[tokio::test]
async fn a_trace_that_may_be_in_a_damaged_segment_is_not_said_to_have_left_the_window() {
    let other_root = OwnedSpan::root(1, 1, START.saturating_add(-30 * SECOND));
    let folder = damaged(&[vec![other_root], bulk()], |store| {
        store.trace(split_id(), START).map_or_else(NoTrace::left_out, |trace| trace.left_out())
    });
    let server = serve(&folder).await;
    let path = format!("/traces/{}", split_id());
    for (left_out, sentence) in
        [("1", "a damaged segment"), ("", "or was in a damaged file (1 since the start")]
    {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
        assert_eq!(answer.header(HEADER), left_out);
        assert!(answer.error().contains(sentence), "{answer:?}");
    }
    server.stop().await;
}
