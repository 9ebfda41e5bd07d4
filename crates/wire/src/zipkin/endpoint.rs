//! Decodes an endpoint: the service and the address of a span, or those of its peer.

use super::reader::{ZipkinError, ZipkinReader};
use crate::json::ReadJson as _;

/// A decoded endpoint. Missing fields are empty.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Endpoint<'a> {
    pub(super) service: &'a str,
    pub(super) ipv4: &'a str,
    pub(super) ipv6: &'a str,
    pub(super) port: i64,
}

impl<'a> Endpoint<'a> {
    /// Returns the address. If there are two, this is the IPv4 one, because people search for it more often.
    pub(super) const fn address(&self) -> &'a str {
        if self.ipv4.is_empty() { self.ipv6 } else { self.ipv4 }
    }

    /// Returns the IPv6 address if [`Endpoint::address`] is an IPv4 one, else an empty text.
    pub(super) const fn other_address(&self) -> &'a str {
        if self.ipv4.is_empty() { "" } else { self.ipv6 }
    }
}

impl<'a> ZipkinReader<'_, 'a> {
    pub(super) fn endpoint(&mut self) -> Result<Endpoint<'a>, ZipkinError> {
        let mut endpoint = Endpoint::default();
        if self.eat_empty(*b"[]", "an object")? {
            return Ok(endpoint);
        }
        self.object(|zipkin, key| {
            match key {
                "serviceName" => endpoint.service = zipkin.cursor.string("a string")?,
                "ipv4" => endpoint.ipv4 = zipkin.cursor.string("a string")?,
                "ipv6" => endpoint.ipv6 = zipkin.cursor.string("a string")?,
                "port" => endpoint.port = zipkin.integer("port: must be an integer")?,
                _ => zipkin.unknown()?,
            }
            Ok(())
        })?;
        Ok(endpoint)
    }
}
