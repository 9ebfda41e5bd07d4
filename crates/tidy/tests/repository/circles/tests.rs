//! The check itself, on small made-up crates.

use super::circles;

/// Files below `src`, each with its text; the circles that are found, without the imports.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let read = |path: &str| {
        let file = files.iter().find(|(name, _)| path.strip_prefix("src/") == Some(name));
        file.map(|(_, text)| (*text).to_owned())
    };
    circles("src/lib.rs", &read)
        .into_iter()
        .map(|circle| circle.lines().next().unwrap_or_default().replace("src/", ""))
        .collect()
}

#[test]
fn two_files_that_import_each_other_are_a_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        ("b.rs", "use super::a::A; pub struct B(Box<A>);"),
        ("c.rs", "use crate::{a::A, b::{self, B as Other}}; fn c(_: A, _: b::B, _: Other) {}"),
    ];
    assert_eq!(found(&files), ["2 files: a.rs b.rs"]);
}

#[test]
fn a_longer_way_back_is_a_circle_too_and_a_failure_names_its_imports() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "pub fn a() { crate::b::b() }"),
        ("b.rs", "use crate::c; pub fn b() { c::c() }"),
        ("c.rs", "pub fn c() { println!(\"{}\", crate::a::a()) }"),
    ];
    assert_eq!(found(&files), ["3 files: a.rs b.rs c.rs"]);
    let read = |path: &str| {
        files.iter().find(|(name, _)| path == format!("src/{name}")).map(|(_, text)| (*text).to_owned())
    };
    let circle = circles("src/lib.rs", &read).join("\n");
    for line in [
        "src/a.rs -> src/b.rs: crate::b::b",
        "src/b.rs -> src/c.rs: c::c",
        "src/c.rs -> src/a.rs: crate::a::a",
    ] {
        assert!(circle.contains(line), "{circle}");
    }
}

#[test]
fn a_re_export_means_the_file_that_defines_the_name() {
    let open = [
        ("lib.rs", "mod folder; mod user; pub use folder::One;"),
        ("folder/mod.rs", "mod one; mod two; pub use one::One; pub(crate) use two::Two;"),
        ("folder/one.rs", "pub struct One;"),
        ("folder/two.rs", "use super::One; use crate::One as Same; pub struct Two(One, Same);"),
        ("user.rs", "use crate::folder::Two; pub struct User(Two);"),
    ];
    assert_eq!(found(&open), [""; 0]);
    let mut closed = open;
    closed[2].1 = "use crate::user::User; pub struct One(User);";
    assert_eq!(found(&closed), ["3 files: folder/one.rs folder/two.rs user.rs"]);
}

#[test]
fn a_parent_closes_a_circle_only_by_what_it_defines_itself() {
    let only_declares = [
        ("lib.rs", "mod parent;"),
        ("parent/mod.rs", "mod child; mod other; pub use child::Child; pub use other::Other;"),
        ("parent/child.rs", "use super::Other; pub struct Child(Other);"),
        ("parent/other.rs", "pub struct Other;"),
    ];
    assert_eq!(found(&only_declares), [""; 0]);
    let mut defines = only_declares;
    defines[1].1 =
        "mod child; mod other; use child::Child; use other::Other; pub struct Parent(Child, Other);";
    defines[2].1 = "use super::Parent; pub struct Child(Box<Parent>);";
    assert_eq!(found(&defines), ["2 files: parent/child.rs parent/mod.rs"]);
    // A name that is re-exported and used by the parent's own code counts as well.
    defines[1].1 =
        "mod child; mod other; pub use child::Child; use other::Other; pub struct Parent(Child, Other);";
    assert_eq!(found(&defines), ["2 files: parent/child.rs parent/mod.rs"]);
}

#[test]
fn what_only_tests_import_does_not_count() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "pub struct A; #[cfg(test)] use crate::b::B; #[cfg(test)] mod tests { use crate::b::B; }"),
        ("b.rs", "use crate::a::A; pub struct B(A); #[cfg(test)] mod tests;"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn names_of_other_crates_and_of_fields_are_no_imports() {
    let files = [
        ("lib.rs", "mod a; mod span; mod tag { pub const ONE: u8 = 1; pub use super::span::Span; }"),
        (
            "a.rs",
            "use span::Span; use crate::tag; pub fn a(x: Span) { assert_eq!(x.b, tag::ONE); std::mem::drop(x) }",
        ),
        ("span.rs", "use ::a::a; pub struct Span(::a::Other); pub fn b() { a() }"),
    ];
    assert_eq!(found(&files), [""; 0]);
}
