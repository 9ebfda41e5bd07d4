//! Turns the `OpenAPI` document from YAML into JSON, so that no YAML parser is in the running server.
#![expect(clippy::disallowed_methods, reason = "a build script has no platform to go through")]

use std::path::Path;
use std::{env, fs};

const SOURCE: &str = "assets/openapi.yaml";

fn main() {
    println!("cargo::rerun-if-changed={SOURCE}");
    let yaml = fs::read_to_string(SOURCE).expect("the document stands in the crate");
    let document: serde_json::Value = serde_saphyr::from_str(&yaml).expect("the document is valid YAML");
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for a build script");
    fs::write(Path::new(&out).join("openapi.json"), format!("{document:#}\n")).expect("OUT_DIR is writable");
}
