//! The Rust sources of the repository, as far as a check needs to understand them.
//!
//! The sources are read with `syn` and not by hand, because half of the work is what a reader by hand gets wrong:
//! trees of `use`, paths inside of macros, text in comments, and what only tests see. The version is the one that
//! the derive macros of the workspace compile anyway.

mod modules;
mod paths;
mod resolve;

pub(crate) use modules::{Crate, Module, Visible};
pub(crate) use resolve::Target;
