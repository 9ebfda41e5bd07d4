//! The dashboard's files, in a table that the build script makes of `dashboard/dist`.

use crate::http::embedded_file::EmbeddedFile;

/// Empty if the dashboard was not built.
const FILES: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// What is at `/` if the dashboard was not built: a page that says how to build it.
pub(super) const MISSING: EmbeddedFile =
    EmbeddedFile { path: "/missing.html", content: include_bytes!("../../assets/missing.html"), gzip: None };

pub(super) fn file_at(path: &str) -> Option<EmbeddedFile> {
    FILES.iter().copied().find(|file| file.path == path)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::{FILES, file_at};

    #[test]
    fn every_file_has_a_content_type_and_is_compressed() {
        assert!(!FILES.is_empty(), "the dashboard is not built: run `make build` first");
        for file in FILES {
            let path = file.path;
            assert_ne!(file.content_type(), "application/octet-stream", "{path}");
            let mut content = Vec::new();
            let gzip = file.gzip.expect("the build script compresses all files");
            flate2::read::GzDecoder::new(gzip).read_to_end(&mut content).expect("it is gzip");
            assert!(content == file.content, "{path}");
        }
    }

    #[test]
    fn what_the_page_refers_to_is_there() {
        let page = file_at("/index.html").expect("the dashboard is built: `make build` does it");
        let text = str::from_utf8(page.content).expect("text");
        let named: Vec<_> = text.split('"').filter_map(|quoted| quoted.strip_prefix("./assets/")).collect();
        assert!(named.len() > 1, "{text}");
        for name in named {
            assert!(file_at(&format!("/assets/{name}")).is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_not_served() {
        for path in ["", "/assets/", "/assets/../index.html", "/index"] {
            assert_eq!(file_at(path), None, "{path}");
        }
    }
}
