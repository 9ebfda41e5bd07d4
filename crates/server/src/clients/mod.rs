//! Who asks, and what each may hold when there is not enough for all.

pub(crate) mod client;
pub(crate) mod open_connections;
pub(crate) mod peer;
pub(crate) mod shares;
pub(crate) mod slots;
pub(crate) mod trusted_proxies;
