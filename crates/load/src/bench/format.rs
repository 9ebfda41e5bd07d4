//! Formats numbers for the cells of a table.

use std::io::{self, Write};

/// Writes the head of a Markdown table. `names` are the names of the columns, separated by ` | `.
pub(super) fn print_columns(names: &str, out: &mut dyn Write) -> io::Result<()> {
    let count = names.split(" | ").count();
    writeln!(out, "| {names} |\n|{}", " --- |".repeat(count))
}

pub(super) fn optional(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}

pub(super) fn millions(count: f64) -> String {
    format!("{:.2} M", count / 1e6)
}

/// Returns the median of the values, of which there must be at least one.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 spans")]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}
