//! Scores the validator, with the very options formwork uses, on the official JSON Schema test suite.
//!
//! Reads the folder named by `FORMWORK_CORPORA` (`json-schema-suite-*.jsonl`, one case a line); without it there is nothing to
//! score and the test says so.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a scorer: a broken corpus may stop it, and it speaks on stderr"
)]

use formwork::schema::compile::{Engine, options};
use formwork::schema::{Draft, Schema};
use jsonschema::Registry;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn folder() -> Option<PathBuf> {
    std::env::var_os("FORMWORK_CORPORA").map(PathBuf::from)
}

fn lines(folder: &Path, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn say(sentence: &str) {
    eprintln!("{sentence}");
}

/// The suite's remote documents, each under its address; those of other drafts are left out, as the suite does.
fn remotes(folder: &Path, draft: jsonschema::Draft, own: &str) -> Registry<'static> {
    let mut builder = Registry::new().draft(draft);
    for case in lines(folder, "json-schema-suite-remotes.jsonl") {
        let name = case["name"].as_str().unwrap();
        if name.contains("/draft") && !name.contains(own) {
            continue;
        }
        builder = builder
            .add(
                case["name"].as_str().unwrap(),
                draft.detect(&case["input"]).create_resource(case["input"].clone()),
            )
            .unwrap();
    }
    builder.prepare().unwrap()
}

fn score(folder: &Path, file: &str, draft: Draft, native: jsonschema::Draft) {
    let own = if draft == Draft::Draft7 {
        "/draft7/"
    } else {
        "/draft2020-12/"
    };
    let registry = remotes(folder, native, own);
    let cases = lines(folder, file);
    let (mut wrong, mut loaded, mut differ) = (Vec::new(), 0, Vec::new());
    for case in &cases {
        let (name, schema, input, expected) = (
            &case["name"],
            &case["schema"],
            &case["input"],
            case["expected"].as_bool().unwrap(),
        );
        // formwork asserts formats on purpose; these cases say what happens when nobody asks for it, so they are scored without.
        let by_default = name.as_str().unwrap().ends_with("is only an annotation by default");
        let build = |engine| {
            let options = options(draft, engine).with_registry(&registry);
            let options = if by_default {
                options.should_validate_formats(false)
            } else {
                options
            };
            options.build(schema)
        };
        let valid = build(Engine::Linear)
            .or_else(|_| build(Engine::Backtracking))
            .map(|validator| validator.is_valid(input));
        if valid.as_ref().ok() != Some(&expected) {
            wrong.push(format!("{name}: {valid:?}"));
        }
        // The suite leaves `$schema` out of draft 7 cases now and then; formwork needs to be told the draft.
        let mut document = schema.clone();
        if let Value::Object(map) = &mut document {
            map.entry("$schema").or_insert_with(|| match draft {
                Draft::Draft7 => "http://json-schema.org/draft-07/schema#".into(),
                _ => "https://json-schema.org/draft/2020-12/schema".into(),
            });
        }
        if let Some(own) = Schema::load(&document.to_string(), None).ok().filter(|_| !by_default) {
            loaded += 1;
            if own.judge(input).is_empty() != expected || own.judge_at(own.shape().root(), input).is_empty() != expected
            {
                differ.push(name.clone());
            }
        }
    }
    say(&format!(
        "{file}: {} of {} right; {loaded} loaded as schemas, {} of them judged otherwise",
        cases.len() - wrong.len(),
        cases.len(),
        differ.len()
    ));
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn draft_7() {
    match folder() {
        Some(folder) => score(
            &folder,
            "json-schema-suite-draft7.jsonl",
            Draft::Draft7,
            jsonschema::Draft::Draft7,
        ),
        None => say("skipped: FORMWORK_CORPORA is not set"),
    }
}

#[test]
fn draft_2020_12() {
    match folder() {
        Some(folder) => score(
            &folder,
            "json-schema-suite-draft2020-12.jsonl",
            Draft::Draft202012,
            jsonschema::Draft::Draft202012,
        ),
        None => say("skipped: FORMWORK_CORPORA is not set"),
    }
}
