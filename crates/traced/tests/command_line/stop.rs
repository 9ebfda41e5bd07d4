//! SIGTERM and SIGINT.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::process::{Server, eventually};

#[test]
fn a_request_in_flight_is_answered_before_the_end() {
    for signal in ["TERM", "INT"] {
        let server = Server::start(&["--listen", "127.0.0.1:0", "--in-memory"], &[]);
        let address = server.url.trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(&address).expect("a connection");
        stream
            .write_all(b"POST /spans HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{")
            .expect("it is read");
        // The head has been read when the server asks for the rest of another request with the same limit.
        let in_flight = || {
            let mut metrics = TcpStream::connect(&address).expect("a connection");
            metrics
                .write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                .expect("it is read");
            let mut answer = String::new();
            metrics.read_to_string(&mut answer).expect("text");
            answer.contains("traced_http_bodies_arriving 1.0")
        };
        assert!(eventually(Duration::from_secs(20), in_flight));
        server.signal(signal);
        assert!(eventually(Duration::from_secs(20), || TcpStream::connect(&address).is_err()));
        stream.write_all(b"}").expect("it is read");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert_eq!(server.wait().0, Some(0), "{signal}");
    }
}
