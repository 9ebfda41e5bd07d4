//! A table of files, made by the build script of what `make dashboard` has built.

type Row = (&'static str, &'static [u8], &'static [u8]);

/// By path: as they are, and packed with gzip. Empty where the dashboard was not built.
const FILES: &[Row] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// A file as it is served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct File {
    pub(super) content: &'static [u8],
    pub(super) packed: Option<&'static [u8]>,
    pub(super) content_type: &'static str,
}

impl File {
    /// Stands at `/` where the dashboard was not built.
    pub(super) fn missing_dashboard() -> Self {
        let content = include_bytes!("../../assets/missing.html");
        Self { content, packed: None, content_type: content_type("missing.html") }
    }
}

/// The file at a path.
pub(super) fn find(path: &str) -> Option<File> {
    let &(_, content, packed) = FILES.iter().find(|(known, _, _)| *known == path)?;
    Some(File { content, packed: Some(packed), content_type: content_type(path) })
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

    use super::{FILES, content_type, find};

    #[test]
    fn every_file_has_a_content_type_and_is_packed() {
        for &(path, content, packed) in FILES {
            assert_ne!(content_type(path), "application/octet-stream", "{path}");
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(packed).read_to_end(&mut unpacked).expect("it was packed");
            assert!(unpacked == content, "{path}");
        }
    }

    #[test]
    fn what_the_page_refers_to_is_there() {
        let Some(page) = find("/index.html") else { return };
        let text = str::from_utf8(page.content).expect("text");
        for quoted in text.split('"').filter(|quoted| quoted.starts_with("/assets/")) {
            assert!(find(quoted).is_some(), "{quoted}");
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_not_served() {
        for path in ["", "/assets/", "/assets/../index.html", "/index"] {
            assert_eq!(find(path), None, "{path}");
        }
    }
}
