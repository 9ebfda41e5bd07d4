//! Where a span was, and whom it talked to.

use super::batch::Zipkin;
use crate::json::Read as _;
use crate::otlp::work::Stop;

/// An endpoint as it came; empty fields were not there.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Endpoint<'a> {
    pub(super) service: &'a str,
    pub(super) ipv4: &'a str,
    pub(super) ipv6: &'a str,
    pub(super) port: i64,
}

impl<'a> Endpoint<'a> {
    /// The address that is more in use, where there are two.
    pub(super) const fn address(&self) -> &'a str {
        if self.ipv4.is_empty() { self.ipv6 } else { self.ipv4 }
    }

    /// The one of IPv6, where it is not that one.
    pub(super) const fn other_address(&self) -> &'a str {
        if self.ipv4.is_empty() { "" } else { self.ipv6 }
    }
}

impl<'a> Zipkin<'_, 'a> {
    pub(super) fn endpoint(&mut self) -> Result<Endpoint<'a>, Stop> {
        let mut endpoint = Endpoint::default();
        self.object(|zipkin, key| {
            match key {
                "serviceName" => endpoint.service = zipkin.cursor.string("a string")?,
                "ipv4" => endpoint.ipv4 = zipkin.cursor.string("a string")?,
                "ipv6" => endpoint.ipv6 = zipkin.cursor.string("a string")?,
                "port" => endpoint.port = zipkin.cursor.lenient_integer("port: must be an integer")?,
                _ => zipkin.unknown()?,
            }
            Ok(())
        })?;
        Ok(endpoint)
    }
}
