//! Turns the `OpenAPI` document from YAML into JSON, so that no YAML parser is in the running server, and puts the
//! built dashboard into the binary, packed once and for all.
#![expect(clippy::disallowed_methods, reason = "a build script has no platform to go through")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

const SOURCE: &str = "assets/openapi.yaml";
/// What `make dashboard` makes. Without it the server says at `/` how to get it.
const DASHBOARD: &str = "../../dashboard/dist";

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for a build script"));
    println!("cargo::rerun-if-changed=build.rs");
    write_openapi(&out);
    write_dashboard(&out);
}

fn write_openapi(out: &Path) {
    println!("cargo::rerun-if-changed={SOURCE}");
    let yaml = fs::read_to_string(SOURCE).expect("the document stands in the crate");
    let document: serde_json::Value = serde_saphyr::from_str(&yaml).expect("the document is valid YAML");
    fs::write(out.join("openapi.json"), format!("{document:#}\n")).expect("OUT_DIR is writable");
}

/// Writes a table of path, content and packed content.
fn write_dashboard(out: &Path) {
    let folder = Path::new(DASHBOARD);
    let mut files = Vec::new();
    // Cargo takes a path that is not there for one that has changed, each time.
    if folder.is_dir() {
        println!("cargo::rerun-if-changed={DASHBOARD}");
        list(&folder.canonicalize().expect("it is a folder"), "", &mut files);
    }
    files.sort_unstable();
    let mut table = "&[\n".to_owned();
    for (number, (path, file)) in files.iter().enumerate() {
        let packed = out.join(format!("dashboard-{number}.gz"));
        pack(file, &packed);
        let [file, packed] = [file, &packed].map(|path| path.to_str().expect("paths are text"));
        writeln!(table, "({path:?}, include_bytes!({file:?}), include_bytes!({packed:?})),")
            .expect("a text takes all");
    }
    table.push_str("]\n");
    fs::write(out.join("dashboard.rs"), table).expect("OUT_DIR is writable");
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

fn pack(file: &Path, packed: &Path) {
    let content = fs::read(file).expect("the file can be read");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&content).expect("memory takes all");
    fs::write(packed, encoder.finish().expect("memory takes all")).expect("OUT_DIR is writable");
}
