//! The fields in their order: those that the schema declares, and those that came.
//!
//! Owns the items and how they stand in one another. A declared field is there before it comes; what the schema does not know stands
//! where it came. Taking in a node costs no more than the fields declared below it. How items look is `paint`'s.

use super::rows::Rows;
use super::source::Source;
use super::wrap;
use crate::json::pointer;
use crate::json::tree::{Kind, NodeId};
use crate::schema::Schema;
use crate::schema::shape::{Member, ShapeId};
use crate::verdict::Violation;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// No item.
pub const NONE: u32 = u32::MAX;
/// The item of the whole answer.
pub const ROOT: u32 = 0;

/// Declared fields that are shown below one that has not come yet.
const AHEAD: usize = 4_000;
/// Declared fields in all: so many, and so many more for each value that came. A schema of a thousand fields for the items of an array
/// and an answer of a hundred thousand empty items would be a hundred million rows.
const DECLARED: usize = 20_000;
const DECLARED_PER_NODE: usize = 8;
/// The widest name that others are lined up with.
const NAME: usize = 24;

/// A field.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it stands in; the root's is [`NONE`].
    pub parent: u32,
    /// The first of what stands in it.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// The one after it.
    pub next: u32,
    /// Its node, once it came.
    pub node: Option<NodeId>,
    /// What the schema says of it.
    pub shape: Option<ShapeId>,
    /// Its place among the declared members, or its index in the array.
    pub at: u32,
    /// The first of its declared members; they follow one another. [`NONE`] while they are not shown.
    base: u32,
    /// Of what stands in it, what came last.
    recent: u32,
    /// How many came.
    pub arrived: u32,
    /// Fields with problems in it and below.
    pub below: u32,
    /// The columns of the longest name of its declared members.
    pub names: u16,
    /// Whether it is a declared member.
    pub declared: bool,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether what stands in it is hidden.
    pub folded: bool,
    /// Whether its text is shown on rows of its own.
    pub opened: bool,
}

impl Item {
    fn new(parent: u32, at: u32) -> Self {
        Self {
            parent,
            first: NONE,
            last: NONE,
            next: NONE,
            node: None,
            shape: None,
            at,
            base: NONE,
            recent: NONE,
            arrived: 0,
            below: 0,
            names: 0,
            declared: false,
            optional: false,
            folded: false,
            opened: false,
        }
    }
}

/// What the user did to fields, by pointer, so that it outlives a tree.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Folded.
    pub folded: HashSet<String>,
    /// Opened.
    pub opened: HashSet<String>,
}

/// The fields.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    pub(super) items: Vec<Item>,
    /// What is on show.
    pub rows: Rows,
    /// Per node from `base` on, its item.
    of_node: Vec<u32>,
    base: usize,
    declared: usize,
    /// The item whose node came last.
    pub newest: u32,
    /// What fields break.
    pub reasons: HashMap<u32, Vec<Violation>>,
    /// Whether rows are not kept up but made anew at the end.
    bulk: bool,
}

impl Outline {
    /// The fields of a schema before anything has come. `base` is the index of the first node that may be taken in.
    pub fn new(source: &Source, marks: &Marks) -> Self {
        let mut outline = Self {
            bulk: true,
            ..Self::default()
        };
        let mut root = Item::new(NONE, 0);
        root.shape = source.schema.map(|schema| schema.shape().root());
        root.folded = marks.folded.contains("");
        outline.push(root);
        outline.expand(ROOT, source, marks);
        outline
    }

    /// From now on nodes of the document at `root` are taken in.
    pub fn attach(&mut self, root: NodeId) {
        self.base = root.index();
        self.of_node.clear();
    }

    /// The index of the first node that has not been taken in.
    pub fn taken(&self) -> usize {
        self.base + self.of_node.len()
    }

    /// Whether rows are kept up while nodes are taken in, which is dear for many; or made anew afterwards.
    pub fn set_bulk(&mut self, bulk: bool) {
        if self.bulk && !bulk {
            self.bulk = false;
            self.show();
        }
        self.bulk = bulk;
    }

    /// Makes the rows anew from what is folded.
    pub fn show(&mut self) {
        let mut order = Vec::new();
        let mut at = ROOT;
        while at != NONE {
            order.push(at);
            at = self.following(at, true);
        }
        self.rows.rebuild(order.into_iter());
    }

    /// The item after `item` in order; `shown` leaves out what is folded away. [`NONE`] at the end.
    pub fn following(&self, item: u32, shown: bool) -> u32 {
        let here = &self.items[item as usize];
        if here.first != NONE && !(shown && here.folded) {
            return here.first;
        }
        let mut at = item;
        while at != NONE {
            let here = &self.items[at as usize];
            if here.next != NONE {
                return here.next;
            }
            at = here.parent;
        }
        NONE
    }

    /// An item.
    pub fn item(&self, item: u32) -> Option<&Item> {
        self.items.get(item as usize)
    }

    /// The items in `item`, in order.
    pub fn children(&self, item: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = self.item(item).map_or(NONE, |item| item.first);
        std::iter::from_fn(move || {
            let here = next;
            next = self.item(here)?.next;
            Some(here)
        })
    }

    /// The item and everything it stands in, outwards.
    pub fn ancestors(&self, item: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = item;
        std::iter::from_fn(move || {
            let here = next;
            next = self.item(here)?.parent;
            Some(here)
        })
    }

    /// How many items it stands in.
    pub fn depth(&self, item: u32) -> usize {
        self.ancestors(item).count().saturating_sub(1)
    }

    /// The item of a node that was taken in.
    pub fn of(&self, id: NodeId) -> Option<u32> {
        let at = id.index().checked_sub(self.base)?;
        self.of_node.get(at).copied().filter(|item| *item != NONE)
    }

    /// The declared member that an item is.
    pub fn member<'s>(&self, item: u32, schema: Option<&'s Schema>) -> Option<&'s Member> {
        let here = self.item(item).filter(|item| item.declared)?;
        let shape = self.item(here.parent)?.shape?;
        schema?.shape().node(shape).members.get(here.at as usize)
    }

    /// The name of a member, or the index of an item as a pointer has it. Empty for the root.
    pub fn token<'s>(&self, item: u32, source: &Source<'s>) -> Cow<'s, str> {
        let Some(here) = self.item(item).filter(|here| here.parent != NONE) else {
            return Cow::Borrowed("");
        };
        if let Some(key) = source.key(here.node) {
            return Cow::Borrowed(key);
        }
        match self.member(item, source.schema) {
            Some(member) => Cow::Borrowed(member.name.as_str()),
            None => Cow::Owned(here.at.to_string()),
        }
    }

    /// Its RFC 6901 pointer.
    pub fn pointer(&self, item: u32, source: &Source) -> String {
        let mut steps: Vec<u32> = self.ancestors(item).collect();
        steps.pop();
        let tokens = steps.iter().rev().map(|step| self.token(*step, source));
        tokens.fold(String::new(), |path, token| path + "/" + &pointer::escape(&token))
    }

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
        let parent = source.node(Some(id)).and_then(crate::json::tree::Node::parent);
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

    fn push(&mut self, item: Item) -> u32 {
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
    fn expand(&mut self, item: u32, source: &Source, marks: &Marks) {
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
            declared.optional = !member.required;
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

    /// The declared member `name` of an item.
    pub fn slot(&self, item: u32, name: &str, schema: Option<&Schema>) -> Option<u32> {
        let here = self.item(item).filter(|here| here.base != NONE)?;
        let at = schema?.shape().position(here.shape?, name)?;
        Some(here.base + at as u32)
    }

    /// The item at a pointer, or the nearest one above it.
    pub fn find(&self, pointer: &str, source: &Source) -> u32 {
        let mut at = ROOT;
        for token in pointer::tokens(pointer) {
            match self.children(at).find(|child| self.token(*child, source) == token) {
                Some(child) => at = child,
                None => break,
            }
        }
        at
    }

    /// The item, or the nearest one above it that is on show.
    pub fn shown(&self, item: u32) -> u32 {
        let mut above = self.ancestors(item);
        above.find(|item| self.rows.contains(*item)).unwrap_or(ROOT)
    }
}
