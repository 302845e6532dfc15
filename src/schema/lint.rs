//! What a provider family is known to refuse, ignore or stumble over in a schema.
//!
//! Owns the matching of rules; the rules are data (`lint_rules.toml`), each with a source and a date. Findings are about the schema
//! as written; where adapting takes care of one, its sentence says so and it is only a hint.

mod measure;

use super::family::Family;
use super::{Schema, adapt, walk};
use crate::json::pointer::join;
use crate::task::Mode;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;

/// The rules, as text.
const RULES: &str = include_str!("lint_rules.toml");

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The request fails.
    Refused,
    /// Accepted, without effect.
    Ignored,
    /// Fails with some models or in some sizes.
    Risk,
    /// Could be better.
    Hint,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Refused => "refused",
            Self::Ignored => "ignored",
            Self::Risk => "risk",
            Self::Hint => "hint",
        })
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// The schema it is about, as a pointer into the schema as written.
    pub pointer: String,
    /// The keyword, or the measure such as `depth`.
    pub keyword: String,
    /// A sentence.
    pub message: String,
    /// Where the rule comes from.
    pub source: String,
    /// The date it is good for: a year, a month or a day.
    pub dated: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    keyword: Vec<KeywordRule>,
    limit: Vec<LimitRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeywordRule {
    families: Vec<String>,
    keywords: Vec<String>,
    #[serde(default)]
    except: Vec<Value>,
    #[serde(default = "structured")]
    modes: Vec<Mode>,
    level: Level,
    message: String,
    source: String,
    dated: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitRule {
    families: Vec<String>,
    what: measure::What,
    most: usize,
    #[serde(default = "structured")]
    modes: Vec<Mode>,
    level: Level,
    message: String,
    source: String,
    dated: String,
}

fn structured() -> Vec<Mode> {
    vec![Mode::Structured]
}

/// Whether a rule for some families (all, when it names none) and modes holds here.
fn holds(families: &[String], modes: &[Mode], family: Family, mode: Mode) -> bool {
    modes.contains(&mode) && (families.is_empty() || families.iter().any(|name| name == family.as_str()))
}

/// What is known of `schema` for a family in a mode, the worst first, then in document order.
pub fn lint(schema: &Schema, family: Family, mode: Mode) -> Vec<Finding> {
    // The file is part of the program and read by a test; without it there would simply be nothing to say.
    let Ok(rules) = toml::from_str::<Rules>(RULES) else {
        return Vec::new();
    };
    let adapted = adapt::adapt(schema, family.rewrite_of(schema, mode));
    let handled: HashSet<(&str, &str)> = adapted
        .changes
        .iter()
        .map(|change| (change.pointer.as_str(), change.keyword.as_str()))
        .collect();
    let mut findings = Vec::new();
    walk::each(schema.value(), "", &mut |pointer, node| {
        for rule in rules
            .keyword
            .iter()
            .filter(|rule| holds(&rule.families, &rule.modes, family, mode))
        {
            keyword_findings(rule, pointer, node, &handled, &mut findings);
        }
    });
    for rule in rules
        .limit
        .iter()
        .filter(|rule| holds(&rule.families, &rule.modes, family, mode))
    {
        for (pointer, count) in measure::over(rule.what, rule.most, schema, &adapted.value) {
            let counted = if rule.most == 0 {
                String::new()
            } else {
                format!("; this has {count}")
            };
            findings.push(Finding {
                level: rule.level,
                pointer,
                keyword: rule.what.to_string(),
                message: format!("{}{counted}", rule.message),
                source: rule.source.clone(),
                dated: rule.dated.clone(),
            });
        }
    }
    findings.sort_by_key(|finding| finding.level);
    findings
}

/// The findings of one rule at one schema.
fn keyword_findings(
    rule: &KeywordRule,
    pointer: &str,
    node: &Value,
    handled: &HashSet<(&str, &str)>,
    out: &mut Vec<Finding>,
) {
    for keyword in &rule.keywords {
        let Some(held) = node.get(keyword).filter(|held| !rule.except.contains(held)) else {
            continue;
        };
        let adapted = handled.contains(&(pointer, keyword.as_str()));
        let (level, message) = if adapted {
            (
                Level::Hint,
                format!("`{keyword}`: {}; it is changed before it is sent", rule.message),
            )
        } else {
            (
                rule.level,
                format!("`{keyword}` {}: {}", super::judge::shown(held), rule.message),
            )
        };
        out.push(Finding {
            level,
            pointer: join(pointer, keyword),
            keyword: keyword.clone(),
            message,
            source: rule.source.clone(),
            dated: rule.dated.clone(),
        });
    }
}

#[cfg(test)]
mod tests;
