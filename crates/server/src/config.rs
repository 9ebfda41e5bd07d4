//! What a server is started with.

use std::path::PathBuf;

use axum::http::HeaderValue;
use store::Settings;

use crate::addresses::Addresses;
use crate::clients::trusted_proxies::TrustedProxies;
use crate::limits::Limits;
use crate::mount::BasePath;

#[derive(Clone, Debug)]
pub struct Config {
    /// The main address, or several.
    pub listen: Addresses,
    pub receivers: Receivers,
    pub data: Data,
    pub store: Settings,
    pub limits: Limits,
    /// Origins whose pages may use the server. Empty means every origin.
    pub origins: Vec<HeaderValue>,
    /// What a proxy leaves in front of the paths of the server.
    pub base_path: BasePath,
    /// Proxies that say who their clients are.
    pub trusted_proxies: TrustedProxies,
}

/// The addresses of protocols that have one of their own; without an address a receiver is off.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Receivers {
    pub otlp_grpc: Addresses,
    pub otlp_http: Addresses,
    pub zipkin: Addresses,
}

/// Where the spans are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Data {
    /// In memory, until the process ends.
    Memory,
    Folder(PathBuf),
}
