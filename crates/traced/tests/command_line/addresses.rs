//! The addresses that it listens on, tried with real sockets.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};

use crate::process::{Server, output, text};

const OFF: [&str; 4] = ["--otlp-grpc", "off", "--otlp-http", "off"];

/// The loopback addresses of this machine.
fn loopbacks() -> Vec<IpAddr> {
    let both = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
    both.into_iter().filter(|&address| TcpListener::bind((address, 0)).is_ok()).collect()
}

fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("it is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer.starts_with("HTTP/1.1 200")
}

fn main_address(server: &Server) -> SocketAddr {
    server.address().parse().expect("an address")
}

/// The address in the next line of the log about this receiver.
fn next_in_log(log: &mut impl BufRead, receiver: &str) -> SocketAddr {
    let mut line = String::new();
    while !line.contains(&format!("accepting {receiver}")) {
        line.clear();
        assert_ne!(log.read_line(&mut line).expect("text"), 0, "the log names {receiver}");
    }
    let address = line.split_whitespace().find_map(|word| word.strip_prefix("address="));
    address.and_then(|address| address.parse().ok()).unwrap_or_else(|| panic!("an address is in {line}"))
}

fn log_of(server: &mut Server) -> impl BufRead + use<> {
    BufReader::new(server.child.stderr.take().expect("it was asked for"))
}

#[test]
fn localhost_and_a_bare_port_are_both_loopback_addresses() {
    for listen in ["localhost:0", "0"] {
        let server = Server::start(&[&["--listen", listen], &OFF[..]].concat(), &[]);
        let address = main_address(&server);
        assert_eq!(address.ip(), loopbacks()[0], "the first one is printed: {}", server.first_line);
        for loopback in loopbacks() {
            assert!(is_ready((loopback, address.port()).into()), "{listen}: {loopback}");
        }
    }
}

#[test]
fn receivers_listen_on_both_loopback_addresses_too() {
    let flags =
        ["--listen", "127.0.0.1:0", "--otlp-grpc", "localhost:0", "--otlp-http", "0", "--zipkin", "0"];
    let mut server = Server::start(&flags, &[]);
    let mut log = log_of(&mut server);
    for receiver in ["OTLP over gRPC", "OTLP over HTTP", "Zipkin"] {
        for loopback in loopbacks() {
            let address = next_in_log(&mut log, receiver);
            assert_eq!(address.ip(), loopback, "{receiver}");
            TcpStream::connect(address).unwrap_or_else(|error| panic!("{receiver} at {address}: {error}"));
        }
    }
}

#[test]
fn a_port_behind_a_colon_is_every_address() {
    for listen in [":0", "*:0"] {
        let server = Server::start(&[&["--listen", listen], &OFF[..]].concat(), &[]);
        let address = main_address(&server);
        assert!(address.ip().is_unspecified(), "{address}");
        for loopback in loopbacks() {
            assert!(is_ready((loopback, address.port()).into()), "{listen}: {loopback}");
        }
    }
}

#[test]
fn commas_stand_between_several_addresses() {
    let two = [("TRACED_LISTEN", "127.0.0.1:0, 127.0.0.1:0")];
    let mut server = Server::start(&OFF, &two);
    let mut log = log_of(&mut server);
    let second = next_in_log(&mut log, "requests to the API and the dashboard");
    assert_ne!(main_address(&server), second);
    assert!(is_ready(main_address(&server)) && is_ready(second), "{second}");
}

#[test]
fn the_flag_of_a_taken_port_is_named() {
    // A client that takes `localhost` for the last one would reach somebody else.
    let taken = TcpListener::bind((*loopbacks().last().expect("one"), 0)).expect("a free port");
    let address = taken.local_addr().expect("it listens");
    let localhost = format!("localhost:{}", address.port());
    for flag in ["--listen", "--otlp-grpc", "--otlp-http", "--zipkin"] {
        let environment = [("TRACED_LISTEN", "127.0.0.1:0")];
        let output = output(&["--in-memory", flag, &localhost], &environment);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains(&format!("cannot listen on {address}")), "{stderr}");
        assert!(stderr.contains(&format!("name another address with {flag}")), "{stderr}");
    }
}
