//! Reads an endpoint: where a span was, or whom it talked to.

use super::reader::{ZipkinError, ZipkinReader};
use crate::json::ReadJson as _;

/// An endpoint as it came. Fields that were not there are empty.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Endpoint<'a> {
    pub(super) service: &'a str,
    pub(super) ipv4: &'a str,
    pub(super) ipv6: &'a str,
    pub(super) port: i64,
}

impl<'a> Endpoint<'a> {
    /// The address; where there are two, the one of IPv4, because more people look for that.
    pub(super) const fn address(&self) -> &'a str {
        if self.ipv4.is_empty() { self.ipv6 } else { self.ipv4 }
    }

    /// The address of IPv6, where [`Endpoint::address`] is the one of IPv4.
    pub(super) const fn other_address(&self) -> &'a str {
        if self.ipv4.is_empty() { "" } else { self.ipv6 }
    }
}

impl<'a> ZipkinReader<'_, 'a> {
    pub(super) fn endpoint(&mut self) -> Result<Endpoint<'a>, ZipkinError> {
        let mut endpoint = Endpoint::default();
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
