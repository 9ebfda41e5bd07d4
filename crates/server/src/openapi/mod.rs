//! The API reference: the `OpenAPI` document in its two forms, and the page that shows it.

mod document;
mod page;
mod routes;

pub(crate) use routes::routes;
