//! The compiled form of a schema: one validator for the whole, one for each part that is asked for.
//!
//! Owns the options every validator is built with. A part that refers to nothing is compiled alone. Parts that refer are compiled
//! together at the first use of one of them, since each alone would be compiled with all that can be reached from it: for definitions
//! that reach each other that grows with the square of their number. What the errors mean is the business of `check` and `judge`.

use super::Draft;
use jsonschema::{PatternOptions, Registry, ValidationError, ValidationOptions, Validator};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The most a compiled pattern may weigh, in bytes.
const PATTERN_SIZE: usize = 1 << 20;
/// Steps after which the backtracking engine gives up on one text.
const BACKTRACKS: usize = 10_000;
/// The address a schema without an absolute `$id` is compiled under.
const PRIVATE: &str = "formwork:///schema";

/// The engine that runs a schema's patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Linear time; knows no look-around and no back-references.
    Linear,
    /// Backtracking with a limit of its steps; knows both.
    Backtracking,
}

/// The options formwork builds every validator with: one draft, formats asserted, nothing fetched, bounded patterns.
pub fn options<'i>(draft: Draft, engine: Engine) -> ValidationOptions<'i> {
    let options = jsonschema::options()
        .with_draft(native(draft))
        .should_validate_formats(true)
        .offline();
    match engine {
        Engine::Linear => options.with_pattern_options(PatternOptions::regex().size_limit(PATTERN_SIZE)),
        Engine::Backtracking => options.with_pattern_options(
            PatternOptions::fancy_regex()
                .backtrack_limit(BACKTRACKS)
                .size_limit(PATTERN_SIZE),
        ),
    }
}

/// The validator library's name for a draft.
pub(crate) fn native(draft: Draft) -> jsonschema::Draft {
    match draft {
        Draft::Draft4 => jsonschema::Draft::Draft4,
        Draft::Draft6 => jsonschema::Draft::Draft6,
        Draft::Draft7 => jsonschema::Draft::Draft7,
        Draft::Draft201909 => jsonschema::Draft::Draft201909,
        Draft::Draft202012 => jsonschema::Draft::Draft202012,
    }
}

/// The keywords that refer to another place.
const REFERRING: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// What a schema is compiled from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The schema as written.
    pub schema: &'a Value,
    /// The draft it is read under.
    pub draft: Draft,
    /// What runs its patterns.
    pub engine: Engine,
}

/// The validator of a part of a schema.
#[derive(Clone)]
pub(crate) struct Part {
    /// The validator.
    pub validator: Arc<Validator>,
    /// The member of an object as which it takes the value, when it is the validator of many parts.
    pub member: Option<Arc<str>>,
}

/// The validators of one schema.
pub(crate) struct Compiled {
    whole: Validator,
    /// The address and the registry that parts are compiled from; `None` when the registry refused the schema.
    registry: OnceLock<Option<(String, Registry<'static>)>>,
    /// All parts that refer, as the members of an object; `None` when they cannot be compiled so.
    together: OnceLock<Option<Arc<Validator>>>,
    parts: Mutex<HashMap<String, Option<Part>>>,
}

impl Compiled {
    /// Compiles the whole schema.
    ///
    /// # Errors
    /// What the validator library says of it.
    pub fn new(source: Source<'_>) -> Result<Self, ValidationError<'static>> {
        let whole = options(source.draft, source.engine).build(source.schema)?;
        Ok(Self {
            whole,
            registry: OnceLock::new(),
            together: OnceLock::new(),
            parts: Mutex::new(HashMap::new()),
        })
    }

    /// The validator of the whole.
    pub fn whole(&self) -> &Validator {
        &self.whole
    }

    /// The validator of the subschema at `pointer`, one of `all`, compiled at first use. `None` when it cannot be compiled alone.
    pub fn part<'p>(&self, source: Source<'_>, pointer: &str, all: impl FnOnce() -> HashSet<&'p str>) -> Option<Part> {
        // A panic elsewhere cannot leave the map half changed, so a poisoned lock is still good.
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = parts.get(pointer) {
            return part.clone();
        }
        let together = || {
            let referring = || all().into_iter().filter(|pointer| refers_at(source.schema, pointer));
            let together = self.together.get_or_init(|| self.members(source, referring()));
            together.as_ref().map(|validator| Part {
                validator: Arc::clone(validator),
                member: Some(Arc::from(pointer)),
            })
        };
        let part = refers_at(source.schema, pointer)
            .then(together)
            .flatten()
            .or_else(|| self.alone(source, pointer));
        parts.insert(pointer.to_owned(), part.clone());
        part
    }

    /// The part at `pointer` with a validator of its own.
    fn alone(&self, source: Source<'_>, pointer: &str) -> Option<Part> {
        let (address, registry) = self.registry(source)?;
        let validator = options(source.draft, source.engine)
            .with_registry(registry)
            .build(&reference(address, pointer))
            .ok()?;
        Some(Part {
            validator: Arc::new(validator),
            member: None,
        })
    }

    /// One validator for an object that has a value for the subschema at each of `pointers` as the member of that name.
    fn members<'p>(&self, source: Source<'_>, pointers: impl Iterator<Item = &'p str>) -> Option<Arc<Validator>> {
        let (address, registry) = self.registry(source)?;
        let members: Map<String, Value> = pointers
            .map(|pointer| (pointer.to_owned(), reference(address, pointer)))
            .collect();
        // Closed, it looks up the members that an object has, rather than each that it could have.
        let schema = json!({"properties": members, "additionalProperties": false});
        let validator = options(source.draft, source.engine)
            .with_registry(registry)
            .build(&schema);
        validator.ok().map(Arc::new)
    }

    fn registry(&self, source: Source<'_>) -> Option<&(String, Registry<'static>)> {
        let registry = self.registry.get_or_init(|| register(source.schema, source.draft));
        registry.as_ref()
    }
}

/// A schema that is the one at `pointer` of the document at `address`.
fn reference(address: &str, pointer: &str) -> Value {
    json!({"$ref": format!("{address}#{}", fragment(pointer))})
}

/// Whether the subschema at `pointer`, or one below it, refers to another place. Its depth is bounded.
fn refers_at(schema: &Value, pointer: &str) -> bool {
    schema.pointer(pointer).is_some_and(refers)
}

fn refers(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            REFERRING.iter().any(|keyword| members.contains_key(*keyword)) || members.values().any(refers)
        }
        Value::Array(items) => items.iter().any(refers),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Puts a schema into a registry of its own, under its `$id` where that is an address, so that its references keep their base.
fn register(schema: &Value, draft: Draft) -> Option<(String, Registry<'static>)> {
    let key = if draft == Draft::Draft4 { "id" } else { "$id" };
    let own = schema
        .get(key)
        .and_then(Value::as_str)
        .and_then(|id| url::Url::parse(PRIVATE).ok()?.join(id).ok());
    let address = match own {
        Some(mut url) if !(draft.ref_hides_siblings() && schema.get("$ref").is_some()) => {
            url.set_fragment(None);
            url.to_string()
        }
        Some(_) | None => PRIVATE.to_owned(),
    };
    let builder = Registry::new().draft(native(draft)).retriever(Offline);
    let resource = native(draft).create_resource(schema.clone());
    let registry = builder.add(&address, resource).ok()?.prepare().ok()?;
    Some((address, registry))
}

/// Fetches nothing.
struct Offline;

impl jsonschema::Retrieve for Offline {
    fn retrieve(&self, uri: &jsonschema::Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("{uri} is not fetched").into())
    }
}

/// A pointer as a URI fragment (RFC 6901 §6, RFC 3986 §3.5): everything but unreserved characters, `/` and `~` escaped.
fn fragment(pointer: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || b"/~-._$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_is_compiled_together_and_what_does_not_alone() {
        let schema = json!({
            "properties": {"a": {"items": {"$ref": "#/$defs/n"}}, "b": {"type": "string"}},
            "$defs": {"n": {"properties": {"next": {"$ref": "#/$defs/n"}}}},
        });
        let source = Source {
            schema: &schema,
            draft: Draft::Draft202012,
            engine: Engine::Linear,
        };
        let compiled = Compiled::new(source).unwrap();
        let all = ["", "/properties/a", "/properties/b", "/$defs/n"];
        let part = |pointer| compiled.part(source, pointer, || all.into()).unwrap();
        let (list, node, text) = (part("/properties/a"), part("/$defs/n"), part("/properties/b"));
        assert!(Arc::ptr_eq(&list.validator, &node.validator));
        assert_eq!(
            (list.member.as_deref(), node.member.as_deref()),
            (Some("/properties/a"), Some("/$defs/n"))
        );
        assert!(!Arc::ptr_eq(&list.validator, &text.validator));
        assert_eq!(text.member, None);
    }
}
