//! The page for people. The document is the source; the page adds nothing that the document does not say.

use serde_json::Value;

use super::document::{list_at, text_at};
use super::markup::Html;
use super::operation::Operation;

/// The methods a path item may have, in the order in which the page shows them.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The page for people: one document without scripts, whose only other file is a local stylesheet.
pub(super) fn html(openapi: &Value) -> String {
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
