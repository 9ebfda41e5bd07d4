//! What happens to the data directory while a server uses it: a volume fills up, the folder is deleted.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use platform::disk::{Disk as _, RealDisk};
use platform::{Clock as _, SystemClock};

use crate::process::{Server, eventually, folder};

const PATIENCE: Duration = Duration::from_secs(20);
/// A tag of a kilobyte that does not compress.
const TAG_WORDS: u64 = 64;

/// A batch of about so many kilobytes; its traces are new ones.
fn batch(number: u64, kilobytes: u64) -> String {
    let now = SystemClock.now().0;
    let word = |seed: u64| format!("{:016x}", seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (seed >> 7));
    let span = |place: u64| {
        let id = format!("00000000-0000-4000-8000-{:012x}", number * 1000 + place + 1);
        let tag: String =
            (0..TAG_WORDS).map(|part| word((number * 1000 + place) * TAG_WORDS + part)).collect();
        format!(
            "{{\"trace_id\":\"{id}\",\"span_id\":\"{id}\",\"service\":\"s\",\"operation\":\"o\",\"start_time\":{now},\"end_time\":{now},\"status\":\"ok\",\"tags\":{{\"a\":\"{tag}\"}}}}"
        )
    };
    format!("{{\"spans\":[{}]}}", (0..kilobytes).map(span).collect::<Vec<_>>().join(","))
}

fn start(data: &Path) -> Server {
    Server::start(&["--listen", "127.0.0.1:0", "--data-dir", data.to_str().expect("text")], &[])
}

/// A small volume in memory; it goes with the test.
struct Volume {
    path: PathBuf,
}

impl Volume {
    /// Returns `None` where this user may not mount anything.
    fn mount(path: &Path, megabytes: u32) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "traced-test"]).arg(path);
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then(|| Self { path: path.to_owned() })
    }

    /// Takes all that is left of the volume.
    fn fill(&self, name: &str) {
        let disk = RealDisk::open(&self.path.join("others")).expect("there is room for a name");
        let mut file = disk.create(name).expect("there is room for a name");
        while file.append(&[7; 4096]).is_ok() {}
    }

    /// Mounts it again, so that nobody can write to it, or so that one can.
    fn remount(&self, mode: &str) {
        let mut mount = Command::new("mount");
        let status = mount.args(["-o", &format!("remount,{mode}")]).arg(&self.path).status();
        assert!(status.expect("it starts").success());
    }

    fn clear(&self) {
        let disk = RealDisk::open(&self.path.join("others")).expect("it is there");
        for entry in disk.list().expect("it can be read") {
            disk.remove(&entry.name).expect("it is ours");
        }
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.path).output());
    }
}

fn refused(server: &Server, batches: std::ops::Range<u64>) -> usize {
    batches.filter(|&number| server.ask("POST", "/spans", &batch(number, 100)).0 != 202).count()
}

fn takes_writes(server: &Server) -> bool {
    server.ask("GET", "/ready", "").0 == 200
}

#[test]
#[cfg(target_os = "linux")]
fn a_volume_that_fills_up_passes() {
    let folder = folder();
    let Some(volume) = Volume::mount(folder.path(), 16) else {
        println!("SKIPPED: this user may not mount a volume, so no real disk was filled");
        return;
    };
    let data = folder.path().join("data");
    let server = start(&data);
    assert_eq!(refused(&server, 0..400), 0, "40 MB go through 16 MiB: the oldest make room");
    volume.fill("a");
    refused(&server, 400..401);
    assert!(eventually(PATIENCE, || takes_writes(&server)), "the reserve gives room, then the oldest do");
    assert!(refused(&server, 401..500) < 50);
    server.kill();
    volume.fill("b");
    let server = start(&data);
    assert!(server.is_ready(), "it starts on a full volume");
    assert!(!server.ask("GET", "/traces?limit=1", "").1.contains("\"total\":0}"), "and can be read");
    volume.clear();
    assert!(eventually(PATIENCE, || takes_writes(&server)));
    assert_eq!(refused(&server, 500..600), 0);
    server.kill();
    volume.remount("ro");
    let server = start(&data);
    assert!(server.is_ready() && !takes_writes(&server), "it starts where nothing can be written");
    assert!(!server.ask("GET", "/traces?limit=1", "").1.contains("\"total\":0}"), "and can be read");
    volume.remount("rw");
    assert!(eventually(PATIENCE, || takes_writes(&server)));
    assert_eq!(refused(&server, 600..610), 0);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test deletes the folder behind the server's back")]
fn a_folder_that_is_deleted_is_one_line_of_the_log_and_a_count() {
    let folder = folder();
    let data = folder.path().join("data");
    let server = start(&data);
    assert_eq!(refused(&server, 0..3), 0);
    std::fs::remove_dir_all(&data).expect("it is ours");
    // The second server gets a folder of its own, and is not disturbed.
    let second = start(&data);
    assert_eq!(refused(&server, 3..53), 50);
    assert!(!takes_writes(&server) && server.is_ready());
    assert_eq!(refused(&second, 0..3), 0);
    server.signal("TERM");
    let (_, stderr) = server.wait();
    let told: Vec<_> = stderr.lines().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(told.iter().filter(|line| line.contains("batches are refused")).count(), 1, "{told:#?}");
    // Segments and files that are not needed can fail as well, once each.
    assert!(told.len() <= 3, "{told:#?}");
    assert!(second.is_ready());
}

/// Whether the server has answered, which it does even if it must leave something out.
fn damaged_files(server: &Server) -> u64 {
    let (status, body) = server.ask("GET", "/health", "");
    assert_eq!(status, 200, "{body}");
    let (_, rest) = body.split_once("\"damaged_files\":").expect("a count");
    rest.split([',', '}']).next().expect("a number").parse().expect("a number")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test cuts a file behind the server's back")]
fn a_segment_that_is_cut_off_while_a_server_reads_it_ends_neither_it_nor_the_next_start() {
    let folder = folder();
    let server = Server::start(
        &["--listen", "127.0.0.1:0", "--window", "20s", "--data-dir", folder.path().to_str().expect("text")],
        &[],
    );
    assert_eq!(refused(&server, 0..5), 0);
    let segment = || {
        let disk = std::fs::read_dir(folder.path()).expect("it is there");
        let mut paths = disk.map(|entry| entry.expect("it is there").path());
        paths.find(|path| path.extension().is_some_and(|extension| extension == "segment"))
    };
    assert!(
        eventually(PATIENCE, || segment().is_some()),
        "a generation is sealed after a part of the window"
    );
    assert!(server.ask("GET", "/traces?limit=1000", "").1.contains("\"trace_id\""), "the file was read");
    let path = segment().expect("it is there");
    std::fs::OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(0)).expect("it is ours");
    let asked = eventually(PATIENCE, || {
        assert_eq!(server.ask("GET", "/traces?limit=1000", "").0, 200);
        damaged_files(&server) > 0
    });
    assert!(asked, "the server lives, and says what it does without");
    server.kill();
    let server = start(folder.path());
    assert_eq!(server.ask("GET", "/traces?limit=1000", "").0, 200);
}
