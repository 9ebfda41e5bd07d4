//! A crate as a tree of modules, each with the names that it defines, imports and mentions.
#![expect(clippy::wildcard_enum_match_arm, reason = "the enums of syn may grow")]

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Item, ItemMod, UseTree, Visibility};

use super::paths::{Mentioned, is_for_tests, mentioned};

/// All modules of one crate; the first one is its root.
pub(crate) struct Crate {
    pub(crate) modules: Vec<Module>,
}

pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) parent: Option<usize>,
    pub(crate) children: BTreeMap<String, usize>,
    /// Functions, types, constants, traits and macros that are defined here.
    pub(crate) items: BTreeSet<String>,
    /// Those that other crates may name, and the children they may look into.
    pub(crate) public: BTreeSet<String>,
    pub(crate) imports: Vec<Import>,
    /// Paths in code, as they stand there.
    pub(crate) mentions: BTreeSet<Vec<String>>,
}

pub(crate) struct Import {
    /// The name by which the module knows it; `*` for all names behind the path.
    pub(crate) name: String,
    pub(crate) path: Vec<String>,
    pub(crate) visibility: Visible,
}

/// Who may use a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visible {
    Here,
    /// Other modules of the crate.
    Inside,
    /// Other crates, as far as all modules above are public, too.
    Outside,
}

impl From<&Visibility> for Visible {
    fn from(visibility: &Visibility) -> Self {
        match visibility {
            Visibility::Public(_) => Self::Outside,
            Visibility::Restricted(_) => Self::Inside,
            Visibility::Inherited => Self::Here,
        }
    }
}

impl Crate {
    /// Reads the files from the first one on, through the `mod` declarations.
    pub(crate) fn read(first_file: &str, read: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut all = Self { modules: Vec::new() };
        let (folder, _) = first_file.rsplit_once('/').expect("the first file of a crate lies in a folder");
        all.add_file(first_file, folder, None, read);
        all
    }

    fn add_file(
        &mut self,
        file: &str,
        folder: &str,
        parent: Option<usize>,
        read: &dyn Fn(&str) -> Option<String>,
    ) -> usize {
        let text = read(file).unwrap_or_else(|| panic!("{file} cannot be read"));
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.add_module(&Place { file, folder, parent }, &syntax.items, read)
    }

    fn add_module(
        &mut self,
        place: &Place<'_>,
        items: &[Item],
        read: &dyn Fn(&str) -> Option<String>,
    ) -> usize {
        let number = self.modules.len();
        self.modules.push(Module::new(place));
        for item in items.iter().filter(|item| !is_for_tests(item)) {
            match item {
                Item::Mod(child) => self.add_child(number, place, child, read),
                item => self.modules[number].add_item(item),
            }
        }
        number
    }

    fn add_child(
        &mut self,
        parent: usize,
        place: &Place<'_>,
        child: &ItemMod,
        read: &dyn Fn(&str) -> Option<String>,
    ) {
        let name = child.ident.to_string();
        let folder = format!("{}/{name}", place.folder);
        let added = if let Some((_, items)) = &child.content {
            let place = Place { file: place.file, folder: &folder, parent: Some(parent) };
            self.add_module(&place, items, read)
        } else {
            // Another crate's file by `#[path]` imports nothing from the files here.
            let files = [format!("{folder}.rs"), format!("{folder}/mod.rs")];
            let Some(file) = files.iter().find(|file| read(file).is_some()) else {
                assert!(has_path(&child.attrs), "{}: mod {name} has no file", place.file);
                return;
            };
            self.add_file(file, &folder, Some(parent), read)
        };
        let parent = &mut self.modules[parent];
        if Visible::from(&child.vis) == Visible::Outside {
            parent.public.insert(name.clone());
        }
        parent.children.insert(name, added);
    }
}

fn has_path(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("path"))
}

/// Where a module stands: its file, and the folder that its children are looked for in.
struct Place<'a> {
    file: &'a str,
    folder: &'a str,
    parent: Option<usize>,
}

impl Module {
    fn new(place: &Place<'_>) -> Self {
        Self {
            file: place.file.to_owned(),
            parent: place.parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            public: BTreeSet::new(),
            imports: Vec::new(),
            mentions: BTreeSet::new(),
        }
    }

    fn add_item(&mut self, item: &Item) {
        if let Some((name, visibility)) = defined(item) {
            if visibility.is_some_and(|visibility| Visible::from(visibility) == Visible::Outside) {
                self.public.insert(name.clone());
            }
            self.items.insert(name);
        }
        let Mentioned { paths, imports } = mentioned(item);
        self.mentions.extend(paths);
        for import in imports {
            let visibility = Visible::from(&import.vis);
            // `::name` is another crate even where a module has this name.
            let first = import.leading_colon.as_ref().map(|_| String::new());
            flatten(&import.tree, first.as_slice(), &mut |name, path| {
                self.imports.push(Import { name, path, visibility });
            });
        }
    }
}

/// The name and visibility of what an item defines.
fn defined(item: &Item) -> Option<(String, Option<&Visibility>)> {
    let (name, visibility) = match item {
        Item::Const(item) => (&item.ident, Some(&item.vis)),
        Item::Enum(item) => (&item.ident, Some(&item.vis)),
        Item::Fn(item) => (&item.sig.ident, Some(&item.vis)),
        Item::Macro(item) => (item.ident.as_ref()?, None),
        Item::Static(item) => (&item.ident, Some(&item.vis)),
        Item::Struct(item) => (&item.ident, Some(&item.vis)),
        Item::Trait(item) => (&item.ident, Some(&item.vis)),
        Item::TraitAlias(item) => (&item.ident, Some(&item.vis)),
        Item::Type(item) => (&item.ident, Some(&item.vis)),
        Item::Union(item) => (&item.ident, Some(&item.vis)),
        _ => return None,
    };
    Some((name.to_string(), visibility))
}

/// Every name that a tree of `use` brings, with its path.
fn flatten(tree: &UseTree, before: &[String], add: &mut dyn FnMut(String, Vec<String>)) {
    let with = |name: &dyn ToString| [before, &[name.to_string()]].concat();
    match tree {
        UseTree::Path(path) => flatten(&path.tree, &with(&path.ident), add),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, add)),
        UseTree::Glob(_) => add("*".to_owned(), before.to_vec()),
        // `use a::{self}` brings `a`.
        UseTree::Name(name) if name.ident == "self" => {
            add(before.last().cloned().unwrap_or_default(), before.to_vec());
        }
        UseTree::Name(name) => add(name.ident.to_string(), with(&name.ident)),
        UseTree::Rename(renamed) if renamed.ident == "self" => {
            add(renamed.rename.to_string(), before.to_vec());
        }
        UseTree::Rename(renamed) => add(renamed.rename.to_string(), with(&renamed.ident)),
    }
}
