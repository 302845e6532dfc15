//! Problems at the fields that have them.
//!
//! Owns finding the field of each violation's pointer in one walk, and the reasons that are shown under it.

use super::outline::{NONE, Outline};
use super::source::Source;
use crate::json::pointer;
use crate::verdict::Violation;
use std::collections::HashMap;

/// Reasons that are kept for one field. More are no help.
const MOST: usize = 20;

/// The tokens of the pointers, each once.
#[derive(Default)]
struct Trie {
    nodes: Vec<Step>,
}

#[derive(Default)]
struct Step {
    errors: Vec<usize>,
    below: HashMap<String, usize>,
}

impl Trie {
    fn new(violations: &[Violation]) -> Self {
        let mut trie = Self {
            nodes: vec![Step::default()],
        };
        for (error, violation) in violations.iter().enumerate() {
            let mut at = 0;
            for token in pointer::tokens(&violation.pointer) {
                let next = trie.nodes.len();
                let step = *trie.nodes[at].below.entry(token.into_owned()).or_insert(next);
                if step == next {
                    trie.nodes.push(Step::default());
                }
                at = step;
            }
            trie.nodes[at].errors.push(error);
        }
        trie
    }

    /// Everything at and below a step, in order.
    fn all(&self, step: usize) -> Vec<usize> {
        let mut queue = vec![step];
        let mut errors = Vec::new();
        while let Some(step) = queue.pop() {
            errors.extend(&self.nodes[step].errors);
            queue.extend(self.nodes[step].below.values());
        }
        errors.sort_unstable();
        errors
    }
}

impl Outline {
    /// Puts violations, whose pointers start at `item`, at their fields. Returns the fields that got a reason. Costs the violations
    /// and what stands beside their fields.
    pub fn place(&mut self, item: u32, violations: &[Violation], source: &Source) -> Vec<u32> {
        let trie = Trie::new(violations);
        let mut touched = Vec::new();
        let mut queue = vec![(item, 0)];
        while let Some((item, step)) = queue.pop() {
            let step = &trie.nodes[step];
            for error in &step.errors {
                touched.extend(self.add_reason(item, &violations[*error], source));
            }
            if step.below.is_empty() {
                continue;
            }
            let mut lost: HashMap<&str, usize> =
                step.below.iter().map(|(token, step)| (token.as_str(), *step)).collect();
            for child in self.children(item) {
                let token = self.token(child, source);
                if let Some(step) = step.below.get(&*token) {
                    lost.remove(&*token);
                    queue.push((child, *step));
                }
            }
            let mut lost: Vec<usize> = lost.into_values().flat_map(|step| trie.all(step)).collect();
            lost.sort_unstable();
            for error in lost {
                let violation = &violations[error];
                let message = format!("{}: {}", violation.pointer, violation.message);
                let told = Violation {
                    message,
                    ..violation.clone()
                };
                touched.extend(self.add_reason(item, &told, source));
            }
        }
        touched
    }

    fn add_reason(&mut self, item: u32, violation: &Violation, source: &Source) -> Option<u32> {
        let missing = self.missing(item, violation, source);
        let (item, message) = match missing {
            Some(slot) => (slot, "required, and missing".to_owned()),
            None => (item, violation.message.clone()),
        };
        let reasons = self.reasons.entry(item).or_default();
        let told = reasons
            .iter()
            .any(|told| told.keyword == violation.keyword && told.message == message);
        if told || reasons.len() >= MOST {
            return None;
        }
        let first = reasons.is_empty();
        reasons.push(Violation {
            message,
            ..violation.clone()
        });
        if first {
            self.count_below(item);
        }
        Some(item)
    }

    /// The declared field that a violation of `required` says is missing. Its sentence is `judge`'s: the name, quoted, in front.
    fn missing(&self, item: u32, violation: &Violation, source: &Source) -> Option<u32> {
        if violation.keyword != "required" {
            return None;
        }
        let (name, _) = violation.message.strip_prefix('`')?.rsplit_once('`')?;
        let slot = self.slot(item, name, source.schema)?;
        let node = self.item(slot)?.node;
        (node.is_none() || source.is_added_null(node)).then_some(slot)
    }

    fn count_below(&mut self, item: u32) {
        let mut at = item;
        while at != NONE {
            let here = &mut self.items[at as usize];
            here.below += 1;
            at = here.parent;
        }
    }

    /// Takes every reason away. Returns the fields that had one.
    pub fn clear_reasons(&mut self) -> Vec<u32> {
        let had: Vec<u32> = std::mem::take(&mut self.reasons).into_keys().collect();
        for item in &had {
            let mut at = *item;
            while at != NONE && self.items[at as usize].below > 0 {
                let here = &mut self.items[at as usize];
                here.below = 0;
                at = here.parent;
            }
        }
        had
    }
}
