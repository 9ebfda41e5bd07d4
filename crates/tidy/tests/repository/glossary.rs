//! `docs/glossary.md` has a word for every public type, and what it says about places is true.

use std::collections::BTreeSet;

use crate::documents::mentioned;
use crate::sources::{Crate, Target, Visible};
use crate::{check_none, read, read_if_there, tracked};

const GLOSSARY: &str = "docs/glossary.md";

/// Words that say the same everywhere, beside those of the glossary: a name that is put together from both needs no
/// explanation. `SpanReader` reads spans, `OwnedLink` is a link that owns what it has.
const PLAIN_WORDS: [&str; 43] = [
    "append",
    "args",
    "attribute",
    "bytes",
    "change",
    "clock",
    "condvar",
    "config",
    "disk",
    "durability",
    "entry",
    "error",
    "event",
    "file",
    "guard",
    "id",
    "key",
    "link",
    "list",
    "lock",
    "memory",
    "minutes",
    "mutex",
    "order",
    "owned",
    "parameters",
    "range",
    "raw",
    "read",
    "reader",
    "real",
    "rw",
    "serve",
    "settings",
    "summary",
    "system",
    "target",
    "time",
    "timestamp",
    "url",
    "value",
    "write",
    "writer",
];

#[test]
fn every_public_type_is_in_the_glossary() {
    let glossary = Words::of(&read(GLOSSARY));
    let libraries = tracked().into_iter().filter(|path| path.ends_with("/src/lib.rs"));
    let mut offenders = Vec::new();
    for library in libraries {
        let names = public_types(&Crate::read(&library, &read_if_there));
        let unknown = names.into_iter().filter(|name| !glossary.explain(name));
        offenders.extend(unknown.map(|name| format!("{library}: {name}")));
    }
    check_none(
        "a public type is in docs/glossary.md, or put together from its words and plain ones",
        &offenders,
    );
}

/// Whether the place exists is checked with the paths of all documents.
#[test]
fn every_word_of_the_glossary_has_a_place() {
    let mut offenders = Vec::new();
    for line in read(GLOSSARY).lines().filter(|line| line.starts_with("| ") && !is_head(line)) {
        let place = line.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        if mentioned(place).is_empty() {
            offenders.push(line.to_owned());
        }
    }
    check_none("a word of the glossary says in which file or folder it lives", &offenders);
}

fn is_head(line: &str) -> bool {
    line.starts_with("| word |") || line.starts_with("| --- |")
}

/// The words of a text, in lower case, one after the other.
struct Words(String);

impl Words {
    fn of(text: &str) -> Self {
        let words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
        Self(format!(" {} ", words.map(singular).collect::<Vec<_>>().join(" ")))
    }

    /// Whether `LiveSegment` stands there as itself or as "live segment", or each of its words is known.
    fn explain(&self, name: &str) -> bool {
        let words: Vec<String> = split_camel(name).iter().map(|word| singular(word)).collect();
        let is_plain = |word: &String| PLAIN_WORDS.iter().any(|plain| singular(plain) == *word);
        self.has(&singular(name))
            || self.has(&words.join(" "))
            || words.iter().all(|word| is_plain(word) || self.has(word))
    }

    fn has(&self, words: &str) -> bool {
        self.0.contains(&format!(" {words} "))
    }
}

fn singular(word: &str) -> String {
    let word = word.to_lowercase();
    word.strip_suffix('s').filter(|rest| rest.len() > 2).map_or(word.clone(), str::to_owned)
}

fn split_camel(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for char in name.chars() {
        match words.last_mut() {
            Some(word) if !char.is_uppercase() => word.push(char),
            _ => words.push(char.to_string()),
        }
    }
    words
}

/// Types and traits that another crate can name, by the way from the root.
fn public_types(all: &Crate) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut modules = vec![0];
    let mut seen = BTreeSet::new();
    while let Some(number) = modules.pop() {
        if !seen.insert(number) {
            continue;
        }
        let module = &all.modules[number];
        for name in &module.public {
            match module.children.get(name) {
                Some(child) => modules.push(*child),
                None => names.extend(is_type(name).then(|| name.clone())),
            }
        }
        for import in module.imports.iter().filter(|import| import.visibility == Visible::Outside) {
            match all.resolve(number, &import.path, 0) {
                Some(Target::ItemOf(_)) => names.extend(is_type(&import.name).then(|| import.name.clone())),
                Some(Target::Module(module)) => modules.push(module),
                None => {}
            }
        }
    }
    names
}

/// By its form: `CamelCase` is a type or a trait.
fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && (name.contains(char::is_lowercase) || name.len() == 1)
}

#[test]
fn public_types_are_found_through_modules_and_re_exports() {
    let files = [
        ("src/lib.rs", "pub mod open; mod shut; pub use shut::{Passed, function, A_NUMBER, inner};"),
        ("src/open.rs", "pub struct Shown; pub(crate) struct Kept; struct Own; pub use std::fmt::Debug;"),
        (
            "src/shut.rs",
            "pub struct Passed; pub struct Hidden; pub fn function() {} pub const A_NUMBER: u8 = 1;\
                         pub mod inner { pub trait Deep {} }",
        ),
    ];
    let read = |path: &str| files.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned());
    let names: Vec<String> = public_types(&Crate::read("src/lib.rs", &read)).into_iter().collect();
    assert_eq!(names, ["Deep", "Passed", "Shown"]);
}

#[test]
fn a_name_is_explained_as_itself_or_by_its_words() {
    let words = Words::of("| `LiveSegment` | a row of a trace |");
    for name in ["LiveSegment", "Row", "Rows", "TraceId", "OwnedRow", "LoadError"] {
        assert_eq!(words.explain(name), name != "LoadError", "{name}");
    }
    for name in ["Segment", "SpanId", "Tra"] {
        assert!(!words.explain(name), "{name}");
    }
}
