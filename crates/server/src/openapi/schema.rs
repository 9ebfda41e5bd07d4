//! A JSON schema as a table: one row for each field, however deep.

use serde_json::Value;

use super::document::{list_at, resolve, text_at};
use super::markup::Html;

/// Limit: a schema nested deeper than this contains itself.
const DEPTH_MAX: usize = 6;

/// What a row of the table says.
struct Field {
    /// The way to it, such as `spans[].tags`.
    path: String,
    need: &'static str,
    kind: String,
    rules: Vec<String>,
    description: String,
    example: Option<String>,
}

/// Writes the table of a schema's fields; a schema that is not an object is one row.
pub(super) fn table(html: &mut Html, openapi: &Value, schema: &Value, caption: &str) {
    let mut fields = Vec::new();
    let outer = merged(openapi, schema);
    if children(&outer).is_empty() {
        fields.push(field(String::from("(the body)"), "", &outer));
    } else {
        collect(openapi, &outer, "", &mut fields);
    }
    frame(html, caption, &["Field", "Type", "Description"], |body| {
        for field in &fields {
            body.nest("tr", &[], |row| field.cells(row));
        }
    });
}

/// A table with its heads; `rows` writes the rest.
pub(super) fn frame(html: &mut Html, caption: &str, heads: &[&str], rows: impl FnOnce(&mut Html)) {
    html.nest("div", &scrolled(caption), |scroll| {
        scroll.nest("table", &[], |table| {
            table.leaf("caption", &[], caption);
            table.nest("thead", &[], |head| {
                head.nest("tr", &[], |row| column_heads(row, heads));
            });
            table.nest("tbody", &[], rows);
        });
    });
}

fn column_heads(row: &mut Html, heads: &[&str]) {
    for head in heads {
        row.leaf("th", &[("scope", "col")], head);
    }
}

/// A region that scrolls sideways on a narrow screen has to be reachable by keyboard, and so to have a name.
pub(super) fn scrolled(label: &str) -> [(&'static str, &str); 4] {
    [("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", label)]
}

/// The type and the rules of one schema, for a table of parameters.
pub(super) fn kind_and_rules(openapi: &Value, schema: &Value) -> (String, Vec<String>) {
    let schema = merged(openapi, schema);
    (kind(&schema), rules(&schema))
}

/// Describes the alternatives of an `anyOf` in one line, or the type itself.
fn kind(schema: &Value) -> String {
    let alternatives = list_at(schema, "/anyOf");
    if !alternatives.is_empty() {
        let kinds: Vec<String> = alternatives.iter().map(kind).collect();
        return kinds.join(" or ");
    }
    if schema.get("maxLength").and_then(Value::as_u64) == Some(0) {
        return String::from("empty");
    }
    let name = match schema.get("type") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            names.join(" or ")
        }
        _ => String::from("any"),
    };
    match text_at(schema, "/format") {
        "" => name,
        format => format!("{name} ({format})"),
    }
}

fn rules(schema: &Value) -> Vec<String> {
    const RANGES: [(&str, &str, &str); 4] = [
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
        ("minProperties", "maxProperties", " entries"),
        ("minimum", "maximum", ""),
    ];
    let value = |key: &str| schema.get(key).map(plain);
    let mut rules: Vec<String> = RANGES
        .into_iter()
        .filter_map(|(least, most, unit)| range(value(least), value(most), unit))
        .chain(value("default").map(|value| format!("default {value}")))
        .chain(value("const").map(|value| format!("always {value}")))
        .collect();
    let choices: Vec<String> = list_at(schema, "/enum").iter().map(plain).collect();
    if !choices.is_empty() {
        rules.push(format!("one of {}", choices.join(", ")));
    }
    if let Some(pattern) = schema.get("pattern") {
        rules.push(format!("matches {}", plain(pattern)));
    }
    if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        rules.push(format!("values: {}, {}", kind(values), self::rules(values).join(", ")));
    }
    for alternative in list_at(schema, "/anyOf") {
        let is_empty_text = alternative.get("maxLength").and_then(Value::as_u64) == Some(0);
        rules.extend(self::rules(alternative).into_iter().filter(|_| !is_empty_text));
    }
    rules
}

fn range(least: Option<String>, most: Option<String>, unit: &str) -> Option<String> {
    Some(match (least, most) {
        (Some(least), Some(most)) => format!("{least} to {most}{unit}"),
        (Some(least), None) if least == "1" => format!("at least 1{}", unit.trim_end_matches('s')),
        (Some(least), None) => format!("at least {least}{unit}"),
        (None, Some(most)) => format!("at most {most}{unit}"),
        (None, None) => return None,
    })
}

/// A string without its quotes, everything else as JSON writes it.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn field(path: String, need: &'static str, schema: &Value) -> Field {
    Field {
        path,
        need,
        kind: kind(schema),
        rules: rules(schema),
        description: text_at(schema, "/description").to_owned(),
        example: schema.get("example").map(plain),
    }
}

fn collect(openapi: &Value, schema: &Value, prefix: &str, fields: &mut Vec<Field>) {
    if prefix.matches(['.', '[']).count() > DEPTH_MAX {
        return;
    }
    for (name, child, need) in children(schema) {
        let child = merged(openapi, child);
        let path = format!("{prefix}{name}");
        fields.push(field(path.clone(), need, &child));
        collect(openapi, &child, &format!("{path}."), fields);
        if let Some(items) = child.get("items") {
            collect(openapi, &merged(openapi, items), &format!("{path}[]."), fields);
        }
    }
}

/// The properties of an object, each with the word for whether it has to be there.
fn children(schema: &Value) -> Vec<(&str, &Value, &'static str)> {
    let required = list_at(schema, "/required");
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(name, child)| {
            let is_required = required.iter().any(|required| required == name);
            (name.as_str(), child, if is_required { "required" } else { "optional" })
        })
        .collect()
}

/// The schema behind `$ref` and `allOf`, overlaid with what stands beside them.
fn merged(openapi: &Value, schema: &Value) -> Value {
    let mut whole = resolve(openapi, schema).clone();
    for part in list_at(schema, "/allOf") {
        overlay(&mut whole, &merged(openapi, part));
    }
    overlay(&mut whole, schema);
    whole
}

fn overlay(whole: &mut Value, part: &Value) {
    if let (Some(whole), Some(part)) = (whole.as_object_mut(), part.as_object()) {
        for (key, value) in part.iter().filter(|(key, _)| *key != "$ref") {
            whole.insert(key.clone(), value.clone());
        }
    }
}

impl Field {
    fn cells(&self, row: &mut Html) {
        row.nest("th", &[("scope", "row")], |cell| {
            cell.leaf("code", &[], &self.path);
            cell.text(" ");
            if !self.need.is_empty() {
                cell.leaf("span", &[("class", self.need)], self.need);
            }
        });
        row.nest("td", &[], |cell| kind_cell(cell, &self.kind, &self.rules));
        row.nest("td", &[], |cell| {
            cell.inline(&self.description);
            if let Some(example) = &self.example {
                example_line(cell, example);
            }
        });
    }
}

/// A type, and its rules under it.
pub(super) fn kind_cell(cell: &mut Html, kind: &str, rules: &[String]) {
    cell.text(kind);
    for rule in rules {
        cell.leaf("span", &[("class", "rule")], rule);
    }
}

/// An example under a description.
pub(super) fn example_line(cell: &mut Html, example: &str) {
    cell.nest("span", &[("class", "example")], |line| {
        line.text("Example: ");
        line.leaf("code", &[], example);
    });
}
