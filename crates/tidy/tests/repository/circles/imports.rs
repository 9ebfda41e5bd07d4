//! Which file names what another file defines.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{Crate, Module, Visible};

/// From file to file, the paths by which the first one names what the second one defines.
#[derive(Default)]
pub(super) struct Imports {
    paths: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Imports {
    pub(super) fn of(all: &Crate) -> Self {
        let mut imports = Self::default();
        for (number, module) in all.modules.iter().enumerate() {
            for import in &module.imports {
                // A parent may pass on what its children define.
                let Some(definer) = all.definer(number, &import.path) else { continue };
                let is_re_export = import.visibility != Visible::Here;
                if !(is_re_export && all.is_below(definer, number)) {
                    imports.add(module, &all.modules[definer], &format!("use {}", import.path.join("::")));
                }
            }
            for path in &module.mentions {
                if let Some(definer) = all.definer(number, path) {
                    imports.add(module, &all.modules[definer], &path.join("::"));
                }
            }
        }
        imports
    }

    fn add(&mut self, from: &Module, to: &Module, path: &str) {
        if from.file != to.file {
            self.paths.entry((from.file.clone(), to.file.clone())).or_default().insert(path.to_owned());
        }
    }

    pub(super) fn graph(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in self.paths.keys() {
            graph.entry(from.clone()).or_default().insert(to.clone());
        }
        graph
    }

    /// From file to file within a set, the imports; or, where there is no `use`, the paths in code.
    pub(super) fn between(&self, files: &BTreeSet<String>) -> Vec<(&str, &str, Vec<String>)> {
        let within = self.paths.iter().filter(|((from, to), _)| files.contains(from) && files.contains(to));
        let shown = |paths: &BTreeSet<String>| -> Vec<String> {
            let uses: Vec<String> = paths.iter().filter(|path| path.starts_with("use ")).cloned().collect();
            if uses.is_empty() { paths.iter().cloned().collect() } else { uses }
        };
        within.map(|((from, to), paths)| (from.as_str(), to.as_str(), shown(paths))).collect()
    }
}
