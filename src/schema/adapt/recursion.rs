//! Which referenced subschemas contain themselves.
//!
//! Owns that question only; it decides what can be inlined.

use super::super::refs::Refs;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The targets of references that lead back to themselves.
pub(crate) fn recursive_targets(refs: &Refs) -> HashSet<String> {
    let targets: BTreeSet<&str> = refs.all().map(|(_, to)| to).collect();
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in refs.all() {
        for ancestor in ancestors(from).filter(|ancestor| targets.contains(ancestor)) {
            edges.entry(ancestor).or_default().insert(to);
        }
    }
    targets
        .iter()
        .filter(|target| comes_back(target, &edges))
        .map(|target| (*target).to_owned())
        .collect()
}

/// The pointer itself and every pointer above it.
fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| pointer.rfind('/').map(|at| &pointer[..at]))
}

fn comes_back(start: &str, edges: &BTreeMap<&str, BTreeSet<&str>>) -> bool {
    let mut open = vec![start];
    let mut seen = HashSet::new();
    while let Some(at) = open.pop() {
        for &next in edges.get(at).into_iter().flatten() {
            if next == start {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}
