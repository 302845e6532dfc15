//! A schema: what the user wrote, checked once, and everything the rest of the program asks of it.
//!
//! Owns loading (JSON, JSON with comments, YAML, shorthand), checking, judging values, the map of fields, the adaptation for
//! providers and the lint. Does no I/O: callers pass text, and remote or file `$ref`s are errors, never fetched (design §4, §9).

pub mod adapt;
pub mod check;
pub mod compile;
pub mod error;

pub mod family;
mod judge;

pub mod lint;
mod load;
mod locate;
mod refs;
pub mod shape;
pub mod shorthand;
mod walk;
mod work;

use crate::verdict::Violation;
use compile::{Compiled, Engine, Source};
pub use error::SchemaError;
use jsonschema::Validator;
use judge::Judging;
pub(crate) use judge::shown;
use refs::Refs;
use serde_json::Value;
use shape::{Shape, ShapeId};
use std::fmt;
use std::sync::{Arc, OnceLock};
use work::Work;

/// The form a schema was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Plain JSON (RFC 8259).
    Json,
    /// JSON with comments or trailing commas.
    Jsonc,
    /// YAML.
    Yaml,
    /// formwork's own shorthand (see [`shorthand`]).
    Shorthand,
}

/// The JSON Schema draft a schema is read under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Draft {
    /// Draft 4.
    Draft4,
    /// Draft 6.
    Draft6,
    /// Draft 7.
    Draft7,
    /// Draft 2019-09.
    Draft201909,
    /// Draft 2020-12, the default.
    Draft202012,
}

impl Draft {
    /// The draft's name as people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft4 => "draft 4",
            Self::Draft6 => "draft 6",
            Self::Draft7 => "draft 7",
            Self::Draft201909 => "draft 2019-09",
            Self::Draft202012 => "draft 2020-12",
        }
    }

    /// Whether the keywords beside a `$ref` are ignored (up to draft 7).
    pub(crate) const fn ref_hides_siblings(self) -> bool {
        matches!(self, Self::Draft4 | Self::Draft6 | Self::Draft7)
    }
}

impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A loaded, checked and compiled schema. Cloning it is cheap; it can be shared between threads.
#[derive(Clone)]
pub struct Schema(Arc<Inner>);

/// What a [`Schema`] holds; filled by `check::finish`.
struct Inner {
    text: String,
    value: Value,
    name: String,
    form: Form,
    draft: Draft,
    notes: Vec<String>,
    engine: Engine,
    refs: Refs,
    shape: Shape,
    compiled: Compiled,
    open_maps: bool,
    /// Counts the steps of judging; made at first use, `None` where that needs no counting.
    work: OnceLock<Option<Work>>,
}

impl Schema {
    /// Loads a schema from its text and checks it. The form is sniffed: JSON, JSON with comments, YAML or the shorthand.
    /// `name_hint` is the stem of the schema's file, used when the schema has no `title` and no name of its own.
    ///
    /// # Errors
    /// The text is in none of the forms, breaks the meta-schema of its draft, points outside itself, or is too large or deep.
    pub fn load(text: &str, name_hint: Option<&str>) -> Result<Self, SchemaError> {
        check::finish(load::read(text, name_hint)?)
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The JSON Schema as written, with the order of its members kept. For the shorthand, what it stands for.
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    /// A name of one to 64 of `[A-Za-z0-9_-]`: the schema's own, else its title, else the hint, else `Answer`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The form it was written in.
    pub fn form(&self) -> Form {
        self.0.form
    }

    /// The draft it is read under.
    pub fn draft(&self) -> Draft {
        self.0.draft
    }

    /// What the user should know of how the schema was read, in sentences.
    pub fn notes(&self) -> &[String] {
        &self.0.notes
    }

    /// The fields it describes.
    pub fn shape(&self) -> &Shape {
        &self.0.shape
    }

    /// Every way in which `value` breaks the schema as written; empty when it fits. A value nested deeper than
    /// 128 levels is one violation of keyword `depth`.
    pub fn judge(&self, value: &Value) -> Vec<Violation> {
        judge::judge(&self.judging(self.0.compiled.whole(), None, ""), value)
    }

    /// As [`Schema::judge`], but against one subschema; the pointers are relative to `value`. The subschema is compiled at its
    /// first use and kept.
    pub fn judge_at(&self, shape: ShapeId, value: &Value) -> Vec<Violation> {
        let own = &self.shape().node(shape).pointer;
        let pointer = self.0.refs.judged_as(&self.0.value, own);
        let source = Source {
            schema: self.value(),
            draft: self.0.draft,
            engine: self.0.engine,
        };
        let all = || {
            let places = self.shape().ids().map(|id| &self.shape().node(id).pointer);
            places.map(|own| self.0.refs.judged_as(&self.0.value, own)).collect()
        };
        match self.0.compiled.part(source, pointer, all) {
            Some(part) => judge::judge(&self.judging(&part.validator, part.member.as_deref(), pointer), value),
            None => Vec::new(),
        }
    }

    /// All that judging by the subschema at `pointer` takes.
    fn judging<'a>(&'a self, validator: &'a Validator, member: Option<&'a str>, pointer: &'a str) -> Judging<'a> {
        let work = self.0.work.get_or_init(|| Work::of(&self.0.value, &self.0.refs));
        Judging {
            validator,
            member,
            chain: self.0.refs.longest_chain(),
            work: work.as_ref(),
            pointer,
        }
    }

    /// Whether some object of the schema allows free keys on purpose: `additionalProperties: {…}` or `true`, or
    /// `patternProperties`, or says nothing at all of its members. Strict modes cannot express them.
    pub fn has_open_maps(&self) -> bool {
        self.0.open_maps
    }

    /// Whether every value that fits is an object, as function arguments and strict modes need.
    pub fn root_is_object(&self) -> bool {
        let root = self.shape().node(self.shape().root());
        root.types == [shape::Type::Object]
    }

    /// Where the `$ref`s of this schema lead.
    pub(crate) fn refs(&self) -> &Refs {
        &self.0.refs
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema")
            .field("name", &self.0.name)
            .field("form", &self.0.form)
            .field("draft", &self.0.draft)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.text == other.0.text && self.0.name == other.0.name)
    }
}

#[cfg(test)]
mod tests;
