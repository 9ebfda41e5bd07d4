//! Turns the `OpenAPI` document from YAML into JSON, so that no YAML parser is in the running server, and puts the
//! dashboard and the reference into the binary, compressed once and for all.
#![expect(clippy::disallowed_methods, reason = "a build script has no platform to go through")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

const SOURCE: &str = "assets/openapi.yaml";
/// The dashboard as `make` builds it. Without it, the page at `/` says how to build it.
const DASHBOARD: &str = "../../dashboard/dist";
/// Swagger UI as `make` installs it. Without it, the page at `/docs` says how to install it.
const SWAGGER_UI: &str = "reference/node_modules/swagger-ui-dist";
/// Files of Swagger UI that the page uses; its package has many more.
const SWAGGER_UI_FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for a build script"));
    println!("cargo::rerun-if-changed=build.rs");
    write_openapi(&out);
    write_table(&out, "dashboard", &dashboard_files());
    write_table(&out, "swagger_ui", &swagger_ui_files());
}

fn write_openapi(out: &Path) {
    println!("cargo::rerun-if-changed={SOURCE}");
    let yaml = fs::read_to_string(SOURCE).expect("the document stands in the crate");
    let document: serde_json::Value = serde_saphyr::from_str(&yaml).expect("the document is valid YAML");
    fs::write(out.join("openapi.json"), format!("{document:#}\n")).expect("OUT_DIR is writable");
}

/// The files of the dashboard, each with the path at which it is served.
fn dashboard_files() -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    if let Some(folder) = watched(DASHBOARD) {
        list(&folder, "", &mut files);
    }
    files.sort_unstable();
    files
}

fn swagger_ui_files() -> Vec<(String, PathBuf)> {
    let Some(folder) = watched(SWAGGER_UI) else { return Vec::new() };
    SWAGGER_UI_FILES.map(|name| (format!("/docs/{name}"), folder.join(name))).into()
}

/// A folder, if it is there. Cargo takes a path that is not there for one that has changed, and would run this each time.
fn watched(folder: &str) -> Option<PathBuf> {
    if !Path::new(folder).is_dir() {
        return None;
    }
    println!("cargo::rerun-if-changed={folder}");
    Some(Path::new(folder).canonicalize().expect("it is a folder"))
}

/// Writes a table of embedded files, as Rust.
fn write_table(out: &Path, name: &str, files: &[(String, PathBuf)]) {
    let mut table = "&[\n".to_owned();
    for (number, (path, file)) in files.iter().enumerate() {
        let gzip = out.join(format!("{name}-{number}.gz"));
        compress(file, &gzip);
        let [content, gzip] = [file, &gzip].map(|path| path.to_str().expect("paths are text"));
        writeln!(
            table,
            "EmbeddedFile {{ path: {path:?}, content: include_bytes!({content:?}), gzip: Some(include_bytes!({gzip:?})) }},"
        )
        .expect("a text takes all");
    }
    table.push_str("]\n");
    fs::write(out.join(format!("{name}.rs")), table).expect("OUT_DIR is writable");
}

/// The files below a folder, each with the path at which it is served.
fn list(folder: &Path, path: &str, files: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let name = entry.file_name().into_string().expect("names are made by the build");
        let path = format!("{path}/{name}");
        if entry.path().is_dir() {
            list(&entry.path(), &path, files);
        } else {
            files.push((path, entry.path()));
        }
    }
}

fn compress(file: &Path, gzip: &Path) {
    let content = fs::read(file).expect("the file can be read");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&content).expect("memory takes all");
    fs::write(gzip, encoder.finish().expect("memory takes all")).expect("OUT_DIR is writable");
}
