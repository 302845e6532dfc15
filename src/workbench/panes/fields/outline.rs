//! The fields in their order: those that the schema declares, and those that came.
//!
//! Owns the items, how they stand in one another, and the ways through them. How they get there is `take`'s, how they look `paint`'s.

mod take;

use super::rows::Rows;
use super::source::Source;
use crate::json::pointer;
use crate::json::tree::NodeId;
use crate::schema::Schema;
use crate::schema::shape::{Member, ShapeId};
use crate::verdict::Violation;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// No item.
pub const NONE: u32 = u32::MAX;
/// The item of the whole answer.
pub const ROOT: u32 = 0;

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
