//! Measures embedded stores and our own engine with one set of spans: `make baseline`.
//!
//! Each store runs in a process of its own, whose processor time and memory are measured.
//! `docs/decisions/0008-our-own-engine.md` has the results.
#![expect(clippy::disallowed_methods, reason = "a measuring tool has a clock and a disk of its own")]

mod batch;
mod btree_redb;
mod codec;
mod contract;
mod generate;
mod lsm_fjall;
mod measure;
mod null;
mod ours;
mod phase;
mod run;
mod sliced;
mod sqlite;

use std::path::Path;
use std::process::ExitCode;

use contract::SpanStore;
use sliced::Sliced;

/// The allocator of the server.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const STORES: [&str; 5] = ["traced", "layout", "fjall", "redb", "sqlite"];
const SPANS: &str = "2000000";
/// How many time slices the window has in stores that drop tables; `fjall:4` asks for 4.
const SLICES: i64 = 8;

fn open(name: &str, folder: &Path) -> Option<Box<dyn SpanStore>> {
    let (name, slices) = name.split_once(':').unwrap_or((name, ""));
    let slices = slices.parse().unwrap_or(SLICES);
    Some(match name {
        "traced" => Box::new(ours::Ours::open(folder)),
        "layout" => Box::new(Sliced::open(null::Null, slices)),
        "fjall" => Box::new(Sliced::open(lsm_fjall::Fjall::open(folder), slices)),
        "redb" => Box::new(Sliced::open(btree_redb::Redb::open(folder), slices)),
        "sqlite" => Box::new(sqlite::Sqlite::open(folder)),
        _ => return None,
    })
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["child", phase, name, folder, spans] = arguments[..] {
        return child(phase, name, Path::new(folder), spans);
    }
    let (spans, names) = arguments.split_first().unwrap_or((&SPANS, &[]));
    let Ok(spans) = spans.parse() else {
        run::say("usage: baseline [SPANS [STORE…]]; stores: traced layout fjall redb sqlite");
        return ExitCode::FAILURE;
    };
    run::all(if names.is_empty() { &STORES } else { names }, spans)
}

fn child(phase: &str, name: &str, folder: &Path, spans: &str) -> ExitCode {
    let traces = generate::traces_for(spans.parse().expect("the parent has parsed it"));
    let open = || open(name, folder).expect("a store that was compiled in");
    match phase {
        "bare" => phase::bare(open().as_mut(), traces),
        "full" => phase::full(open().as_mut(), folder, traces),
        "crash" => phase::crash(open().as_mut(), traces),
        _ => phase::reopen(&open, traces),
    }
    ExitCode::SUCCESS
}
