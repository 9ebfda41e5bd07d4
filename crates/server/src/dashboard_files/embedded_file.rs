//! The dashboard's files, in a table that the build script makes of `dashboard/dist`.

/// A path, the content, and the content compressed with gzip.
type TableEntry = (&'static str, &'static [u8], &'static [u8]);

/// Empty if the dashboard was not built.
const FILES: &[TableEntry] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// A file as it is served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct EmbeddedFile {
    pub(super) content: &'static [u8],
    pub(super) gzip: Option<&'static [u8]>,
    pub(super) content_type: &'static str,
}

impl EmbeddedFile {
    /// The file at a path.
    pub(super) fn at(path: &str) -> Option<Self> {
        let &(_, content, gzip) = FILES.iter().find(|(known, _, _)| *known == path)?;
        Some(Self { content, gzip: Some(gzip), content_type: content_type(path) })
    }

    /// What is at `/` if the dashboard was not built: a page that says how to build it.
    pub(super) fn missing_dashboard() -> Self {
        let content = include_bytes!("../../assets/missing.html");
        Self { content, gzip: None, content_type: content_type("missing.html") }
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::{EmbeddedFile, FILES, content_type};

    #[test]
    fn every_file_has_a_content_type_and_is_compressed() {
        for &(path, content, gzip) in FILES {
            assert_ne!(content_type(path), "application/octet-stream", "{path}");
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(gzip).read_to_end(&mut unpacked).expect("it is gzip");
            assert!(unpacked == content, "{path}");
        }
    }

    #[test]
    fn what_the_page_refers_to_is_there() {
        let Some(page) = EmbeddedFile::at("/index.html") else { return };
        let text = str::from_utf8(page.content).expect("text");
        for quoted in text.split('"').filter(|quoted| quoted.starts_with("/assets/")) {
            assert!(EmbeddedFile::at(quoted).is_some(), "{quoted}");
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_not_served() {
        for path in ["", "/assets/", "/assets/../index.html", "/index"] {
            assert_eq!(EmbeddedFile::at(path), None, "{path}");
        }
    }
}
