//! What is said of a schema: in words for people, and as one JSON object.
//!
//! Owns wording and order. The last line is the sum of it all.

use super::Sent;
use crate::cli::wrap::paragraph;
use crate::schema::family::Family;
use crate::schema::lint::{Finding, Level};
use crate::schema::{Form, Schema};
use crate::task::{Mode, ModeChoice};
use crate::verdict::{Change, Enforcer};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};

/// Keywords that limit no value, so that nobody needs to enforce them.
const NOTES: [&str; 7] = [
    "$schema",
    "$id",
    "title",
    "description",
    "default",
    "examples",
    "discriminator",
];

/// How far a sentence stands below its place.
const INDENT: usize = 4;

/// The report for people, `columns` wide.
pub(super) fn words(schema: &Schema, sent: Option<&Sent<'_>>, columns: Option<usize>) -> String {
    let mut out = String::new();
    if let Some(sent) = sent {
        let changes = sent.adapted.changes.iter().map(entry_of_change);
        let findings = sent.findings.iter().map(entry_of_finding);
        for entry in grouped(changes.chain(findings)) {
            let places = format!("{} {}", entry.what, entry.places.join(", "));
            out += &paragraph(&places, 0, columns);
            out += &paragraph(&entry.sentence, INDENT, columns);
        }
        if !out.is_empty() {
            out.push('\n');
        }
    }
    out += &paragraph(&summary(schema), 0, columns);
    for note in schema.notes() {
        out += &paragraph(&format!("note: {note}"), 0, columns);
    }
    if schema.has_open_maps() && sent.is_none() {
        let text = "free-form maps: strict schemas cannot express them, so that `auto` begins with tools mode";
        out += &paragraph(text, 0, columns);
    }
    for text in sent.map(verdict).unwrap_or_default() {
        out += &paragraph(&text, 0, columns);
    }
    out
}

/// Everything in one object; without a model only what holds of the schema itself.
pub(super) fn object(schema: &Schema, sent: Option<&Sent<'_>>) -> Value {
    let mut object = json!({
        "name": schema.name(),
        "form": form(schema.form()),
        "draft": schema.draft().as_str(),
        "fields": fields(schema),
        "open_maps": schema.has_open_maps(),
        "notes": schema.notes(),
    });
    let Some(sent) = sent else {
        object["schema"] = schema.value().clone();
        return object;
    };
    let findings = sent.findings.iter().map(|finding| {
        let Finding {
            level,
            pointer,
            keyword,
            message,
            source,
            dated,
        } = finding;
        json!({
            "level": level.to_string(), "pointer": pointer, "keyword": keyword, "message": message, "source": source,
            "dated": dated
        })
    });
    object["family"] = sent.family.as_str().into();
    object["mode"] = sent.mode.as_str().into();
    object["schema"] = sent.adapted.value.clone();
    object["changes"] = json!(sent.adapted.changes);
    object["findings"] = findings.collect();
    object
}

/// One sentence and every place it holds for.
#[derive(PartialEq)]
struct Entry<'a> {
    what: String,
    places: Vec<&'a str>,
    sentence: String,
}

/// Entries that say the same become one, at the place of the first.
fn grouped<'a>(entries: impl Iterator<Item = Entry<'a>>) -> Vec<Entry<'a>> {
    let mut groups: Vec<Entry<'a>> = Vec::new();
    let mut at: HashMap<(String, String), usize> = HashMap::new();
    for entry in entries {
        match at.entry((entry.what.clone(), entry.sentence.clone())) {
            Occupied(group) => groups[*group.get()].places.extend(entry.places),
            Vacant(free) => {
                free.insert(groups.len());
                groups.push(entry);
            }
        }
    }
    groups
}

fn entry_of_change(change: &Change) -> Entry<'_> {
    let enforcer = match change.enforcer {
        _ if NOTES.contains(&change.keyword.as_str()) => "",
        Enforcer::Server => "; enforced by the server",
        Enforcer::Hint => "; told to the model, enforced by formwork",
        Enforcer::Local => "; enforced by formwork",
    };
    Entry {
        what: format!("changed `{}` at", change.keyword),
        places: vec![place(&change.pointer)],
        sentence: format!("{}{enforcer}", change.reason),
    }
}

fn entry_of_finding(finding: &Finding) -> Entry<'_> {
    Entry {
        what: format!("{} at", finding.level),
        places: vec![place(&finding.pointer)],
        sentence: format!("{} ({}, {})", finding.message, finding.source, finding.dated),
    }
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "the root" } else { pointer }
}

fn summary(schema: &Schema) -> String {
    let fields = fields(schema);
    let noun = if fields == 1 { "field" } else { "fields" };
    let (form, draft) = (form(schema.form()), schema.draft());
    format!("{}: {form}, {draft}, {fields} {noun}", schema.name())
}

const fn form(form: Form) -> &'static str {
    match form {
        Form::Json => "JSON",
        Form::Jsonc => "JSON with comments",
        Form::Yaml => "YAML",
        Form::Shorthand => "shorthand",
    }
}

/// The named members of all objects; what is described once counts once.
fn fields(schema: &Schema) -> usize {
    let shape = schema.shape();
    shape.ids().map(|id| shape.node(id).members.len()).sum()
}

/// How the schema is sent, and what is to be expected.
fn verdict(sent: &Sent<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if sent.is_unknown {
        let families = Family::ALL.map(Family::as_str).join(", ");
        out.push(format!(
            "note: {} is of no family that formwork knows, so that only general rules apply; the families are {families}",
            sent.target
        ));
    }
    let mut parts = vec![match sent.adapted.changes.len() {
        0 => "sent as it is".to_owned(),
        changes => count(changes, "change", "changes"),
    }];
    for (level, one, many) in [
        (Level::Refused, "refused", "refused"),
        (Level::Ignored, "ignored", "ignored"),
        (Level::Risk, "risk", "risks"),
        (Level::Hint, "hint", "hints"),
    ] {
        let found = sent.findings.iter().filter(|finding| finding.level == level).count();
        if found > 0 {
            parts.push(count(found, one, many));
        }
    }
    if sent.findings.is_empty() {
        parts.push("nothing to warn of".to_owned());
    }
    out.push(format!(
        "for {} in {} mode: {}",
        target(sent),
        sent.mode,
        parts.join(", ")
    ));
    out.extend(free_form(sent));
    if sent.findings.iter().any(|finding| finding.level == Level::Refused) {
        out.push("what is refused makes the request fail: change the schema, or ask in another mode".to_owned());
    }
    out
}

fn target(sent: &Sent<'_>) -> String {
    if sent.target == sent.family.as_str() {
        sent.target.to_owned()
    } else {
        format!("{} (family {})", sent.target, sent.family)
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What free-form maps did to the choice of the mode, or to the request.
fn free_form(sent: &Sent<'_>) -> Option<String> {
    let effect = match (sent.choice, sent.mode) {
        (ModeChoice::Auto, _) => "not structured mode",
        (ModeChoice::Only(_), Mode::Structured) => "sent without `strict`",
        (ModeChoice::Only(_), Mode::Tools | Mode::Json | Mode::Prompt) => return None,
    };
    sent.open_maps
        .then(|| format!("{effect}, since strict schemas cannot express free-form maps"))
}
