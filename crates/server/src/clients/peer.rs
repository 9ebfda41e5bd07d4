//! A client as the limits see it: by its address.

use std::net::{IpAddr, Ipv6Addr};

/// The first bits of an address of IPv6 that tell one peer from another. A host may choose the others as it likes.
const IPV6_NETWORK_BITS: u32 = 64;

/// The address of a client; with IPv6 it is the network of the client.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    pub(crate) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            v4 @ IpAddr::V4(_) => Self(v4),
            IpAddr::V6(v6) => {
                let network = v6.to_bits() >> (128 - IPV6_NETWORK_BITS) << (128 - IPV6_NETWORK_BITS);
                Self(Ipv6Addr::from_bits(network).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Peer;

    #[test]
    fn a_peer_is_an_address_or_a_network_of_ipv6() {
        let peer = |text: &str| Peer::of(text.parse().expect("an address"));
        assert_eq!(peer("10.1.2.3"), peer("::ffff:10.1.2.3"));
        assert_ne!(peer("10.1.2.3"), peer("10.1.2.4"));
        assert_eq!(peer("2001:db8:1:2::3"), peer("2001:db8:1:2:ffff::4"));
        assert_ne!(peer("2001:db8:1:2::3"), peer("2001:db8:1:3::3"));
    }
}
