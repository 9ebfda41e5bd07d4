//! Proxies whose word counts: who the client behind them is.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use super::peer::Peer;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The networks of the proxies. What anybody else says about a client in front of it is not believed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a request that has come from an address: the last one in `X-Forwarded-For` that is no trusted proxy.
    /// Each proxy appends to the header, so what stands in front of that may be invented.
    pub(crate) fn peer(&self, from: IpAddr, headers: &HeaderMap) -> Peer {
        if !self.trusts(from) {
            return Peer::of(from);
        }
        let values: Vec<_> =
            headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
        let hops = values.iter().rev().flat_map(|value| value.rsplit(','));
        let mut last = from;
        for hop in hops {
            let Some(address) = parse_hop(hop.trim()) else { break };
            last = address;
            if !self.trusts(address) {
                break;
            }
        }
        Peer::of(last)
    }
}

/// An address, as proxies write it: some add a port, and then an address of IPv6 has brackets.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok().or_else(|| Some(text.parse::<std::net::SocketAddr>().ok()?.ip()));
    address.or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{FORWARDED_FOR, TrustedProxies};
    use crate::clients::peer::Peer;

    #[test]
    fn only_a_trusted_proxy_says_who_the_client_is() {
        let networks = ["10.0.0.0/8", "::1/128"].map(|text| text.parse().expect("a network"));
        let proxies = TrustedProxies::new(networks.to_vec());
        for (from, forwarded, peer) in [
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.1"], "192.0.2.1"),
            ("::ffff:10.0.0.1", &["192.0.2.1"], "192.0.2.1"),
            ("::1", &["192.0.2.1:4711"], "192.0.2.1"),
            ("10.0.0.1", &["[2001:db8::1]:80"], "2001:db8::1"),
            ("10.0.0.1", &["192.0.2.66, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
            ("10.0.0.1", &["192.0.2.66", "192.0.2.1", "10.0.0.2"], "192.0.2.1"),
            ("10.0.0.1", &["192.0.2.66, unknown, 10.0.0.2"], "10.0.0.2"),
            ("192.0.2.9", &["192.0.2.1"], "192.0.2.9"),
        ] {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
            }
            let expected = Peer::of(peer.parse().expect("an address"));
            assert_eq!(
                proxies.peer(from.parse().expect("an address"), &headers),
                expected,
                "{from} {forwarded:?}"
            );
        }
    }
}
