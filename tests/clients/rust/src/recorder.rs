//! An exporter that passes spans on, and keeps them.

use std::sync::{Arc, Mutex};

use opentelemetry_otlp::SpanExporter as OtlpExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// The spans that were sent without an error.
pub(crate) type Record = Arc<Mutex<Vec<SpanData>>>;

#[derive(Debug)]
pub(crate) struct Recorder {
    exporter: OtlpExporter,
    record: Record,
}

impl Recorder {
    pub(crate) fn new(exporter: OtlpExporter) -> (Self, Record) {
        let record = Record::default();
        (Self { exporter, record: Arc::clone(&record) }, record)
    }
}

impl SpanExporter for Recorder {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.exporter.export(batch.clone()).await?;
        self.record.lock().expect("nothing panics while it is held").extend(batch);
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
