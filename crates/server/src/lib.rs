//! HTTP: routes, limits, metrics, the page. The async runtime stops here.
