//! pydantic models from a schema.
//!
//! Owns the mapping: objects become classes, the rest types with constraints. What pydantic cannot say goes along as a part of its JSON
//! schema where a model may read it, and is not enforced.

mod kinds;

use super::words::{class, field, literal, text};
use crate::json::pointer;
use crate::schema::Schema;
use crate::schema::adapt::recursive_targets;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

/// Classes and types inside each other, which bounds the recursion here.
const DEPTH: usize = 128;

/// The classes of one schema.
pub(super) struct Models {
    classes: String,
    root: String,
    typing: BTreeSet<&'static str>,
    pydantic: BTreeSet<&'static str>,
}

impl Models {
    /// Makes them.
    pub fn of(schema: &Schema) -> Self {
        let mut builder = Builder {
            schema,
            recursive: recursive_targets(schema.refs()),
            used: HashSet::new(),
            known: HashMap::new(),
            rebuilt: Vec::new(),
            looks_around: false,
            models: Self {
                classes: String::new(),
                root: String::new(),
                typing: BTreeSet::new(),
                pydantic: BTreeSet::from(["TypeAdapter"]),
            },
        };
        let root = builder.typed("", schema.name(), 0);
        builder.models.root = builder.annotated(root);
        for name in builder.rebuilt {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(builder.models.classes, "\n\n{name}.model_rebuild()");
        }
        if !builder.models.classes.is_empty() {
            builder.models.classes.push('\n');
        }
        builder.models
    }

    /// The classes, each before what uses it.
    pub fn classes(&self) -> &str {
        &self.classes
    }

    /// The type of the whole.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// What they need from `typing`.
    pub fn typing(&self) -> Vec<&'static str> {
        self.typing.iter().copied().collect()
    }

    /// What they need from `pydantic`.
    pub fn pydantic(&self) -> Vec<&'static str> {
        self.pydantic.iter().copied().collect()
    }
}

/// A type, and the constraints on its values as arguments of `Field`.
#[derive(Default)]
struct Typed {
    name: String,
    constraints: Vec<String>,
}

impl Typed {
    fn plain(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            constraints: Vec::new(),
        }
    }
}

struct Builder<'s> {
    schema: &'s Schema,
    /// Targets of references that lead back to themselves.
    recursive: HashSet<String>,
    used: HashSet<String>,
    /// Classes by the pointer of their schema.
    known: HashMap<String, String>,
    /// Classes that refer to ones below them.
    rebuilt: Vec<String>,
    /// Whether a pattern of the class under way needs another engine.
    looks_around: bool,
    models: Models,
}

impl Builder<'_> {
    fn node(&self, at: &str) -> Option<&Value> {
        self.schema.value().pointer(at)
    }

    fn any(&mut self) -> Typed {
        self.models.typing.insert("Any");
        Typed::plain("Any")
    }

    /// The type of the schema at a pointer.
    fn typed(&mut self, at: &str, hint: &str, depth: usize) -> Typed {
        let node = match self.node(at) {
            Some(Value::Object(node)) if depth < DEPTH => node.clone(),
            _ => return self.any(),
        };
        if let Some(name) = self.known.get(at) {
            return Typed::plain(name.clone());
        }
        if let Some(target) = self.schema.refs().target(at).map(str::to_owned) {
            let own = pointer::tokens(&target).last().map(std::borrow::Cow::into_owned);
            return self.target(&target, &own.unwrap_or_else(|| hint.to_owned()), depth + 1);
        }
        if let Some(literal) = self.literals(&node) {
            return literal;
        }
        if !self.members(at).is_empty() {
            return Typed::plain(self.class(at, hint, depth));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = node.get(keyword) {
                return self.union(&format!("{at}/{keyword}"), branches.len(), hint, depth);
            }
        }
        if let Some(Value::Array(parts)) = node.get("allOf").filter(|_| !node.contains_key("type"))
            && !parts.is_empty()
        {
            return self.typed(&format!("{at}/allOf/0"), hint, depth + 1);
        }
        self.by_type(at, &node, hint, depth)
    }

    /// The type of what a reference leads to. One that leads back to itself needs a name.
    fn target(&mut self, target: &str, hint: &str, depth: usize) -> Typed {
        let is_class = !self.members(target).is_empty();
        if is_class || !self.recursive.contains(target) || self.known.contains_key(target) {
            if let Some(name) = self.known.get(target) {
                return Typed::plain(name.clone());
            }
            return self.typed(target, hint, depth);
        }
        let name = class(hint, &mut self.used);
        self.models.pydantic.insert("RootModel");
        // Known only while its inside is made under another pointer: the class itself stands at the target's.
        self.known.insert(target.to_owned(), name.clone());
        let inside = self.inside(target, &name, depth);
        let _ = write!(
            self.models.classes,
            "\n\nclass {name}(RootModel):\n    root: {inside}\n"
        );
        self.rebuilt.push(name.clone());
        Typed::plain(name)
    }

    /// The type at a pointer that is known by a name already.
    fn inside(&mut self, at: &str, name: &str, depth: usize) -> String {
        let known = self.known.remove(at);
        let node = self.node(at).and_then(Value::as_object).cloned().unwrap_or_default();
        if let Some(known) = known {
            self.known.insert(at.to_owned(), known);
        }
        let typed = match ["anyOf", "oneOf"]
            .into_iter()
            .find(|keyword| node.contains_key(*keyword))
        {
            Some(keyword) => {
                let branches = node.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                self.union(&format!("{at}/{keyword}"), branches, name, depth)
            }
            None => self.by_type(at, &node, name, depth),
        };
        self.annotated(typed)
    }

    /// `enum` and `const`, where Python has literals of their kinds.
    fn literals(&mut self, node: &Map<String, Value>) -> Option<Typed> {
        let options = match (node.get("enum"), node.get("const")) {
            (Some(Value::Array(options)), _) => options.clone(),
            (_, Some(only)) => vec![only.clone()],
            _ => return None,
        };
        let simple = |value: &Value| value.is_string() || value.is_null() || value.is_boolean() || value.is_i64();
        if options.is_empty() || !options.iter().all(simple) {
            return Some(self.any());
        }
        self.models.typing.insert("Literal");
        let options: Vec<String> = options.iter().map(literal).collect();
        Some(Typed::plain(format!("Literal[{}]", options.join(", "))))
    }

    fn union(&mut self, at: &str, branches: usize, hint: &str, depth: usize) -> Typed {
        let mut types: Vec<String> = Vec::new();
        for number in 0..branches {
            let branch = self.typed(&format!("{at}/{number}"), hint, depth + 1);
            let name = self.annotated(branch);
            if !types.contains(&name) {
                types.push(name);
            }
        }
        if types.is_empty() || types.iter().any(|name| name == "Any") {
            return self.any();
        }
        Typed::plain(types.join(" | "))
    }

    fn annotated(&mut self, typed: Typed) -> String {
        if typed.constraints.is_empty() {
            return typed.name;
        }
        self.models.typing.insert("Annotated");
        self.models.pydantic.insert("Field");
        format!("Annotated[{}, Field({})]", typed.name, typed.constraints.join(", "))
    }

    /// The properties of an object, those of what it is all of included: key and pointer.
    fn members(&self, at: &str) -> Vec<(String, String)> {
        let mut members: Vec<(String, String)> = Vec::new();
        for part in self.parts(at) {
            let properties = self.node(&part).and_then(|node| node.get("properties")?.as_object());
            let properties = properties.into_iter().flatten();
            // What no value fits has no type in pydantic, and is never there.
            for (key, _) in properties.filter(|(_, schema)| **schema != Value::Bool(false)) {
                if members.iter().all(|(known, _)| known != key) {
                    members.push((key.clone(), format!("{part}/properties/{}", pointer::escape(key))));
                }
            }
        }
        members
    }

    /// A schema and what it is all of, references followed.
    fn parts(&self, at: &str) -> Vec<String> {
        let mut parts = vec![at.to_owned()];
        let mut next = 0;
        while let Some(part) = parts.get(next).cloned() {
            next += 1;
            let all_of = self.node(&part).and_then(|node| node.get("allOf")?.as_array());
            let mut more: Vec<String> = (0..all_of.map_or(0, Vec::len))
                .map(|number| format!("{part}/allOf/{number}"))
                .collect();
            if next > 1 {
                more.extend(self.schema.refs().target(&part).map(str::to_owned));
            }
            for one in more {
                if !parts.contains(&one) && parts.len() < DEPTH {
                    parts.push(one);
                }
            }
        }
        parts
    }

    fn class(&mut self, at: &str, hint: &str, depth: usize) -> String {
        let node = self.node(at).and_then(Value::as_object).cloned().unwrap_or_default();
        let title = node
            .get("title")
            .and_then(Value::as_str)
            .filter(|_| !at.contains("/properties/"));
        let name = class(title.unwrap_or(hint), &mut self.used);
        self.known.insert(at.to_owned(), name.clone());
        let outer = std::mem::replace(&mut self.looks_around, false);
        let body = self.body(at, depth);
        let mut config = Vec::new();
        match node.get("additionalProperties") {
            Some(Value::Bool(false)) => config.push("extra=\"forbid\""),
            Some(_) => config.push("extra=\"allow\""),
            None => {}
        }
        if std::mem::replace(&mut self.looks_around, outer) {
            config.push("regex_engine=\"python-re\"");
        }
        let mut text = format!("\n\nclass {name}(BaseModel):\n");
        self.models.pydantic.insert("BaseModel");
        if let Some(description) = node.get("description").and_then(Value::as_str) {
            let _ = writeln!(text, "    {}\n", self::text(description));
        }
        if !config.is_empty() {
            self.models.pydantic.insert("ConfigDict");
            let _ = writeln!(text, "    model_config = ConfigDict({})\n", config.join(", "));
        }
        text += &body;
        self.models.classes += &text;
        if self.recursive.contains(at) {
            self.rebuilt.push(name.clone());
        }
        name
    }

    fn body(&mut self, at: &str, depth: usize) -> String {
        let required: HashSet<String> = self
            .parts(at)
            .iter()
            .filter_map(|part| self.node(part)?.get("required")?.as_array())
            .flatten()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect();
        let mut used = HashSet::new();
        let mut body = String::new();
        for (key, place) in self.members(at) {
            let typed = self.typed(&place, &key, depth + 1);
            // A field that is called like a class would hide it from the fields after it.
            used.extend(self.used.iter().cloned());
            let name = field(&key, &mut used);
            let line = self.field(&name, &key, &place, required.contains(&key), typed);
            let _ = writeln!(body, "    {line}");
        }
        body
    }

    fn field(&mut self, name: &str, key: &str, at: &str, required: bool, typed: Typed) -> String {
        let node = self.node(at).and_then(Value::as_object);
        let default = node.and_then(|node| node.get("default")).map(literal);
        let description = node.and_then(|node| Some(text(node.get("description")?.as_str()?)));
        let mut arguments = Vec::new();
        let kind = if required {
            arguments.extend(typed.constraints);
            typed.name
        } else {
            let nullable = typed.name == "Any" || typed.name.split(" | ").any(|one| one == "None");
            let kind = self.annotated(typed);
            arguments.push(format!("default={}", default.clone().unwrap_or_else(|| "None".into())));
            if nullable || default.is_some() {
                kind
            } else {
                format!("{kind} | None")
            }
        };
        if name != key {
            arguments.push(format!("alias={}", text(key)));
        }
        arguments.extend(description.map(|description| format!("description={description}")));
        match arguments.as_slice() {
            [] => format!("{name}: {kind}"),
            [only] if only.starts_with("default=") => format!("{name}: {kind} = {}", &only["default=".len()..]),
            _ => {
                self.models.pydantic.insert("Field");
                format!("{name}: {kind} = Field({})", arguments.join(", "))
            }
        }
    }
}
