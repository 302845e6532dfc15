//! What can be referred to in a schema: resources by address, names by anchor, places by pointer.
//!
//! Owns resolving one reference against the address of its place (JSON Schema 2020-12 core §8, RFC 3986). Which are followed is the
//! caller's business.

use super::super::Draft;
use super::super::walk::subschemas;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use url::Url;

/// The address of a schema without an absolute `$id`.
const PRIVATE: &str = "formwork:///schema";

/// A schema's place and the address it resolves references against.
#[derive(Clone)]
pub struct At {
    pub pointer: String,
    pub base: Url,
}

/// What can be referred to.
pub struct Index {
    draft: Draft,
    /// Address without fragment → pointer of the resource's root.
    resources: HashMap<String, String>,
    /// Address with a name as fragment → pointer.
    anchors: HashMap<String, String>,
    /// Every schema, parents first.
    pub places: Vec<At>,
    seen: HashSet<String>,
}

impl Index {
    /// Indexes a schema and all below it.
    pub fn new(root: &Value, draft: Draft) -> Self {
        let mut index = Self {
            draft,
            resources: HashMap::new(),
            anchors: HashMap::new(),
            places: Vec::new(),
            seen: HashSet::new(),
        };
        // A constant that parses; without it nothing would be indexed and every `$ref` would be reported.
        if let Ok(base) = Url::parse(PRIVATE) {
            index.resources.insert(base.to_string(), String::new());
            index.walk(root, "", &base);
        }
        index
    }

    /// Indexes the schema at `pointer` and all below it, parents first.
    pub fn walk(&mut self, root: &Value, pointer: &str, base: &Url) {
        let Some(schema) = root.pointer(pointer) else { return };
        if !self.seen.insert(pointer.to_owned()) {
            return;
        }
        let base = self.identify(schema, pointer, base);
        self.places.push(At {
            pointer: pointer.to_owned(),
            base: base.clone(),
        });
        for sub in subschemas(schema, pointer) {
            self.walk(root, &sub.pointer, &base);
        }
    }

    /// Notes the names a schema gives itself and returns the address its references start from.
    fn identify(&mut self, schema: &Value, pointer: &str, base: &Url) -> Url {
        let key = if self.draft == Draft::Draft4 { "id" } else { "$id" };
        let mut base = base.clone();
        let hidden = self.draft.ref_hides_siblings() && schema.get("$ref").is_some();
        if let Some(Value::String(id)) = schema.get(key).filter(|_| !hidden)
            && let Ok(mut url) = base.join(id)
        {
            if let Some(name) = url.fragment().filter(|name| !name.is_empty()) {
                self.anchors
                    .insert(format!("{}#{name}", without_fragment(&url)), pointer.to_owned());
            }
            if !id.starts_with('#') {
                url.set_fragment(None);
                self.resources.insert(url.to_string(), pointer.to_owned());
                base = url;
            }
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(Value::String(name)) = schema.get(key) {
                self.anchors.insert(format!("{base}#{name}"), pointer.to_owned());
            }
        }
        base
    }

    /// The pointer that `text` leads to from a schema with the address `base`, or a sentence.
    pub fn target(&self, root: &Value, base: &Url, text: &str) -> Result<String, String> {
        let url = base
            .join(text)
            .map_err(|_| format!("`{text}` is not a reference; write it as `#/$defs/Name`"))?;
        let resource = self.resources.get(&without_fragment(&url)).ok_or_else(|| {
            format!("`{text}` lies outside this schema and nothing is fetched; copy it under `$defs` and refer to it as `#/$defs/Name`")
        })?;
        let fragment = percent_decoded(url.fragment().unwrap_or(""));
        let nowhere = || format!("`{text}` leads nowhere in this schema");
        if fragment.is_empty() {
            return Ok(resource.clone());
        }
        if !fragment.starts_with('/') {
            let name = format!("{}#{}", without_fragment(&url), url.fragment().unwrap_or(""));
            return self.anchors.get(&name).cloned().ok_or_else(nowhere);
        }
        let pointer = format!("{resource}{fragment}");
        match root.pointer(&pointer) {
            Some(Value::Object(_) | Value::Bool(_)) => Ok(pointer),
            Some(_) => Err(format!("`{text}` leads to something that is not a schema")),
            None => Err(nowhere()),
        }
    }
}

/// An address up to its fragment.
fn without_fragment(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.to_string()
}

/// `%41` → `A` (RFC 3986 §2.1); what is no escape, or not UTF-8 afterwards, stays.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escape = (first == b'%').then(|| tail.get(..2)).flatten();
        let decoded = escape
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
