//! No circles of files: within a crate, a file never imports from one that imports from it, on however long a way.
//!
//! What counts is which file *defines* what another one names. A parent that declares and re-exports its children
//! names nothing, so it closes no circle; a child that needs what its parent's `mod.rs` defines does, once the
//! parent needs the child.

mod components;
mod imports;
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::sources::Crate;
use crate::{check_none, read_if_there, tracked};

use components::components;
use imports::Imports;

#[test]
fn no_file_imports_from_a_file_that_imports_from_it() {
    let roots = tracked().into_iter().filter(|path| is_crate_root(path));
    let circles: Vec<String> = roots.flat_map(|path| circles(&path, &read_if_there)).collect();
    check_none("files import each other in a circle; move what both need into a file below them", &circles);
}

/// The first file of a library, a program, or a test with folders of its own.
fn is_crate_root(path: &str) -> bool {
    let names = ["/src/lib.rs", "/src/main.rs"];
    names.iter().any(|name| path.ends_with(name)) || (path.contains("/tests/") && path.ends_with("/main.rs"))
}

/// Each circle below the first file of a crate, described: its files, and the imports that close it.
fn circles(first_file: &str, read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let imports = Imports::of(&Crate::read(first_file, read));
    let circles = components(&imports.graph()).into_iter().filter(|files| files.len() > 1);
    circles.map(|files| describe(&files, &imports)).collect()
}

fn describe(files: &BTreeSet<String>, imports: &Imports) -> String {
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    let mut text = format!("{} files: {}", files.len(), names.join(" "));
    for (from, to, paths) in imports.between(files) {
        write!(text, "\n    {from} -> {to}: {}", paths.join(", ")).expect("a string takes all text");
    }
    text
}
