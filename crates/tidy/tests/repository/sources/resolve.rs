//! What a path means in the module that has it.

use super::modules::{Crate, Import};

/// Limit: re-exports of re-exports; only a crate that does not compile has more.
const RE_EXPORTS_MAX: usize = 32;

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

pub(crate) enum Target {
    Module(usize),
    /// Something that this module defines.
    ItemOf(usize),
}

impl Crate {
    /// The module that defines what the path names; none for modules themselves and for other crates.
    pub(crate) fn definer(&self, module: usize, path: &[String]) -> Option<usize> {
        match self.resolve(module, path, 0)? {
            Target::Module(_) => None,
            Target::ItemOf(definer) => Some(definer),
        }
    }

    pub(crate) fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<Target> {
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

    pub(crate) fn is_below(&self, module: usize, above: usize) -> bool {
        let mut parents = std::iter::successors(Some(module), |number| self.modules[*number].parent);
        // A module without a file of its own passes on what its file may pass on.
        parents.any(|parent| self.modules[parent].file == self.modules[above].file)
    }
}
