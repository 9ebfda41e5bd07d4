//! Strongly connected components: the largest sets of files in which each file leads to all others.

use std::collections::{BTreeMap, BTreeSet};

/// A crate has some dozens of files, so that following every path from every file is fast enough.
pub(super) fn components(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        graph.keys().map(|from| (from, reached_from(from, graph))).collect();
    let leads = |from: &String, to: &String| reached.get(from).is_some_and(|files| files.contains(to));
    let mut components: Vec<BTreeSet<String>> = Vec::new();
    for file in graph.keys() {
        if !components.iter().any(|files| files.contains(file)) {
            let both_ways =
                graph.keys().filter(|other| *other == file || (leads(file, other) && leads(other, file)));
            components.push(both_ways.cloned().collect());
        }
    }
    components
}

fn reached_from<'a>(from: &String, graph: &'a BTreeMap<String, BTreeSet<String>>) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = graph.get(from).into_iter().flatten().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(graph.get(file).into_iter().flatten());
        }
    }
    reached
}
