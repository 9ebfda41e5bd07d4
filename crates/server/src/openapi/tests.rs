use serde_json::{Value, json};

use super::document::{document, json, resolve, yaml};
use super::page::html;

#[test]
fn every_operation_of_the_document_is_on_the_page() {
    let page = html(document());
    let paths = document()["paths"].as_object().expect("the document has paths");
    assert!(paths.len() >= 9, "the document lists every route");
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path item is an object") {
            let id = operation["operationId"].as_str().expect("every operation has an id");
            assert!(page.contains(&format!("<code>{path}</code>")), "{path} is missing");
            assert!(page.contains(&format!("id=\"{id}\"")), "{method} {path} has no section");
            assert!(page.contains(&format!("href=\"#{id}\"")), "{method} {path} has no link");
        }
    }
}

#[test]
fn fields_behind_references_are_on_the_page() {
    let page = html(document());
    for field in ["spans[].trace_id", "spans[].tags", "traces[].root_service", "window.limited_by"] {
        assert!(page.contains(&format!("<code>{field}</code>")), "{field} is missing");
    }
}

#[test]
fn text_of_the_document_is_escaped_wherever_it_stands() {
    const EVIL: &str = "<script>alert(\"x\")</script>'&";
    let mut evil = document().clone();
    replace_texts(&mut evil, EVIL);
    let page = html(&evil);
    assert!(!page.contains("<script"), "markup came through");
    assert!(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;"));
}

/// Puts `text` in place of every text that has no meaning to the renderer.
fn replace_texts(value: &mut Value, text: &str) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if !["$ref", "type", "in", "name", "operationId", "tags", "required"].contains(&name.as_str())
                {
                    replace_texts(field, text);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_texts(item, text)),
        Value::String(string) => text.clone_into(string),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn the_page_loads_nothing_from_elsewhere_and_has_no_inline_style_or_script() {
    let page = html(document());
    for tag in page.split('<').filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
        for attribute in ["src=", "href="] {
            if let Some((_, url)) = tag.split_once(attribute) {
                let is_local = ["\"/", "\"#"].iter().any(|start| url.starts_with(start));
                assert!(is_local && !url.starts_with("\"//"), "{tag} leaves the server");
            }
        }
        assert!(!tag.contains(" style=") && !tag.contains(" on"), "{tag} runs or styles inline");
    }
    assert!(!page.contains("<script") && !page.contains("<style"));
}

#[test]
fn the_two_forms_say_the_same() {
    assert!(yaml().starts_with("openapi: 3.1.0"));
    assert_eq!(&serde_json::from_str::<Value>(json()).expect("it is JSON"), document());
    assert_eq!(document()["info"]["version"], env!("CARGO_PKG_VERSION"));
    let nanos = &document()["components"]["schemas"]["Nanos"];
    assert_eq!(nanos["minimum"], i64::MIN, "the bounds are exact after the conversion");
    assert_eq!(nanos["maximum"], i64::MAX);
}

#[test]
fn the_limits_are_those_of_the_vocabulary() {
    let schemas = &document()["components"]["schemas"];
    assert_eq!(schemas["Batch"]["properties"]["spans"]["maxItems"], span::limits::BATCH_SPANS_MAX);
    let span = &schemas["SpanIn"]["properties"];
    assert_eq!(span["service"]["maxLength"], span::limits::NAME_CHARS_MAX);
    assert_eq!(span["operation"]["maxLength"], span::limits::NAME_CHARS_MAX);
    assert_eq!(span["tags"]["maxProperties"], span::limits::ATTRIBUTES_MAX);
    let value = &span["tags"]["additionalProperties"];
    assert_eq!(value["maxLength"], span::limits::ATTRIBUTE_VALUE_CHARS_MAX);
}

#[test]
fn every_field_says_what_it_is() {
    check_described(document(), "");
}

/// A comma in an unquoted YAML text ends it and begins a key with no value: so no null may be there either.
fn check_described(value: &Value, place: &str) {
    assert!(!value.is_null(), "{place} is null");
    for (name, field) in value.pointer("/properties").and_then(Value::as_object).into_iter().flatten() {
        let field = resolve(document(), field).clone();
        assert!(field["description"].as_str().is_some_and(|text| text.ends_with('.')), "{place}/{name}");
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                check_described(field, &format!("{place}/{name}"));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| check_described(item, place)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_document_that_refers_to_itself_ends() {
    let circle = json!({
        "paths": {"/x": {"get": {"operationId": "x", "responses": {"200": {"content": {"application/json":
            {"schema": {"$ref": "#/components/schemas/Node"}}}}}}}},
        "components": {"schemas": {"Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}}}},
    });
    assert!(html(&circle).contains("next.next"));
}
