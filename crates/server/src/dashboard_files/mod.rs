//! The dashboard's HTML, scripts and styles inside the binary.

mod embedded_file;
mod routes;

pub(crate) use routes::routes;
