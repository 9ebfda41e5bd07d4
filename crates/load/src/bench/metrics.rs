//! Reads the metrics of a server.

use std::collections::HashMap;

/// The values of all metrics by name. Values with different labels are added up.
#[derive(Debug, Default)]
pub(super) struct Metrics(HashMap<String, f64>);

impl Metrics {
    pub(super) fn parse(text: &str) -> Self {
        let mut values = HashMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, value)) = line.rsplit_once(' ') else { continue };
            let name = name.split_once('{').map_or(name, |(name, _)| name);
            if let Ok(value) = value.parse::<f64>() {
                *values.entry(name.to_owned()).or_default() += value;
            }
        }
        Self(values)
    }

    /// Returns the value of a metric, or zero if there is none, because the example `floor` has few metrics.
    pub(super) fn of(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    pub(super) fn cpu_seconds(&self) -> Option<f64> {
        self.0.get("traced_process_cpu_seconds").copied()
    }

    pub(super) fn spans(&self) -> f64 {
        self.of("traced_spans")
    }

    pub(super) fn evicted_spans(&self) -> f64 {
        self.of("traced_spans_evicted_total")
    }

    /// Returns how many spans the server has written to segments since its start.
    pub(super) fn sealed_spans(&self) -> f64 {
        self.of("traced_segment_spans") + self.evicted_spans()
    }

    pub(super) fn segments(&self) -> f64 {
        self.of("traced_segments")
    }

    pub(super) fn frozen_generations(&self) -> f64 {
        self.of("traced_frozen_generations")
    }

    pub(super) fn log_bytes(&self) -> f64 {
        self.of("traced_disk_bytes") - self.of("traced_segment_bytes")
    }

    pub(super) fn disk_bytes_per_span(&self) -> f64 {
        self.of("traced_segment_bytes") / self.of("traced_segment_spans")
    }
}

#[cfg(test)]
mod tests {
    use super::Metrics;

    #[test]
    fn labels_are_added_up_and_comments_left_out() {
        let metrics = Metrics::parse(
            "# HELP traced_spans Spans held\ntraced_spans 12.0\ntraced_spans_evicted_total{reason=\"time\"} 3\ntraced_spans_evicted_total{reason=\"disk\"} 4\n# EOF\n",
        );
        assert_eq!((metrics.spans(), metrics.evicted_spans()), (12.0, 7.0));
        assert_eq!(metrics.cpu_seconds(), None);
    }
}
