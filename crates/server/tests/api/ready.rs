//! A disk that cannot be written: batches are refused, queries are answered, and the probes can tell.

use hyper::StatusCode;
use serde_json::json;
use server::{Data, Limits};
use store::Settings;
use tempfile::TempDir;

use crate::support::{NOW, TestServer};

fn batch(number: u8) -> serde_json::Value {
    let id = format!("00000000-0000-4000-8000-0000000000{number:02x}");
    json!({ "spans": [{
        "trace_id": id, "span_id": id, "service": "s", "operation": "o", "start_time": NOW, "end_time": NOW, "status": "ok",
    }] })
}

#[tokio::test]
async fn while_nothing_can_be_written_the_server_lives_and_is_not_ready() {
    let parent = TempDir::new().expect("a temporary folder");
    let folder = parent.path().join("data");
    let server = TestServer::on(Data::Folder(folder.clone()), Limits::default(), Settings::default()).await;
    assert_eq!(server.post(batch(1).to_string()).await.status, StatusCode::ACCEPTED);
    assert_eq!(server.get("/ready").await.json(), json!({ "status": "ready" }));
    assert_eq!(server.get("/health").await.json()["writes"], "accepted");
    // As good as a disk that cannot be written, and works for every user.
    #[expect(clippy::disallowed_methods, reason = "the test deletes the folder behind the server's back")]
    std::fs::remove_dir_all(&folder).expect("it is ours");
    let refused = server.post(batch(2).to_string()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.error().contains("deleted"), "{}", refused.error());
    let ready = server.get("/ready").await;
    assert_eq!((ready.status, ready.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert!(ready.error().contains("batches are refused"), "{}", ready.error());
    let health = server.get("/health").await;
    assert_eq!((health.status, &health.json()["writes"]), (StatusCode::OK, &json!("refused")));
    assert!(health.json()["trouble"].as_str().is_some_and(|trouble| trouble.contains("deleted")));
    assert_eq!(server.get("/traces").await.json()["total"], 1);
    assert_eq!(server.metric("traced_writes_refused").await, 1);
}
