//! The compiled form of a schema: one validator for the whole, one for each part that is asked for.
//!
//! Owns the options every validator is built with. What the errors mean is the business of `check` and `judge`.

use super::Draft;
use jsonschema::{PatternOptions, Registry, ValidationError, ValidationOptions, Validator};
use serde_json::{Value, json};
use std::collections::HashMap;
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

/// The validators of one schema.
pub(crate) struct Compiled {
    whole: Validator,
    /// The address and the registry that parts are compiled from; `None` when the registry refused the schema.
    registry: OnceLock<Option<(String, Registry<'static>)>>,
    parts: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

impl Compiled {
    /// Compiles the whole schema.
    ///
    /// # Errors
    /// What the validator library says of it.
    pub fn new(schema: &Value, draft: Draft, engine: Engine) -> Result<Self, ValidationError<'static>> {
        let whole = options(draft, engine).build(schema)?;
        Ok(Self {
            whole,
            registry: OnceLock::new(),
            parts: Mutex::new(HashMap::new()),
        })
    }

    /// The validator of the whole.
    pub fn whole(&self) -> &Validator {
        &self.whole
    }

    /// The validator of the subschema at `pointer`, compiled at first use. `None` when it cannot be compiled alone.
    pub fn part(&self, schema: &Value, draft: Draft, engine: Engine, pointer: &str) -> Option<Arc<Validator>> {
        // A panic elsewhere cannot leave the map half changed, so a poisoned lock is still good.
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = parts.get(pointer) {
            return part.clone();
        }
        let registry = self.registry.get_or_init(|| register(schema, draft));
        let part = registry.as_ref().and_then(|(address, registry)| {
            let reference = json!({"$ref": format!("{address}#{}", fragment(pointer))});
            options(draft, engine)
                .with_registry(registry)
                .build(&reference)
                .ok()
                .map(Arc::new)
        });
        parts.insert(pointer.to_owned(), part.clone());
        part
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
