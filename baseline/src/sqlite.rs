//! The store `SQLite`: a row for each trace in the order of arrival, an index by id, and one by the start of the root.
//!
//! Tuned: WAL with `synchronous=NORMAL` (a commit is written to the kernel; only a checkpoint syncs), a
//! checkpoint each 64 MiB so that a page which changes often is copied once, 256 MiB of cache, 1 GiB mapped,
//! pages of 4 KiB, statements prepared once. Expiry: `DELETE` by the index of starts, then an incremental vacuum.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};
use span::{Span, TraceId};

use crate::batch::{Counts, Names, by_trace, summarize};
use crate::codec::{self, EncodedTrace};
use crate::contract::{Listing, SpanStore, StoredSpan};

const SETTINGS: &str = "
    PRAGMA page_size = 4096;
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 16384;
    PRAGMA cache_size = -262144;
    PRAGMA mmap_size = 1073741824;
    PRAGMA temp_store = MEMORY;
    PRAGMA locking_mode = EXCLUSIVE;
";
/// `root` is the start of the root; `start` is the start of the first span that came.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS traces (
        number INTEGER PRIMARY KEY, root INTEGER, start INTEGER NOT NULL, id BLOB NOT NULL, spans BLOB NOT NULL);
    CREATE UNIQUE INDEX IF NOT EXISTS traces_by_id ON traces (id);
    CREATE INDEX IF NOT EXISTS traces_by_root ON traces (root) WHERE root IS NOT NULL;
    CREATE INDEX IF NOT EXISTS rootless ON traces (start) WHERE root IS NULL;
    CREATE TABLE IF NOT EXISTS counts (second INTEGER PRIMARY KEY, roots INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS names (number INTEGER PRIMARY KEY, text TEXT NOT NULL);
";

const FIND: &str = "SELECT number, root, spans FROM traces WHERE id = ?1";
const INSERT: &str = "INSERT INTO traces (root, start, id, spans) VALUES (?1, ?2, ?3, ?4)";
const UPDATE: &str = "UPDATE traces SET root = ?2, spans = ?3 WHERE number = ?1";
const LATEST: &str = "SELECT id, spans FROM traces WHERE root >= ?1 ORDER BY root DESC LIMIT ?2";
const COUNT: &str = "SELECT count(*) FROM traces WHERE root >= ?1 AND root < ?2";
const STATEMENTS_MAX: usize = 32;

pub(crate) struct Sqlite {
    db: Connection,
    names: Names,
    counts: Counts,
}

impl Sqlite {
    pub(crate) fn open(folder: &Path) -> Self {
        let db = Connection::open(folder.join("spans.sqlite")).expect("SQLite opens");
        db.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        db.execute_batch(SETTINGS).expect("SQLite takes the settings");
        db.execute_batch(SCHEMA).expect("SQLite takes the schema");
        let mut store = Self { db, names: Names::default(), counts: Counts::default() };
        store.restore().expect("SQLite reads");
        store
    }

    fn restore(&mut self) -> rusqlite::Result<()> {
        let mut names = self.db.prepare("SELECT text FROM names ORDER BY number")?;
        for text in names.query_map([], |row| row.get::<_, String>(0))? {
            self.names.restore(&text?);
        }
        let mut counts = self.db.prepare("SELECT second, roots FROM counts")?;
        for row in counts.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (second, roots) = row?;
            self.counts.restore(second, roots);
        }
        Ok(())
    }

    fn put(&mut self, batch: &[Span<'static>]) -> rusqlite::Result<()> {
        let Self { db, names, counts } = self;
        let tx = db.transaction()?;
        let spans = by_trace(batch);
        for group in spans.chunk_by(|a, b| a.trace_id == b.trace_id) {
            put_trace(&tx, group, names, counts)?;
        }
        for (second, roots) in counts.unsaved() {
            tx.prepare_cached("INSERT OR REPLACE INTO counts VALUES (?1, ?2)")?
                .execute([second, roots.into()])?;
        }
        for (number, text) in names.unsaved() {
            tx.execute("INSERT INTO names VALUES (?1, ?2)", params![number as i64, text])?;
        }
        tx.commit()
    }

    fn latest(&self, cutoff: i64, limit: usize) -> rusqlite::Result<Vec<crate::contract::Row>> {
        let mut latest = self.db.prepare_cached(LATEST)?;
        let rows = latest.query_map([cutoff, limit as i64], |row| {
            let id = TraceId::from_bytes(row.get(0)?);
            Ok(summarize(id, &codec::decode(row.get_ref(1)?.as_blob()?), &self.names))
        })?;
        rows.collect()
    }

    fn count(&self, from: i64, until: i64) -> rusqlite::Result<i64> {
        self.db.prepare_cached(COUNT)?.query_row([from, until], |row| row.get(0))
    }

    fn delete(&mut self, cutoff: i64) -> rusqlite::Result<()> {
        let tx = self.db.transaction()?;
        tx.execute("DELETE FROM traces WHERE root < ?1", [cutoff])?;
        tx.execute("DELETE FROM traces WHERE root IS NULL AND start < ?1", [cutoff])?;
        for second in self.counts.expire(cutoff) {
            tx.prepare_cached("DELETE FROM counts WHERE second = ?1")?.execute([second])?;
        }
        tx.commit()?;
        // Each row that is read from this statement frees a page.
        let mut vacuum = self.db.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    }
}

impl SpanStore for Sqlite {
    fn accept(&mut self, batch: &[Span<'static>]) {
        self.put(batch).expect("SQLite writes");
    }

    fn list(&mut self, cutoff: i64, limit: usize) -> Listing {
        let (later, next) = self.counts.after(cutoff);
        let edge = self.count(cutoff, next).expect("SQLite counts");
        let rows = self.latest(cutoff, limit).expect("SQLite lists");
        Listing { total: later + usize::try_from(edge).expect("a count"), rows }
    }

    fn trace(&mut self, id: TraceId) -> Vec<StoredSpan> {
        let mut find = self.db.prepare_cached(FIND).expect("SQLite prepares");
        let decode = |row: &rusqlite::Row<'_>| Ok(codec::decode(row.get_ref(2)?.as_blob()?));
        let spans = find.query_row([&id.to_bytes()[..]], decode).optional();
        spans.expect("SQLite reads").unwrap_or_default()
    }

    fn expire(&mut self, cutoff: i64) {
        self.delete(cutoff).expect("SQLite deletes");
    }

    fn settle(&mut self) {
        self.db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .expect("SQLite writes its log into the file");
    }
}

/// Adds spans of one trace to its row.
fn put_trace(
    tx: &Connection,
    group: &[Span<'static>],
    names: &mut Names,
    counts: &mut Counts,
) -> rusqlite::Result<()> {
    let id = group[0].trace_id.to_bytes();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Option<(i64, Option<i64>, Vec<u8>)> =
        tx.prepare_cached(FIND)?.query_row([&id[..]], read).optional()?;
    let (number, mut root, mut trace) = match found {
        None => (None, None, EncodedTrace::default()),
        Some((number, root, value)) => (Some(number), root, EncodedTrace::of(value)),
    };
    let mut grown = false;
    for span in group {
        if trace.append(span, names.number(span.service, span.name)) {
            grown = true;
            if span.is_root() {
                root = Some(span.start.0);
                counts.add_root(span.start.0);
            }
        }
    }
    match number {
        None => tx.prepare_cached(INSERT)?.execute(params![root, group[0].start.0, &id[..], trace.value])?,
        Some(number) if grown => tx.prepare_cached(UPDATE)?.execute(params![number, root, trace.value])?,
        Some(_) => 0,
    };
    Ok(())
}
