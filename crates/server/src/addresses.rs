//! The addresses that a listener is configured with, and how they are opened.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket};

/// Limit: connections that the system has made and the server has not accepted yet. Further clients try again after a second.
/// The system lowers it to its own limit (on Linux `net.core.somaxconn`, mostly 4096).
const BACKLOG: u32 = 4096;
/// Limit: how often the system is asked for a port that is free on both loopback addresses.
const PORT_ATTEMPTS_MAX: usize = 16;

/// Addresses to listen on; none turns a listener off.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Addresses(Vec<Address>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Address {
    One(SocketAddr),
    /// Both loopback addresses: some clients take `localhost` for `::1`, others for `127.0.0.1`.
    Localhost(u16),
    /// Every address of this machine.
    Every(u16),
}

/// An address that cannot be had.
#[derive(Debug)]
pub(crate) struct Unavailable {
    pub(crate) address: SocketAddr,
    pub(crate) source: io::Error,
}

impl Addresses {
    /// Reads addresses with commas between them. `None` if one of them is no address with a port.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.split(',').map(|address| Address::parse(address.trim())).collect::<Option<_>>().map(Self)
    }

    /// Opens all addresses, in their order.
    pub(crate) fn listen(&self) -> Result<Vec<TcpListener>, Unavailable> {
        let mut listeners = Vec::new();
        for address in &self.0 {
            match *address {
                Address::One(address) => listeners.push(listen(address)?),
                Address::Localhost(port) => listeners.append(&mut listen_on_localhost(port)?),
                Address::Every(port) => listeners.push(listen_on_every(port)?),
            }
        }
        Ok(listeners)
    }
}

impl From<SocketAddr> for Addresses {
    fn from(address: SocketAddr) -> Self {
        Self(vec![Address::One(address)])
    }
}

impl Address {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(port) = text.parse() {
            return Some(Self::Localhost(port));
        }
        if let Some((host, port)) = text.rsplit_once(':')
            && let Ok(port) = port.parse()
        {
            match host {
                "localhost" => return Some(Self::Localhost(port)),
                "" | "*" => return Some(Self::Every(port)),
                _ => {}
            }
        }
        text.parse().ok().map(Self::One)
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, Unavailable> {
    listen_with(address, |_| Ok(()))
}

fn listen_with(
    address: SocketAddr,
    set_up: impl FnOnce(&TcpSocket) -> io::Result<()>,
) -> Result<TcpListener, Unavailable> {
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        set_up(&socket)?;
        // A server that starts again gets its address although connections of the last one linger.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listening().map_err(|source| Unavailable { address, source })
}

/// Whether another process has the address, or this one may not have it. Otherwise this machine has no such address, as without IPv6.
fn is_refused(error: &Unavailable) -> bool {
    matches!(error.source.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied)
}

/// Opens both loopback addresses, or the one that this machine has. If one of them belongs to another process, some
/// clients would reach that process, so it is an error.
fn listen_on_localhost(port: u16) -> Result<Vec<TcpListener>, Unavailable> {
    let mut attempts = 1;
    loop {
        let first = listen((Ipv4Addr::LOCALHOST, port).into());
        let chosen = first.as_ref().ok().and_then(|listener| listener.local_addr().ok());
        let second = listen((Ipv6Addr::LOCALHOST, chosen.map_or(port, |address| address.port())).into());
        let refused = [&first, &second].into_iter().any(|one| one.as_ref().is_err_and(is_refused));
        if refused && port == 0 && attempts < PORT_ATTEMPTS_MAX {
            attempts += 1;
            continue;
        }
        return match (first, second) {
            (Ok(first), Ok(second)) => Ok(vec![first, second]),
            (Ok(one), Err(error)) | (Err(error), Ok(one)) if !is_refused(&error) => Ok(vec![one]),
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
    }
}

/// One socket of IPv6 takes connections of IPv4, too, whatever the system's setting (`net.ipv6.bindv6only`) is.
fn listen_on_every(port: u16) -> Result<TcpListener, Unavailable> {
    let address = (Ipv6Addr::UNSPECIFIED, port).into();
    match listen_with(address, |socket| SockRef::from(socket).set_only_v6(false)) {
        Err(error) if !is_refused(&error) => listen((Ipv4Addr::UNSPECIFIED, port).into()),
        listener => listener,
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Addresses};

    #[test]
    fn addresses_are_written_as_people_write_them() {
        for (text, addresses) in [
            ("4318", vec![Address::Localhost(4318)]),
            ("localhost:4318", vec![Address::Localhost(4318)]),
            (":4318", vec![Address::Every(4318)]),
            ("*:4318", vec![Address::Every(4318)]),
            ("127.0.0.1:0", vec![Address::One(([127, 0, 0, 1], 0).into())]),
            (
                "[::1]:1, 10.0.0.1:2",
                vec![
                    Address::One("[::1]:1".parse().expect("an address")),
                    Address::One(([10, 0, 0, 1], 2).into()),
                ],
            ),
        ] {
            assert_eq!(Addresses::parse(text), Some(Addresses(addresses)), "{text}");
        }
        for wrong in [
            "",
            ",",
            "localhost",
            "127.0.0.1",
            "::1",
            "1:2:3",
            "shop.example:80",
            "http://localhost:80",
            "65536",
        ] {
            assert_eq!(Addresses::parse(wrong), None, "{wrong}");
        }
    }
}
