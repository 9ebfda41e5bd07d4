//! The API reference: the `OpenAPI` document in its two forms, and the page made from it.

mod document;
mod markup;
mod operation;
mod page;
mod routes;
mod schema;
#[cfg(test)]
mod tests;

pub(crate) use routes::routes;
