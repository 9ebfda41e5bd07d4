//! Which file defines what a path names.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Crate, Import, Module};

/// Limit: re-exports of re-exports; only a crate that does not compile has more.
const RE_EXPORTS_MAX: usize = 32;

/// From file to file, the paths by which the first one names what the second one defines.
#[derive(Default)]
pub(super) struct Imports {
    paths: BTreeMap<(String, String), BTreeSet<String>>,
}

/// What a word of a path means: the last one rather an item, those before it rather a module.
#[derive(Clone, Copy)]
enum Wanted {
    Module,
    Item,
}

impl Wanted {
    /// For a word that has so many behind it.
    fn before(words: usize) -> Self {
        if words == 0 { Self::Item } else { Self::Module }
    }
}

enum Target {
    Module(usize),
    /// Something that this module defines.
    ItemOf(usize),
}

impl Imports {
    pub(super) fn of(all: &Crate) -> Self {
        let mut imports = Self::default();
        for (number, module) in all.modules.iter().enumerate() {
            for import in &module.imports {
                // A parent may pass on what its children define.
                let Some(definer) = all.definer(number, &import.path) else { continue };
                if !(import.is_re_export && all.is_below(definer, number)) {
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

impl Crate {
    /// The module that defines what the path names; none for modules themselves and for other crates.
    fn definer(&self, module: usize, path: &[String]) -> Option<usize> {
        match self.resolve(module, path, 0)? {
            Target::Module(_) => None,
            Target::ItemOf(definer) => Some(definer),
        }
    }

    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.modules[from].parent?),
            name => self.find(from, name, Wanted::before(rest.len()), depth)?,
        };
        for (at, name) in rest.iter().enumerate() {
            // Behind an item are its variants and functions.
            let Target::Module(module) = target else { break };
            target = if name == "super" {
                Target::Module(self.modules[module].parent?)
            } else {
                // A macro may have defined what is not found.
                let found = self.find(module, name, Wanted::before(rest.len() - at - 1), depth);
                found.unwrap_or(Target::ItemOf(module))
            };
        }
        Some(target)
    }

    /// A name as a module knows it.
    fn find(&self, module: usize, name: &str, wanted: Wanted, depth: usize) -> Option<Target> {
        if depth > RE_EXPORTS_MAX {
            return None;
        }
        let known = &self.modules[module];
        let child = known.children.get(name).map(|child| Target::Module(*child));
        let item = known.items.contains(name).then_some(Target::ItemOf(module));
        let own = match wanted {
            Wanted::Item => item.or(child),
            Wanted::Module => child.or(item),
        };
        own.or_else(|| self.find_imported(module, name, wanted, depth))
    }

    fn find_imported(&self, module: usize, name: &str, wanted: Wanted, depth: usize) -> Option<Target> {
        let imports = &self.modules[module].imports;
        // `use span::Span` inside of a module `span` means the other crate: what leads to itself is not ours.
        let leads_on =
            |import: &&Import| import.name == name && import.path.first().is_none_or(|first| first != name);
        let named = imports.iter().filter(leads_on);
        let found: Vec<Target> =
            named.filter_map(|import| self.resolve(module, &import.path, depth + 1)).collect();
        // One name may stand for a module and an item.
        let is_wanted = |target: &Target| {
            matches!(
                (target, wanted),
                (Target::ItemOf(_), Wanted::Item) | (Target::Module(_), Wanted::Module)
            )
        };
        let mut found = found.into_iter();
        let first = found.next();
        match first {
            Some(target) if is_wanted(&target) => Some(target),
            Some(target) => found.find(is_wanted).or(Some(target)),
            None => self.find_behind_globs(module, name, wanted, depth),
        }
    }

    fn find_behind_globs(&self, module: usize, name: &str, wanted: Wanted, depth: usize) -> Option<Target> {
        let globs = self.modules[module].imports.iter().filter(|import| import.name == "*");
        globs.filter_map(|glob| self.resolve(module, &glob.path, depth + 1)).find_map(|target| match target {
            Target::Module(behind) if behind != module => self.find(behind, name, wanted, depth + 1),
            Target::Module(_) | Target::ItemOf(_) => None,
        })
    }

    fn is_below(&self, module: usize, above: usize) -> bool {
        let mut parents = std::iter::successors(Some(module), |number| self.modules[*number].parent);
        // A module without a file of its own passes on what its file may pass on.
        parents.any(|parent| self.modules[parent].file == self.modules[above].file)
    }
}
