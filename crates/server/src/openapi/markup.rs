//! Writes HTML. Text and attributes are escaped here and nowhere else: there is no way in for raw markup.

/// A page, or a part of one, as it grows.
pub(super) struct Html(String);

/// Attribute names and their values.
pub(super) type Attributes<'a> = [(&'a str, &'a str)];

impl Html {
    /// Opens a page with its head; `finish` closes it.
    pub(super) fn document(title: &str) -> Self {
        let mut page = Self(String::from("<!doctype html>\n"));
        page.open("html", &[("lang", "en")]);
        page.nest("head", &[], |head| {
            head.open("meta", &[("charset", "utf-8")]);
            head.open("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            head.open("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            head.leaf("title", &[], title);
            for sheet in ["/docs/tokens.css", "/docs/reference.css"] {
                head.open("link", &[("rel", "stylesheet"), ("href", sheet)]);
            }
            head.open("link", &[("rel", "icon"), ("href", "/docs/icon.svg")]);
        });
        page.open("body", &[]);
        page.leaf("a", &[("class", "skip"), ("href", "#main")], "Skip to the content");
        page
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str("</body>\n</html>\n");
        self.0
    }

    /// An element with content.
    pub(super) fn nest(&mut self, tag: &str, attributes: &Attributes<'_>, content: impl FnOnce(&mut Self)) {
        self.open(tag, attributes);
        content(self);
        self.close(tag);
    }

    /// An element that holds only text.
    pub(super) fn leaf(&mut self, tag: &str, attributes: &Attributes<'_>, text: &str) {
        self.nest(tag, attributes, |element| element.text(text));
    }

    /// Paragraphs, as a blank line parts them, with code between backticks.
    pub(super) fn prose(&mut self, text: &str) {
        for paragraph in text.trim().split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
            self.nest("p", &[], |p| p.inline(paragraph));
        }
    }

    /// Text with code between backticks.
    pub(super) fn inline(&mut self, text: &str) {
        for (index, part) in text.split('`').enumerate() {
            // Every second part stands between two backticks.
            if index % 2 == 1 {
                self.leaf("code", &[], part);
            } else {
                self.text(part);
            }
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    fn open(&mut self, tag: &str, attributes: &Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
        self.0.push('>');
    }

    fn close(&mut self, tag: &str) {
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
        // Within a line, a line break would show as a space before the next comma.
        if !["a", "code", "span"].contains(&tag) {
            self.0.push('\n');
        }
    }
}

/// Escapes for text and for attributes in double quotes.
fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}
