//! How fields get into the outline: declared by the schema, or with a node that came.
//!
//! Owns the order: a declared field stands there before it comes, what the schema does not know stands where it came. Taking in a
//! node costs no more than the fields declared below it.

use super::super::source::Source;
use super::super::wrap;
use super::{Item, Marks, NONE, Outline, ROOT};
use crate::json::tree::{Kind, Node, NodeId};
use crate::schema::Schema;

/// Declared fields that are shown below one that has not come yet.
const AHEAD: usize = 4_000;
/// Declared fields in all: so many, and so many more for each value that came. A schema of a thousand fields for the items of an array
/// and an answer of a hundred thousand empty items would be a hundred million rows.
const DECLARED: usize = 20_000;
const DECLARED_PER_NODE: usize = 8;
/// The widest name that others are lined up with.
const NAME: usize = 24;

impl Outline {
    /// Takes in the next node. `root` is the node of the whole answer; what stands beside it is left out.
    pub fn take(&mut self, id: NodeId, root: Option<NodeId>, source: &Source, marks: &Marks) {
        let item = self.item_for(id, root, source);
        self.of_node.push(item);
        if item == NONE {
            return;
        }
        let shape = source.reading().and_then(|(_, mapping)| mapping.shape(id));
        let here = &mut self.items[item as usize];
        here.node = Some(id);
        here.shape = shape.or(here.shape);
        let parent = here.parent;
        self.newest = item;
        if parent != NONE {
            let parent = &mut self.items[parent as usize];
            parent.arrived += 1;
            parent.recent = item;
        }
        let kind = source.node(Some(id)).map(|node| node.kind);
        if kind == Some(Kind::Object) {
            self.expand(item, source, marks);
        } else {
            self.clear_declared(item);
        }
        self.apply_marks(item, kind, source, marks);
    }

    /// The item of a node that comes: the declared one that waits for it, or a new one.
    fn item_for(&mut self, id: NodeId, root: Option<NodeId>, source: &Source) -> u32 {
        if Some(id) == root {
            return ROOT;
        }
        let parent = source.node(Some(id)).and_then(Node::parent);
        let Some(parent) = parent.and_then(|parent| self.of(parent)) else {
            return NONE;
        };
        let here = &self.items[parent as usize];
        let position = source
            .key(Some(id))
            .and_then(|key| source.schema?.shape().position(here.shape?, key));
        if let Some(at) = position.filter(|_| here.base != NONE) {
            let waiting = here.base + at as u32;
            if self.items.get(waiting as usize).is_some_and(|item| item.node.is_none()) {
                return waiting;
            }
        }
        let (recent, at) = (here.recent, here.arrived);
        self.add(parent, recent, Item::new(parent, at))
    }

    fn apply_marks(&mut self, item: u32, kind: Option<Kind>, source: &Source, marks: &Marks) {
        let (folds, opens) = (!marks.folded.is_empty(), !marks.opened.is_empty());
        match kind {
            Some(Kind::Object | Kind::Array) if folds => {
                let folded = marks.folded.contains(&self.pointer(item, source));
                self.set_folded(item, folded);
            }
            Some(Kind::String) if opens => {
                self.items[item as usize].opened = marks.opened.contains(&self.pointer(item, source));
            }
            _ => {}
        }
    }

    /// Marks an item as folded while it comes; what is declared in it is hidden.
    fn set_folded(&mut self, item: u32, folded: bool) {
        let before = std::mem::replace(&mut self.items[item as usize].folded, folded);
        if folded && !before {
            self.hide_below(item);
        }
    }

    fn hide_below(&mut self, item: u32) {
        let mut queue: Vec<u32> = self.children(item).collect();
        while let Some(one) = queue.pop() {
            self.rows.remove(one);
            queue.extend(self.children(one));
        }
    }

    pub(super) fn push(&mut self, item: Item) -> u32 {
        self.items.push(item);
        self.rows.grow();
        self.items.len() as u32 - 1
    }

    /// Adds an item to `parent`, after `before` or, without one, in front.
    fn add(&mut self, parent: u32, before: u32, mut item: Item) -> u32 {
        let folded = self.items[parent as usize].folded;
        let after = if before == NONE {
            parent
        } else {
            self.last_shown(before)
        };
        item.next = match before {
            NONE => self.items[parent as usize].first,
            before => self.items[before as usize].next,
        };
        let ends = item.next == NONE;
        let new = self.push(item);
        match before {
            NONE => self.items[parent as usize].first = new,
            before => self.items[before as usize].next = new,
        }
        if ends {
            self.items[parent as usize].last = new;
        }
        if !(self.bulk || folded) {
            self.rows.insert_after(after, new);
        }
        new
    }

    /// The last of the items that are shown in `item`, or that itself.
    fn last_shown(&self, item: u32) -> u32 {
        let mut at = item;
        loop {
            let here = &self.items[at as usize];
            if here.folded || here.last == NONE {
                return at;
            }
            at = here.last;
        }
    }

    /// Adds the declared members of an item, and of those that wait in it what they declare, as far as that makes sense.
    pub(super) fn expand(&mut self, item: u32, source: &Source, marks: &Marks) {
        let Some(schema) = source.schema else { return };
        let mut queue = vec![item];
        let mut at = 0;
        let before = self.items.len();
        while let Some(one) = queue.get(at).copied() {
            at += 1;
            if at > 1 && self.items.len() - before > AHEAD {
                break;
            }
            let added = self.expand_one(one, schema);
            for child in added {
                if !marks.folded.is_empty() && marks.folded.contains(&self.pointer(child, source)) {
                    self.items[child as usize].folded = true;
                }
                if self.may_look_ahead(child, schema) {
                    queue.push(child);
                }
            }
        }
    }

    /// Whether what is declared in a field that has not come is shown: not where it would go in circles.
    fn may_look_ahead(&self, item: u32, schema: &Schema) -> bool {
        let Some(shape) = self.items[item as usize].shape else {
            return false;
        };
        !schema.shape().node(shape).members.is_empty()
            && !self
                .ancestors(item)
                .skip(1)
                .any(|above| self.items[above as usize].shape == Some(shape))
    }

    fn expand_one(&mut self, item: u32, schema: &Schema) -> std::ops::Range<u32> {
        let here = &self.items[item as usize];
        let none = 0..0;
        let Some(shape) = here.shape.filter(|_| here.base == NONE) else {
            return none;
        };
        let members = &schema.shape().node(shape).members;
        let room = DECLARED + self.of_node.len().saturating_mul(DECLARED_PER_NODE);
        if members.is_empty() || (item != ROOT && self.declared + members.len() > room) {
            return none;
        }
        self.declared += members.len();
        let base = self.items.len() as u32;
        let mut before = NONE;
        let mut names = 0;
        for (at, member) in members.iter().enumerate() {
            let mut declared = Item::new(item, at as u32);
            declared.shape = Some(member.shape);
            declared.declared = true;
            before = self.add(item, before, declared);
            names = names.max(wrap::columns(&member.name, NAME));
        }
        let here = &mut self.items[item as usize];
        here.base = base;
        here.names = names as u16;
        base..base + members.len() as u32
    }

    /// What came is no object: what was declared in it is taken away.
    fn clear_declared(&mut self, item: u32) {
        if self.items[item as usize].base == NONE {
            return;
        }
        self.hide_below(item);
        let here = &mut self.items[item as usize];
        (here.first, here.last, here.base) = (NONE, NONE, NONE);
    }
}
