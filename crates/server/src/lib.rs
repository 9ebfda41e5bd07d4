//! HTTP over the store. The async runtime stops here: the store behind it is synchronous.
//!
//! | folder | what is in it |
//! | --- | --- |
//! | `contract` | `POST /spans`, `GET /traces`, `GET /traces/{trace_id}`, `GET /health` |
//! | `api_v1` | everything under `/api/v1`, which the dashboard asks |
//! | `ingest` | receivers of OTLP and Zipkin |
//! | `dashboard_files` | the dashboard's HTML, scripts and styles inside the binary |
//! | `openapi` | `/docs`, `/openapi.json`, `/openapi.yaml` |
//! | `metrics` | `/metrics`, and what counts |
//! | `clients` | who asks, and what each may hold when there is not enough for all |
//! | `http` | what handlers share: bodies, refusals, media types, parameters |
//!
//! Data flows one way: `router` to the handlers, those to `app_state` and `http`, those to `offload`, `budgets`,
//! `clients` and `limits`. A folder of handlers offers one function, `routes`; [`router`] has the table.

mod addresses;
mod api_v1;
mod app_state;
mod args;
mod budgets;
mod clients;
mod config;
mod connection_service;
mod connections;
mod contract;
mod dashboard_files;
mod find_trace;
mod http;
mod http_settings;
mod ingest;
mod last_words;
mod limited_by;
mod limits;
mod memory_shares;
mod metrics;
mod mount;
mod offload;
mod openapi;
mod recent_totals;
mod router;
mod scans;
mod server;

pub use addresses::Addresses;
pub use args::ServeArgs;
pub use clients::trusted_proxies::TrustedProxies;
pub use config::{Config, Data, Receivers};
pub use limits::Limits;
pub use memory_shares::MemoryShares;
pub use mount::BasePath;
pub use server::{Server, StartError};
