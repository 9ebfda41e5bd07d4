//! The API reference: the `OpenAPI` document in its two forms, and the page made from it.
//!
//! The document is the source; the page adds nothing that the document does not say.

mod markup;
mod operation;
mod schema;

use std::sync::LazyLock;

use serde_json::Value;

use markup::Html;
use operation::Operation;

const YAML: &str = include_str!("../../assets/openapi.yaml");
const JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// The methods a path item may have, in the order in which the page shows them.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The document as it was written.
pub(crate) fn yaml() -> &'static str {
    YAML
}

/// The same document as JSON.
pub(crate) fn json() -> &'static str {
    JSON
}

/// The same document, parsed.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(JSON).expect("the build script wrote valid JSON"));
    &DOCUMENT
}

/// The page for people: one document without scripts, whose only other file is a local stylesheet.
pub(crate) fn html(openapi: &Value) -> String {
    let operations = operations(openapi);
    let title = format!("{} API reference", text_at(openapi, "/info/title"));
    let mut page = Html::document(&title);
    page.nest("header", &[], |header| {
        header.nest("p", &[("class", "back")], |p| {
            p.leaf("a", &[("href", "/")], "Recent traces");
        });
        header.leaf("h1", &[], &title);
        header.leaf("p", &[("class", "lead")], text_at(openapi, "/info/summary"));
    });
    page.nest("div", &[("class", "columns")], |columns| {
        columns.nest("nav", &[("aria-label", "Operations")], |nav| {
            contents(nav, openapi, &operations);
        });
        columns.nest("main", &[("id", "main")], |main| {
            main.prose(text_at(openapi, "/info/description"));
            for operation in &operations {
                operation.section(main, openapi);
            }
        });
    });
    page.finish()
}

fn contents(nav: &mut Html, openapi: &Value, operations: &[Operation<'_>]) {
    for tag in list_at(openapi, "/tags") {
        let name = text_at(tag, "/name");
        nav.leaf("h2", &[], name);
        nav.leaf("p", &[], text_at(tag, "/description"));
        nav.nest("ul", &[], |list| {
            for operation in operations.iter().filter(|operation| operation.tag() == name) {
                list.nest("li", &[], |item| operation.link(item));
            }
        });
    }
    nav.leaf("h2", &[], "As a file");
    nav.nest("ul", &[], |list| {
        for file in ["/openapi.json", "/openapi.yaml"] {
            list.nest("li", &[], |item| item.leaf("a", &[("href", file)], file));
        }
    });
}

fn operations(openapi: &Value) -> Vec<Operation<'_>> {
    let paths = openapi.pointer("/paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            METHODS
                .into_iter()
                .filter_map(move |method| item.get(method).map(|body| Operation { path, method, body }))
        })
        .collect()
}

/// The text at a JSON pointer, or nothing.
fn text_at<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The items at a JSON pointer, or none.
fn list_at<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Follows `$ref` until a value without one; what stands beside a `$ref` is the caller's to read.
fn resolve<'a>(openapi: &'a Value, value: &'a Value) -> &'a Value {
    /// Limit: a chain longer than this is a mistake in the document, perhaps a circle.
    const REFERENCES_MAX: usize = 8;
    let mut value = value;
    for _ in 0..REFERENCES_MAX {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return value;
        };
        let target = reference.strip_prefix('#').and_then(|pointer| openapi.pointer(pointer));
        value = target.unwrap_or(&Value::Null);
    }
    value
}

#[cfg(test)]
mod tests;
