//! Where a browser sees the server: at the root of a host, or below a prefix that a reverse proxy gives it.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, Request, Uri};

use crate::clients::trusted_proxies::TrustedProxies;

const FORWARDED_PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");
/// Limit: bytes of a prefix.
const PREFIX_BYTES_MAX: usize = 256;

/// A path that is in front of all paths of the server, such as `/traced`; empty at the root of a host.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct BasePath(String);

impl BasePath {
    /// Reads a path that begins with a slash; one at its end means nothing. `None` for what may not stand in a page.
    pub fn parse(text: &str) -> Option<Self> {
        let path = text.trim_end_matches('/');
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        let is_right = path.len() <= PREFIX_BYTES_MAX
            && text.starts_with('/')
            && path.bytes().all(is_plain)
            // `//` in front would name another host.
            && path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."));
        is_right.then(|| Self(path.to_owned()))
    }

    /// What is behind this path in another one.
    fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(&self.0).filter(|_| !self.0.is_empty())?;
        match rest {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }
}

/// What a page puts in front of the paths of the server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mount(Option<String>);

impl Mount {
    /// The start of a path to a file of the server. It is relative to a page as deep as this one, unless the prefix is known.
    pub(crate) fn root(&self, relative: &str) -> String {
        self.0.as_ref().map_or_else(|| relative.to_owned(), |prefix| format!("{prefix}/"))
    }
}

impl<S: Sync> FromRequestParts<S> for Mount {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or(Self(None)))
    }
}

/// Takes the base path away from the path of a request, and notes what the browser has in front of it. A request without the
/// base path is answered as well: a proxy may have taken it away already, and senders beside it need none.
pub(crate) fn enter<B>(
    request: &mut Request<B>,
    from: IpAddr,
    base_path: &BasePath,
    proxies: &TrustedProxies,
) {
    let forwarded = forwarded_prefix(request.headers(), from, proxies);
    let rest = base_path.strip(request.uri().path()).map(str::to_owned);
    if forwarded.is_none() && rest.is_none() {
        return;
    }
    let BasePath(mut prefix) = forwarded.unwrap_or_default();
    if let Some(rest) = rest {
        prefix.push_str(&base_path.0);
        *request.uri_mut() = with_path(request.uri(), &rest);
    }
    request.extensions_mut().insert(Mount(Some(prefix)));
}

fn forwarded_prefix(headers: &HeaderMap, from: IpAddr, proxies: &TrustedProxies) -> Option<BasePath> {
    let value = headers.get(FORWARDED_PREFIX).filter(|_| proxies.trusts(from))?;
    BasePath::parse(value.to_str().ok()?)
}

fn with_path(uri: &Uri, path: &str) -> Uri {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let mut parts = uri.clone().into_parts();
    let path = PathAndQuery::try_from(format!("{path}{query}"));
    parts.path_and_query = Some(path.expect("it is the end of a path, and begins with a slash"));
    Uri::from_parts(parts).expect("only the path has changed")
}

#[cfg(test)]
mod tests {
    use super::BasePath;

    #[test]
    fn a_base_path_is_one_that_may_stand_in_a_page() {
        for (text, path) in [("/traced", "/traced"), ("/a/b-c/", "/a/b-c"), ("/", "")] {
            assert_eq!(BasePath::parse(text), Some(BasePath(path.to_owned())), "{text}");
        }
        for wrong in
            ["", "traced", "//evil.example", "/a//b", "/a/../b", "/\"><script>", "/a b", "/a?b", "/%2f"]
        {
            assert_eq!(BasePath::parse(wrong), None, "{wrong}");
        }
        assert_eq!(BasePath::parse(&format!("/{}", "a".repeat(256))), None);
    }

    #[test]
    fn a_base_path_is_taken_away_where_it_ends() {
        let base_path = BasePath::parse("/traced").expect("a path");
        for (path, rest) in [
            ("/traced", Some("/")),
            ("/traced/", Some("/")),
            ("/traced/traces", Some("/traces")),
            ("/traced2", None),
            ("/traces", None),
        ] {
            assert_eq!(base_path.strip(path), rest, "{path}");
        }
        assert_eq!(BasePath::default().strip("/traces"), None);
    }
}
