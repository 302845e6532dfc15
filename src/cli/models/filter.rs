//! Which models are asked for: words, and what they have to support.
//!
//! Owns the meaning of the arguments. What a model supports is what the catalogue lists (`openrouter.md` §4.3).

use crate::extract::model::ModelInfo;
use crate::task::Mode;
use std::collections::BTreeSet;
use strsim::normalized_damerau_levenshtein as alike;

/// How alike a name must be to be suggested, 0 to 1.
const ALIKE: f64 = 0.6;

/// The same for parameters, in a measure that forgives a missing end.
const CUT_SHORT: f64 = 0.8;

/// How many names are suggested.
const NEAR: usize = 5;

/// Whether a model's id or name has every word in it, in any case, and the model lists every parameter.
pub(super) fn fits(model: &ModelInfo, words: &[String], parameters: &[String]) -> bool {
    let (id, name) = (model.id.to_lowercase(), model.name.to_lowercase());
    let has = |word: &String| {
        let word = word.to_lowercase();
        id.contains(&word) || name.contains(&word)
    };
    words.iter().all(has) && parameters.iter().all(|name| model.supports(name) == Some(true))
}

/// The parameters that `--supports` names; a mode stands for the one that it needs, if it needs one.
///
/// # Errors
/// A sentence with the nearest name, if no model lists one of them, or if the list says nothing of parameters at all.
pub(super) fn parameters(given: &[String], models: &[ModelInfo]) -> Result<Vec<String>, String> {
    let known: BTreeSet<&str> = models
        .iter()
        .flat_map(|model| model.supported_parameters.iter().flatten())
        .map(String::as_str)
        .collect();
    let mut wanted = Vec::new();
    for word in given {
        let Some(name) = parameter(word) else { continue };
        if known.is_empty() {
            return Err("the server's list does not say what its models support: leave out --supports".to_owned());
        }
        if !known.contains(name.as_str()) {
            return Err(unknown(word, &name, &known));
        }
        wanted.push(name);
    }
    Ok(wanted)
}

/// The parameter that a word names; `None` for a mode that needs none.
fn parameter(word: &str) -> Option<String> {
    let name = word.trim().to_lowercase().replace('-', "_");
    match Mode::ALL.into_iter().find(|mode| mode.as_str() == name) {
        Some(mode) => mode.capability().map(str::to_owned),
        None => Some(name),
    }
}

fn unknown(word: &str, name: &str, known: &BTreeSet<&str>) -> String {
    // A parameter is more often cut short than misspelt, which this measure forgives: `structred` is `structured_outputs`.
    let likeness = |known: &str| strsim::jaro_winkler(known, name) - (CUT_SHORT - ALIKE);
    if let Some(near) = nearest(known.iter().copied(), likeness, 1).first() {
        return format!("no model lists `{word}`: did you mean `{near}`?");
    }
    let known: Vec<&str> = known.iter().copied().collect();
    format!("no model lists `{word}`: the parameters are {}", known.join(", "))
}

/// Ids like the words, for when no id has them in it: some part of the id must be like each of them.
pub(super) fn near(words: &[String], models: &[ModelInfo]) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let likeness = |id: &str| {
        let id = id.to_lowercase();
        let of_word = |word: &String| {
            let parts = id.split(['/', '-', ':', '~']).chain(id.split('/')).chain([id.as_str()]);
            parts.map(|part| alike(part, word)).fold(0.0, f64::max)
        };
        words.iter().map(of_word).fold(1.0, f64::min)
    };
    nearest(models.iter().map(|model| model.id.as_str()), likeness, NEAR)
}

/// The names with the greatest likeness, the most alike first.
fn nearest<'a>(names: impl Iterator<Item = &'a str>, likeness: impl Fn(&str) -> f64, most: usize) -> Vec<String> {
    let mut scored: Vec<(f64, &str)> = names
        .map(|name| (likeness(name), name))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{fits, near, parameters};
    use crate::extract::model::ModelInfo;

    fn model(id: &str, name: &str, supported: Option<&[&str]>) -> ModelInfo {
        ModelInfo {
            id: id.into(),
            name: name.into(),
            supported_parameters: supported.map(|names| names.iter().map(|&name| name.into()).collect()),
            ..ModelInfo::default()
        }
    }

    type Found = Result<&'static [&'static str], &'static str>;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn words_and_parameters_must_all_fit() {
        let quick = model("acme/quick-2", "Acme: Quick 2 (préview)", Some(&["tools", "seed"]));
        let silent = model("acme/silent", "", None);
        let table: [(&ModelInfo, &[&str], &[&str], bool); 8] = [
            (&quick, &[], &[], true),
            (&quick, &["QUICK", "acme:"], &[], true),
            (&quick, &["PRÉVIEW"], &["tools", "seed"], true),
            (&quick, &["quick", "slow"], &[], false),
            (&quick, &["quick"], &["tools", "stop"], false),
            (&silent, &["silent"], &[], true),
            (&silent, &[], &["tools"], false),
            (&silent, &["2"], &[], false),
        ];
        for (model, words, parameters, expected) in table {
            assert_eq!(
                fits(model, &owned(words), &owned(parameters)),
                expected,
                "{words:?} {parameters:?}"
            );
        }
    }

    #[test]
    fn modes_stand_for_parameters() {
        let models = [model(
            "a/b",
            "",
            Some(&["tools", "structured_outputs", "response_format", "top_p"]),
        )];
        let table: [(&[&str], Found); 7] = [
            (&["structured", "json"], Ok(&["structured_outputs", "response_format"])),
            (&["prompt", "tools"], Ok(&["tools"])),
            (&["Structured-Outputs"], Ok(&["structured_outputs"])),
            (&[], Ok(&[])),
            (
                &["structred"],
                Err("no model lists `structred`: did you mean `structured_outputs`?"),
            ),
            (&["topp"], Err("no model lists `topp`: did you mean `top_p`?")),
            (
                &["xyzzy"],
                Err("no model lists `xyzzy`: the parameters are response_format, structured_outputs, tools, top_p"),
            ),
        ];
        for (given, expected) in table {
            let found = parameters(&owned(given), &models);
            assert_eq!(found, expected.map(owned).map_err(str::to_owned), "{given:?}");
        }
        let silent = [model("a/b", "", None)];
        assert!(
            parameters(&owned(&["tools"]), &silent)
                .unwrap_err()
                .contains("does not say")
        );
        assert_eq!(parameters(&owned(&["prompt"]), &silent), Ok(vec![]));
    }

    #[test]
    fn what_is_missing_has_neighbours() {
        let models = [model("acme/quick-2", "", None), model("acme/slow", "", None)];
        assert_eq!(near(&owned(&["quik", "2"]), &models), ["acme/quick-2"]);
        assert_eq!(near(&owned(&["Amce"]), &models), ["acme/quick-2", "acme/slow"]);
        assert_eq!(near(&owned(&["acme/quik-2"]), &models), ["acme/quick-2"]);
        assert_eq!(near(&owned(&["acme", "xyzzy"]), &models), Vec::<String>::new());
        assert_eq!(near(&owned(&["nothing-like-it-at-all"]), &models), Vec::<String>::new());
    }
}
