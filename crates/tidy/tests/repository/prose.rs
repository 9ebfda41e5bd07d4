//! Sentences in comments and documents begin with their subject.
//!
//! A sentence that begins with "Of what" or "The same" makes the reader look back for what it is about. The first
//! lines of a comment are often all that is read, so they say what the thing is.

use crate::{check_none, ends_with, read, tracked};

/// How a sentence does not begin; the subject, named, takes its place.
const RIDDLES: [&str; 5] = ["The same", "Of ", "Nothing where", "Nor ", "To be "];

#[test]
fn sentences_begin_with_their_subject() {
    let mut offenders = Vec::new();
    for path in tracked().iter().filter(|path| is_checked(path)) {
        for (line, sentence) in sentences(path, &read(path)) {
            if RIDDLES.iter().any(|riddle| sentence.starts_with(riddle)) {
                let start: String = sentence.chars().take(60).collect();
                offenders.push(format!("{path}:{line}: {start}"));
            }
        }
    }
    check_none("a sentence begins with what it is about", &offenders);
}

/// This file has to write what it looks for.
fn is_checked(path: &str) -> bool {
    ends_with(path, &["rs", "md", "ts", "tsx", "py", "sh"])
        && !path.ends_with("tidy/tests/repository/prose.rs")
}

/// The sentences of a document, or of the comments of a source, with the numbers of their lines.
fn sentences(path: &str, text: &str) -> Vec<(usize, String)> {
    let mut sentences = Vec::new();
    let mut goes_on = false;
    for (number, prose) in (1..).zip(prose(path, text)) {
        let (Prose::Begins(text) | Prose::GoesOn(text)) = prose else {
            goes_on = false;
            continue;
        };
        let mut parts = text.split_inclusive(". ").map(|part| part.trim().to_owned());
        if goes_on && matches!(prose, Prose::GoesOn(_)) {
            // The rest of a sentence from the line before.
            parts.next();
        }
        sentences.extend(parts.map(|sentence| (number, sentence)));
        goes_on = !text.trim_end().ends_with(['.', ':', '?', '!']);
    }
    sentences
}

/// What a line has of prose.
#[derive(Clone, Copy)]
enum Prose<'a> {
    None,
    /// A sentence begins here, whatever the line before has: an item of a list, a heading, a comment behind code.
    Begins(&'a str),
    GoesOn(&'a str),
}

impl<'a> Prose<'a> {
    fn goes_on(text: &'a str) -> Self {
        let marks = ["- ", "* ", "| ", "# ", "## ", "### ", "> "];
        let begins = marks.iter().find_map(|mark| text.strip_prefix(mark));
        if text.is_empty() { Self::None } else { begins.map_or(Self::GoesOn(text), Self::Begins) }
    }

    /// A comment behind code.
    fn behind(line: &'a str, marks: &[&str]) -> Self {
        let comment = marks.iter().find_map(|mark| Some(line.split_once(mark)?.1));
        comment.map_or(Self::None, Self::Begins)
    }
}

fn prose<'a>(path: &str, text: &'a str) -> Vec<Prose<'a>> {
    let mut is_quoted = false;
    let line_prose = |line: &'a str| {
        let line = line.trim_start();
        if ends_with(path, &["md"]) {
            is_quoted ^= line.starts_with("```");
            return if is_quoted || line.starts_with("```") { Prose::None } else { Prose::goes_on(line) };
        }
        if ends_with(path, &["py"]) && (is_quoted || line.starts_with("\"\"\"")) {
            is_quoted ^= line.matches("\"\"\"").count() == 1;
            return Prose::goes_on(line.trim_matches('"'));
        }
        if ends_with(path, &["py", "sh"]) {
            return line.strip_prefix("# ").map_or(Prose::behind(line, &["  # "]), Prose::GoesOn);
        }
        let whole = ["/// ", "//! ", "// ", "/** ", "* "].iter().find_map(|start| line.strip_prefix(start));
        whole.map_or(Prose::behind(line, &["; // ", ", // ", "{ // "]), Prose::goes_on)
    };
    text.lines().map(line_prose).collect()
}

#[test]
fn riddles_are_found_at_the_starts_of_sentences_only() {
    let starts = |path: &str, text: &str| -> Vec<String> {
        sentences(path, text).into_iter().map(|(_, sentence)| sentence).collect()
    };
    let rust = "/// One. The same\n/// of two: Of\n/// three.\n/// Of four\nlet x = 1; // Of five\nlet y = \"Of six\";\n// Of seven";
    assert_eq!(starts("a.rs", rust), ["One.", "The same", "Of four", "Of five", "Of seven"]);
    let markdown = "# Head\n\nA line\nof text. Of it\n\n* Of items\n```\nOf code\n```\n";
    assert_eq!(starts("a.md", markdown), ["Head", "A line", "Of it", "Of items"]);
    let python =
        "def f():\n    \"\"\"Of one.\n\n    Of two.\n    \"\"\"\n    x = \"Of three\"\n    # Of four\n";
    assert_eq!(starts("a.py", python), ["Of one.", "Of two.", "Of four"]);
}
