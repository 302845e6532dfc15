//! What is offered besides the documents themselves: those inside strings, the arguments of tool calls, and lists of documents.
//!
//! Owns readings that only a schema can choose; each stands behind the plain reading, save a list whose commas were written.

use super::escape::{Unescaped, graft};
use super::extract::{Found, Join, scan};
use super::{Candidate, Limits};
use crate::json::tree::{Kind, NodeId, Tree};
use crate::verdict::{Repair, RepairKind, Risk};

/// How many extra readings of each kind are offered.
const MOST: usize = 8;

/// Several documents that nothing but space or commas divides, as one array, unless that would nest too deep.
pub(super) fn list(text: &str, found: &[Found], limits: Limits) -> Option<Candidate> {
    let (first, rest) = found.split_first()?;
    let last = rest.last()?;
    let weighty = rest.iter().any(|found| !found.slight) || found.iter().all(|found| found.slight);
    if !weighty || rest.iter().any(|found| found.join == Join::Apart) {
        return None;
    }
    if found.iter().any(|found| depth(&found.tree) >= limits.depth) {
        return None;
    }
    let mut tree = Tree::new();
    let root = tree.open(None, None, Kind::Array, first.start as u32);
    let mut repairs = vec![Repair {
        kind: RepairKind::SeveralDocuments,
        offset: first.start as u64,
        risk: Risk::Guess,
    }];
    for found in found {
        if let Some(top) = found.tree.root() {
            graft(&mut tree, Some(root), &found.tree, top, &|at| at);
        }
        repairs.extend(found.repairs.iter().copied());
    }
    debug_assert!(last.end <= text.len(), "spans lie in the text");
    tree.close(root, last.end as u32);
    Some(Candidate {
        start: first.start as u64,
        end: last.end as u64,
        tree,
        repairs,
        complete: last.complete,
    })
}

/// How many containers are inside one another at most.
fn depth(tree: &Tree) -> usize {
    let mut depths: Vec<usize> = Vec::with_capacity(tree.len());
    for id in tree.ids() {
        let node = tree.node(id);
        let above = node.parent().and_then(|parent| depths.get(parent.index())).copied();
        let own = usize::from(matches!(node.kind, Kind::Array | Kind::Object));
        depths.push(above.unwrap_or_default() + own);
    }
    depths.into_iter().max().unwrap_or_default()
}

/// Adds the documents that strings hold which are whole candidates themselves.
pub(super) fn documents_in_strings(text: &str, candidates: &mut Vec<Candidate>, limits: Limits) {
    let mut inner = Vec::new();
    for candidate in candidates.iter().take(MOST) {
        let Some(root) = candidate.tree.root() else { continue };
        inner.extend(document_in(text, candidate, root, limits).into_iter().take(MOST));
    }
    candidates.extend(inner);
}

/// The documents that the string at `id` holds.
fn document_in(text: &str, candidate: &Candidate, id: NodeId, limits: Limits) -> Vec<Candidate> {
    let node = candidate.tree.node(id);
    let held = candidate.tree.text(id).trim_start();
    if node.kind != Kind::String || !held.starts_with(['{', '[']) {
        return Vec::new();
    }
    let (start, end) = (node.open as usize + 1, node.close().unwrap_or(node.open) as usize);
    let Some(raw) = text.get(start..end) else {
        return Vec::new();
    };
    let end = if raw.ends_with(['"', '\'']) { end - 1 } else { end };
    if end <= start {
        return Vec::new();
    }
    let unescaped = Unescaped::of(text, start, end);
    let mut found = scan(&unescaped.text, limits, false);
    found.reverse();
    found
        .iter()
        .map(|found| {
            let found = unescaped.outward(found);
            let mut repairs = candidate.repairs.clone();
            repairs.push(Repair {
                kind: RepairKind::EscapedDocument,
                offset: u64::from(node.open),
                risk: Risk::Guess,
            });
            repairs.extend(found.repairs);
            Candidate {
                start: found.start as u64,
                end: found.end as u64,
                tree: found.tree,
                repairs,
                complete: found.complete && candidate.complete,
            }
        })
        .collect()
}

/// Adds the arguments of candidates that are tool calls.
pub(super) fn tool_calls(text: &str, candidates: &mut Vec<Candidate>, limits: Limits) {
    let mut inner = Vec::new();
    for candidate in candidates.iter().take(MOST) {
        let Some(arguments) = candidate.tree.root().and_then(|root| arguments(&candidate.tree, root)) else {
            continue;
        };
        let offset = u64::from(candidate.tree.node(arguments).open);
        let note = Repair {
            kind: RepairKind::ToolWrapper,
            offset,
            risk: Risk::Guess,
        };
        if candidate.tree.node(arguments).kind == Kind::String {
            let mut held = document_in(text, candidate, arguments, limits);
            for document in &mut held {
                document.repairs.push(note);
            }
            inner.extend(held.into_iter().take(1));
        } else {
            inner.push(subtree(candidate, arguments, note));
        }
    }
    candidates.extend(inner);
}

fn subtree(candidate: &Candidate, id: NodeId, note: Repair) -> Candidate {
    let mut tree = Tree::new();
    graft(&mut tree, None, &candidate.tree, id, &|at| at);
    let mut repairs = candidate.repairs.clone();
    repairs.push(note);
    let top = candidate.tree.node(id);
    Candidate {
        start: u64::from(top.open),
        end: u64::from(top.close().unwrap_or(top.open)),
        tree,
        repairs,
        complete: candidate.complete,
    }
}

/// The arguments of a call: `{"name": …, "arguments": …}`, also as the `function` of one, or the only one of a list.
fn arguments(tree: &Tree, id: NodeId) -> Option<NodeId> {
    let mut id = id;
    for _ in 0..4 {
        let member = |name: &str| tree.children(id).find(|child| tree.key(*child) == Some(name));
        let named = member("name")
            .or_else(|| member("tool"))
            .is_some_and(|name| tree.node(name).kind == Kind::String);
        let held = ["arguments", "parameters", "input", "args"]
            .into_iter()
            .find_map(member);
        if let (true, Some(held)) = (named, held) {
            return matches!(tree.node(held).kind, Kind::Object | Kind::String).then_some(held);
        }
        let only = (tree.node(id).kind == Kind::Array)
            .then(|| tree.children(id).next())
            .flatten();
        id = member("function")
            .or_else(|| member("function_call"))
            .or_else(|| member("tool_calls"))
            .or(only)?;
    }
    None
}
