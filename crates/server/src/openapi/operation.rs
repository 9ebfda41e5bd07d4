//! The section of one operation: what it takes, what it answers, and how to call it.

use serde_json::Value;

use super::document::{list_at, resolve, text_at};
use super::markup::Html;
use super::schema;

/// A method on a path.
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'static str,
    pub(super) body: &'a Value,
}

impl Operation<'_> {
    pub(super) fn tag(&self) -> &str {
        text_at(self.body, "/tags/0")
    }

    /// The link in the table of contents.
    pub(super) fn link(&self, html: &mut Html) {
        html.nest("a", &[("href", &format!("#{}", self.anchor()))], |a| self.name(a));
    }

    pub(super) fn section(&self, html: &mut Html, openapi: &Value) {
        let anchor = self.anchor();
        html.nest("section", &[("id", anchor), ("aria-labelledby", &format!("{anchor}-title"))], |section| {
            section.nest("h2", &[("id", &format!("{anchor}-title"))], |h2| {
                h2.text(text_at(self.body, "/summary"));
            });
            section.nest("p", &[("class", "call")], |p| self.name(p));
            section.prose(text_at(self.body, "/description"));
            self.parameters(section, openapi);
            if let Some(request) = self.body.get("requestBody") {
                section.leaf("h3", &[], "Request body");
                content(section, openapi, request, &format!("Request body of {}", self.title()));
            }
            self.curl(section);
            self.responses(section, openapi);
        });
    }

    fn anchor(&self) -> &str {
        text_at(self.body, "/operationId")
    }

    fn title(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    fn name(&self, html: &mut Html) {
        html.leaf("span", &[("class", &format!("method {}", self.method))], &self.method.to_uppercase());
        html.text(" ");
        html.leaf("code", &[], self.path);
    }

    fn parameters(&self, html: &mut Html, openapi: &Value) {
        let parameters = list_at(self.body, "/parameters");
        if parameters.is_empty() {
            return;
        }
        html.leaf("h3", &[], "Parameters");
        let caption = format!("Parameters of {}", self.title());
        schema::frame(html, &caption, &["Name", "In", "Type", "Description"], |body| {
            for parameter in parameters {
                parameter_row(body, openapi, resolve(openapi, parameter));
            }
        });
    }

    /// A call to copy: the one that the document gives, or else one made from the examples.
    fn curl(&self, html: &mut Html) {
        let made;
        let call = match text_at(self.body, "/x-codeSamples/0/source") {
            "" => {
                made = self.curl_from_examples();
                &made
            }
            sample => sample.trim_end(),
        };
        html.leaf("h3", &[], "Try it");
        html.nest("pre", &schema::scrolled(&format!("curl for {}", self.title())), |pre| {
            pre.leaf("code", &[], call);
        });
    }

    fn curl_from_examples(&self) -> String {
        let mut path = self.path.to_owned();
        let mut query = Vec::new();
        for parameter in list_at(self.body, "/parameters") {
            let name = text_at(parameter, "/name");
            let value = parameter.get("example").map(schema::plain).unwrap_or_default();
            match text_at(parameter, "/in") {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                // The bounds of the list would be long past by the time that somebody copies them.
                "query" if name == "limit" => query.push(format!("{name}={value}")),
                _ => {}
            }
        }
        let mark = if query.is_empty() { "" } else { "?" };
        format!("curl -sS 'http://localhost:8080{path}{mark}{}'", query.join("&"))
    }

    fn responses(&self, html: &mut Html, openapi: &Value) {
        html.leaf("h3", &[], "Answers");
        let responses = self.body.get("responses").and_then(Value::as_object);
        for (code, response) in responses.into_iter().flatten() {
            let caption = format!("Answer {code} of {}", self.title());
            html.nest("details", &[], |details| {
                answer(details, openapi, code, resolve(openapi, response), &caption);
            });
        }
    }
}

fn answer(details: &mut Html, openapi: &Value, code: &str, response: &Value, caption: &str) {
    let class = if code.starts_with('2') { "code good" } else { "code bad" };
    details.nest("summary", &[], |summary| {
        summary.leaf("span", &[("class", class)], code);
        summary.text(" ");
        summary.inline(text_at(response, "/description"));
    });
    headers(details, openapi, response);
    content(details, openapi, response, caption);
}

fn parameter_row(body: &mut Html, openapi: &Value, parameter: &Value) {
    body.nest("tr", &[], |row| parameter_cells(row, openapi, parameter));
}

fn parameter_cells(row: &mut Html, openapi: &Value, parameter: &Value) {
    let nothing = Value::Null;
    let (kind, rules) = schema::kind_and_rules(openapi, parameter.get("schema").unwrap_or(&nothing));
    let is_required = parameter.get("required") == Some(&Value::Bool(true));
    let need = if is_required { "required" } else { "optional" };
    row.nest("th", &[("scope", "row")], |cell| {
        cell.leaf("code", &[], text_at(parameter, "/name"));
        cell.text(" ");
        cell.leaf("span", &[("class", need)], need);
    });
    row.leaf("td", &[], text_at(parameter, "/in"));
    row.nest("td", &[], |cell| schema::kind_cell(cell, &kind, &rules));
    row.nest("td", &[], |cell| {
        cell.inline(text_at(parameter, "/description"));
        if let Some(example) = parameter.get("example") {
            schema::example_line(cell, &schema::plain(example));
        }
    });
}

fn headers(html: &mut Html, openapi: &Value, response: &Value) {
    for (name, header) in response.get("headers").and_then(Value::as_object).into_iter().flatten() {
        html.nest("p", &[], |p| {
            p.text("Header ");
            p.leaf("code", &[], name);
            p.text(": ");
            p.inline(text_at(resolve(openapi, header), "/description"));
        });
    }
}

/// The media types of a body: the table of its fields, then its examples.
fn content(html: &mut Html, openapi: &Value, body: &Value, caption: &str) {
    for (media_type, content) in body.get("content").and_then(Value::as_object).into_iter().flatten() {
        html.nest("p", &[("class", "media")], |p| p.leaf("code", &[], media_type));
        if let Some(schema) = content.get("schema") {
            schema::table(html, openapi, schema, caption);
        }
        let single = content.get("example");
        let named = content.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flatten().filter_map(|(_, example)| example.get("value"));
        for example in single.into_iter().chain(named) {
            html.nest("pre", &schema::scrolled(&format!("Example: {caption}")), |pre| {
                pre.leaf("code", &[], &format!("{example:#}"));
            });
        }
    }
}
