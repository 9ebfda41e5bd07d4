//! HTTP over the store: routes, limits, metrics, the page. The async runtime stops here.

mod api_v1;
mod args;
mod body;
mod budget;
mod connections;
mod dashboard_files;
mod documents;
mod health;
mod heavy;
mod held;
mod ingest;
mod limits;
mod metrics;
mod pieces;
mod reference;
mod refusal;
mod router;
mod server;
mod state;
mod traces;

pub use args::ServeArgs;
pub use limits::Limits;
pub use server::{Config, Data, Receivers, Server, StartError};
