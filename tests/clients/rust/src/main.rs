//! Sends traces with OpenTelemetry's SDK for Rust, and prints for each the JSON that has to come back, on one line.
//!
//!     otlp-client GRPC-URL HTTP-URL gRPC|protobuf|JSON…

mod expected;
mod recorder;
mod send;

use std::error::Error;

use opentelemetry_otlp::{
    Compression, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _, WithTonicConfig as _,
};

type Exporter = Result<SpanExporter, Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(grpc), Some(http)) = (arguments.next(), arguments.next()) else {
        return Err("usage: otlp-client GRPC-URL HTTP-URL gRPC|protobuf|JSON…".into());
    };
    // The transports need a runtime, both to be made and to send.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let _inside = runtime.enter();
    for transport in arguments {
        for packing in [None, Some(Compression::Gzip)] {
            let exporter = match transport.as_str() {
                "gRPC" => over_grpc(&grpc, packing)?,
                "protobuf" => over_http(&http, Protocol::HttpBinary, packing)?,
                "JSON" => over_http(&http, Protocol::HttpJson, packing)?,
                _ => {
                    return Err(format!("{transport} is not a transport; give gRPC, protobuf or JSON").into());
                }
            };
            let packed = if packing.is_some() { ", gzip" } else { "" };
            send::send(exporter, &format!("Rust, {transport}{packed}"))?;
        }
    }
    Ok(())
}

fn over_grpc(url: &str, packing: Option<Compression>) -> Exporter {
    let mut builder = SpanExporter::builder().with_tonic().with_endpoint(url);
    if let Some(packing) = packing {
        builder = builder.with_compression(packing);
    }
    Ok(builder.build()?)
}

fn over_http(url: &str, protocol: Protocol, packing: Option<Compression>) -> Exporter {
    let mut builder = SpanExporter::builder().with_http().with_endpoint(format!("{url}/v1/traces"));
    builder = builder.with_protocol(protocol);
    if let Some(packing) = packing {
        builder = builder.with_compression(packing);
    }
    Ok(builder.build()?)
}
