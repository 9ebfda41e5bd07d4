//! HTTP: routes, limits, metrics, the page. The async runtime stops here.

pub mod page;
pub mod reference;
