//! The paths that an item mentions, in code and inside of macros; neither attributes nor what only tests see.
#![expect(clippy::wildcard_enum_match_arm, reason = "the enums of syn may grow")]

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemUse, Macro, Path, Visibility};

#[derive(Default)]
pub(crate) struct Mentioned<'ast> {
    pub(crate) paths: Vec<Vec<String>>,
    /// The item itself if it is a `use`, and those inside of functions.
    pub(crate) imports: Vec<&'ast ItemUse>,
}

pub(crate) fn mentioned(item: &Item) -> Mentioned<'_> {
    let mut mentioned = Mentioned::default();
    mentioned.visit_item(item);
    mentioned
}

/// Whether it stands behind `#[cfg(test)]`.
pub(crate) fn is_for_tests(item: &Item) -> bool {
    let attributes = match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => return false,
    };
    has_cfg_test(attributes)
}

fn has_cfg_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Mentioned<'ast> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !matches!(item, ImplItem::Fn(function) if has_cfg_test(&function.attrs)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_use(&mut self, import: &'ast ItemUse) {
        self.imports.push(import);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            self.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        self.visit_path(&invocation.path);
        self.add_tokens(invocation.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

impl Mentioned<'_> {
    /// Words between double colons. What follows a point is a field or a method and begins no path.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut before = String::new();
        for token in tokens {
            match &token {
                TokenTree::Ident(word) if before == "::" && !path.is_empty() => path.push(word.to_string()),
                TokenTree::Ident(word) => {
                    self.paths.extend((!path.is_empty()).then(|| std::mem::take(&mut path)));
                    if before != "." && before != "::" {
                        path.push(word.to_string());
                    }
                }
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            before = match &token {
                TokenTree::Punct(sign) if sign.as_char() == ':' && before == ":" => "::".to_owned(),
                TokenTree::Punct(sign) => sign.to_string(),
                TokenTree::Ident(_) | TokenTree::Group(_) | TokenTree::Literal(_) => String::new(),
            };
        }
        self.paths.extend((!path.is_empty()).then_some(path));
    }
}
