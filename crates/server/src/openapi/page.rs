//! The page at `/docs`: Swagger UI, which reads `/openapi.json`.

use crate::http::embedded_file::EmbeddedFile;

/// Empty if `make` has not installed Swagger UI.
const SWAGGER_UI: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/swagger_ui.rs"));

macro_rules! own_file {
    ($name:literal) => {
        EmbeddedFile {
            path: concat!("/docs/", $name),
            content: include_bytes!(concat!("../../assets/docs/", $name)),
            gzip: None,
        }
    };
}

const INDEX: EmbeddedFile = own_file!("index.html");
const MISSING: EmbeddedFile = own_file!("missing.html");
const OWN_FILES: [EmbeddedFile; 3] = [own_file!("page.js"), own_file!("page.css"), own_file!("icon.svg")];

/// The page, or one that says how to build it.
pub(super) fn index() -> EmbeddedFile {
    if SWAGGER_UI.is_empty() { MISSING } else { INDEX }
}

/// All files that the page loads.
pub(super) fn files() -> impl Iterator<Item = EmbeddedFile> {
    OWN_FILES.iter().chain(SWAGGER_UI).copied()
}

#[cfg(test)]
mod tests {
    use super::{INDEX, MISSING, OWN_FILES, SWAGGER_UI, files};

    #[test]
    fn the_pages_load_only_files_that_are_there_and_have_nothing_inline() {
        for page in [INDEX, MISSING] {
            let text = str::from_utf8(page.content).expect("text");
            assert!(!text.contains("<script>") && !text.contains("<style") && !text.contains(" style="));
            for tag in text.split('<').filter(|tag| tag.starts_with("link ") || tag.starts_with("script ")) {
                let path =
                    tag.split('"').find_map(|part| part.strip_prefix('.')).expect("it is on this server");
                assert!(files().any(|file| file.path == path), "{path}: `make build` installs Swagger UI");
            }
        }
    }

    #[test]
    fn every_file_has_a_content_type() {
        for file in OWN_FILES.iter().chain(SWAGGER_UI) {
            assert_ne!(file.content_type(), "application/octet-stream", "{}", file.path);
        }
    }
}
