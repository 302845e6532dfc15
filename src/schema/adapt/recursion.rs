//! Which referenced subschemas contain themselves.
//!
//! Owns that question only; it decides what can be inlined. The work is proportional to the references, whatever they form.

use super::super::refs::Refs;
use std::collections::{HashMap, HashSet};

/// The targets of references that lead back to themselves.
pub(crate) fn recursive_targets(refs: &Refs) -> HashSet<String> {
    let graph = Graph::new(refs);
    let mut search = Search::new(graph.edges.len());
    for start in 0..graph.edges.len() {
        search.visit(start, &graph.edges);
    }
    let recursive = search.recursive.iter().zip(&graph.targets);
    recursive
        .filter(|(recursive, _)| **recursive)
        .map(|(_, target)| (*target).to_owned())
        .collect()
}

/// The targets, and to which others the references in each of them lead.
struct Graph<'a> {
    targets: Vec<&'a str>,
    edges: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn new(refs: &'a Refs) -> Self {
        let mut targets: Vec<&str> = refs.all().map(|(_, to)| to).collect();
        targets.sort_unstable();
        targets.dedup();
        let numbers: HashMap<&str, usize> = targets.iter().enumerate().map(|(at, target)| (*target, at)).collect();
        let mut edges = vec![Vec::new(); targets.len()];
        for (from, to) in refs.all() {
            for above in ancestors(from).filter_map(|above| numbers.get(above)) {
                edges[*above].extend(numbers.get(to));
            }
        }
        for edges in &mut edges {
            edges.sort_unstable();
            edges.dedup();
        }
        Self { targets, edges }
    }
}

/// The pointer itself and every pointer above it.
fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| pointer.rfind('/').map(|at| &pointer[..at]))
}

/// Tarjan's search for strongly connected components, with a path of its own in place of recursion: chains may be long.
struct Search {
    /// In which order each node was met, from 1; 0 before.
    met: Vec<usize>,
    /// The earliest node of the stack that is reached from each.
    low: Vec<usize>,
    /// Nodes whose component is not complete yet.
    stack: Vec<usize>,
    stacked: Vec<bool>,
    count: usize,
    /// The answer: nodes that reach themselves.
    recursive: Vec<bool>,
}

impl Search {
    fn new(nodes: usize) -> Self {
        Self {
            met: vec![0; nodes],
            low: vec![0; nodes],
            stack: Vec::new(),
            stacked: vec![false; nodes],
            count: 0,
            recursive: vec![false; nodes],
        }
    }

    fn visit(&mut self, start: usize, edges: &[Vec<usize>]) {
        if self.met[start] > 0 {
            return;
        }
        self.meet(start);
        // Each node of the path with how many of its edges were followed.
        let mut path = vec![(start, 0)];
        while let Some((node, followed)) = path.last_mut() {
            let node = *node;
            if let Some(&next) = edges[node].get(*followed) {
                *followed += 1;
                self.recursive[node] |= next == node;
                if self.met[next] == 0 {
                    self.meet(next);
                    path.push((next, 0));
                } else if self.stacked[next] {
                    self.low[node] = self.low[node].min(self.met[next]);
                }
                continue;
            }
            path.pop();
            if let Some((above, _)) = path.last() {
                self.low[*above] = self.low[*above].min(self.low[node]);
            }
            self.complete(node);
        }
    }

    fn meet(&mut self, node: usize) {
        self.count += 1;
        self.met[node] = self.count;
        self.low[node] = self.count;
        self.stack.push(node);
        self.stacked[node] = true;
    }

    /// Takes the component off the stack that begins at `node`, if one does: several nodes reach each other.
    fn complete(&mut self, node: usize) {
        if self.low[node] != self.met[node] {
            return;
        }
        let several = self.stack.last() != Some(&node);
        while let Some(member) = self.stack.pop() {
            self.stacked[member] = false;
            self.recursive[member] |= several;
            if member == node {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Draft;
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};
    use std::collections::BTreeSet;

    /// A schema of so many definitions, each with a property for every one that it refers to.
    fn schema(count: usize, edges: &BTreeSet<(usize, usize)>) -> Value {
        let mut definitions = Map::new();
        for from in 0..count {
            let to = edges.iter().filter(|edge| edge.0 == from).map(|edge| edge.1);
            let properties: Map<String, Value> = to
                .map(|to| (format!("p{to}"), json!({"$ref": format!("#/$defs/d{to}")})))
                .collect();
            definitions.insert(format!("d{from}"), json!({ "properties": properties }));
        }
        json!({ "$defs": definitions })
    }

    /// The same by asking each whether it is reached from itself.
    fn by_search(count: usize, edges: &BTreeSet<(usize, usize)>) -> HashSet<String> {
        let comes_back = |start: usize| {
            let (mut open, mut seen) = (vec![start], HashSet::new());
            while let Some(at) = open.pop() {
                for edge in edges.iter().filter(|edge| edge.0 == at) {
                    if edge.1 == start {
                        return true;
                    }
                    if seen.insert(edge.1) {
                        open.push(edge.1);
                    }
                }
            }
            false
        };
        (0..count)
            .filter(|at| comes_back(*at))
            .map(|at| format!("/$defs/d{at}"))
            .collect()
    }

    proptest! {
        #[test]
        fn finds_what_a_search_from_each_finds(edges in proptest::collection::btree_set((0_usize..9, 0_usize..9), 0..20)) {
            let refs = Refs::resolve(&schema(9, &edges), Draft::Draft202012).unwrap();
            prop_assert_eq!(recursive_targets(&refs), by_search(9, &edges));
        }
    }

    #[test]
    fn each_reference_is_followed_once() {
        let count = 2_000;
        let ring: BTreeSet<_> = (0..count).map(|at| (at, (at + 1) % count)).collect();
        let refs = Refs::resolve(&schema(count, &ring), Draft::Draft202012).unwrap();
        let graph = Graph::new(&refs);
        assert_eq!(graph.edges.iter().map(Vec::len).sum::<usize>(), count);
        assert_eq!(recursive_targets(&refs).len(), count);
    }
}
