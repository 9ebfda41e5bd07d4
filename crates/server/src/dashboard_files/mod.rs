//! The dashboard's HTML, scripts and styles inside the binary.

mod file_table;
mod routes;

pub(crate) use routes::routes;
