//! One model in a list, by any of its names.
//!
//! Owns variants, aliases and what looks alike (`openrouter.md` §1.3, §4.2).

use super::Entry;
use crate::extract::model::Known;

/// How alike an id must be to be suggested, 0 to 1.
const ALIKE: f64 = 0.65;

/// How many ids are suggested.
const NEAR: usize = 5;

/// What the list says of a model. An entry found by another name keeps its data but goes by the name asked for.
pub fn known(entries: &[Entry], model: &str) -> Known {
    // A preset stands for parameters, or for a model that only the server knows.
    let name = model.split_once("@preset/").map_or(model, |(base, _)| base);
    if name.is_empty() {
        return Known::Nothing;
    }
    match find(entries, name) {
        Some(entry) => {
            let mut info = entry.info.clone();
            model.clone_into(&mut info.id);
            Known::Model(Box::new(info))
        }
        None => Known::Missing {
            near: near(entries, name),
        },
    }
}

fn find<'a>(entries: &'a [Entry], name: &str) -> Option<&'a Entry> {
    let exact = |name: &str| {
        let by_id = entries.iter().find(|entry| entry.info.id == name);
        by_id.or_else(|| entries.iter().find(|entry| entry.canonical.as_deref() == Some(name)))
    };
    let base = || name.rsplit_once(':').and_then(|(base, _variant)| exact(base));
    // `~author/name-latest` is listed with its tilde, which is easily forgotten.
    let alias = || name.ends_with("-latest").then(|| exact(&format!("~{name}"))).flatten();
    exact(name).or_else(base).or_else(alias)
}

fn near(entries: &[Entry], name: &str) -> Vec<String> {
    let wanted = name.to_ascii_lowercase();
    let likeness = |id: &str| {
        let id = id.to_ascii_lowercase();
        let slug = id.split_once('/').map_or(id.as_str(), |(_, slug)| slug);
        let wanted_slug = wanted.split_once('/').map_or(wanted.as_str(), |(_, slug)| slug);
        strsim::normalized_damerau_levenshtein(&id, &wanted)
            .max(strsim::normalized_damerau_levenshtein(slug, wanted_slug))
    };
    let mut scored: Vec<(f64, &str)> = entries
        .iter()
        .map(|entry| (likeness(&entry.info.id), entry.info.id.as_str()))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.into_iter().take(NEAR).map(|(_, id)| id.to_owned()).collect()
}
