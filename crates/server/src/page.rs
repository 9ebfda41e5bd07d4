//! The files of the page, inside the binary.

/// A file as it is served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Asset {
    pub(crate) bytes: &'static [u8],
    pub(crate) content_type: &'static str,
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../assets/page/", $name)))),+]
    };
}

/// Every file under `assets/page`; a test holds the two lists together.
const FILES: &[(&str, &[u8])] = files![
    "index.html",
    "icon.svg",
    "tokens.css",
    "page.css",
    "trace.css",
    "reference.css",
    "main.js",
    "api.js",
    "recent.js",
    "traces.js",
    "palette.js",
    "scale.js",
    "scatter.js",
    "table.js",
    "tree.js",
    "waterfall.js",
    "detail.js",
    "states.js",
    "format.js",
    "dom.js",
];

/// The file at a request's path: the page at `/`, what it loads under `/assets/`.
pub(crate) fn asset(path: &str) -> Option<Asset> {
    let name = match path {
        "/" => "index.html",
        _ => path.strip_prefix("/assets/").filter(|name| *name != "index.html")?,
    };
    let (_, bytes) = FILES.iter().find(|(file, _)| *file == name)?;
    Some(Asset { bytes, content_type: content_type(name) })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test compares the table with the folder")]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::{FILES, asset};

    #[test]
    fn the_table_holds_every_file_of_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/page");
        let on_disk: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let in_table: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(on_disk, in_table);
    }

    #[test]
    fn every_file_has_a_content_type() {
        for (name, bytes) in FILES {
            let path = if *name == "index.html" { "/".to_owned() } else { format!("/assets/{name}") };
            let file = asset(&path).unwrap();
            assert_eq!(file.bytes, *bytes);
            assert_ne!(file.content_type, "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_not_served() {
        for path in
            ["", "/assets/", "/assets/index.html", "/assets/../Cargo.toml", "/main.js", "/assets/main"]
        {
            assert_eq!(asset(path), None, "{path}");
        }
    }

    #[test]
    fn files_refer_only_to_files_that_are_served() {
        for (name, bytes) in FILES.iter().filter(|(name, _)| !name.ends_with("svg")) {
            let text = str::from_utf8(bytes).unwrap();
            for quoted in text.split(['"', '\'']).filter(|quoted| quoted.starts_with("/assets/")) {
                assert!(asset(quoted).is_some(), "{name} refers to {quoted}");
            }
            for quoted in text.split(['"', '\'']).filter(|quoted| quoted.starts_with("./")) {
                let module = quoted.trim_start_matches("./");
                assert!(FILES.iter().any(|(file, _)| *file == module), "{name} imports {quoted}");
            }
            assert!(!text.contains("https://") && !text.contains("//cdn"), "{name} names another host");
        }
    }
}
