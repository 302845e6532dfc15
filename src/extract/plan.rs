//! The plan: which modes a run may try, in which order, each with its reason (design §3).
//!
//! Owns the choice only. What a mode looks like on the wire is `body`; when the next step is taken is `engine`.

use crate::event::PlanStep;
use crate::extract::model::{Dialect, Known};
use crate::task::{Mode, ModeChoice};

/// What the plan depends on.
#[derive(Clone, Debug)]
pub struct Grounds<'a> {
    /// The mode asked for.
    pub choice: ModeChoice,
    /// What is known of the model.
    pub known: &'a Known,
    /// Whose server or model answers.
    pub dialect: Dialect,
    /// Whether the schema has free-form maps, which strict modes cannot express.
    pub open_maps: bool,
    /// Modes that this endpoint was seen unable to serve within the last day.
    pub cannot: &'a [Mode],
    /// Whether a step may be replaced by the next; without it the plan has one step and `cannot` is ignored.
    pub fallback: bool,
}

/// The ordered steps of a run; never empty.
pub fn plan(grounds: &Grounds<'_>) -> Vec<PlanStep> {
    let mut steps: Vec<PlanStep> = Vec::new();
    let mut passed: Vec<String> = Vec::new();
    for mode in ladder(grounds) {
        match verdict(grounds, mode, steps.is_empty(), passed.is_empty()) {
            Ok(reason) => {
                let reason = if passed.is_empty() {
                    reason
                } else {
                    format!("{reason}; {}", passed.join("; "))
                };
                passed.clear();
                steps.push(PlanStep { mode, reason });
            }
            Err(reason) => passed.push(reason),
        }
    }
    if steps.is_empty() {
        let mode = last_resort(grounds.choice);
        steps.push(PlanStep {
            mode,
            reason: format!("nothing else is left; {}", passed.join("; ")),
        });
    }
    if !grounds.fallback {
        steps.truncate(1);
    }
    steps
}

/// The modes in the order in which they are tried: `auto` by strength, a chosen mode falls to `json`, then `prompt`.
/// The embedded model has a rung in place of `tools`.
fn ladder(grounds: &Grounds<'_>) -> Vec<Mode> {
    match grounds.choice {
        ModeChoice::Only(Mode::Tools) if no_tools(grounds.dialect) => {
            vec![Mode::Tools, Mode::Structured, Mode::Json, Mode::Prompt]
        }
        ModeChoice::Auto => Mode::ALL.to_vec(),
        ModeChoice::Only(mode @ (Mode::Tools | Mode::Structured)) => vec![mode, Mode::Json, Mode::Prompt],
        ModeChoice::Only(Mode::Json) => vec![Mode::Json, Mode::Prompt],
        ModeChoice::Only(Mode::Prompt) => vec![Mode::Prompt],
    }
}

/// Whether nobody behind this dialect could ever call a tool.
const fn no_tools(dialect: Dialect) -> bool {
    match dialect {
        Dialect::Local => true,
        Dialect::OpenRouter | Dialect::OpenAi => false,
    }
}

/// What remains when every rung was ruled out.
fn last_resort(choice: ModeChoice) -> Mode {
    match choice {
        ModeChoice::Auto => Mode::Prompt,
        ModeChoice::Only(mode) => mode,
    }
}

/// Why `mode` is in the plan, or why it is passed over.
fn verdict(grounds: &Grounds<'_>, mode: Mode, first: bool, strongest: bool) -> Result<String, String> {
    let chosen = grounds.choice == ModeChoice::Only(mode);
    // `prompt` is the last resort, whatever is remembered of it.
    if grounds.fallback && mode != Mode::Prompt && grounds.cannot.contains(&mode) {
        return Err(format!(
            "{mode} passed over: this endpoint could not serve it within the last day"
        ));
    }
    if mode == Mode::Tools && no_tools(grounds.dialect) {
        return Err("tools passed over: the embedded model's template has no tools".into());
    }
    if chosen {
        return Ok(chosen_reason(grounds, mode));
    }
    // The embedded model's grammar can express them.
    if mode == Mode::Structured && grounds.open_maps && !no_tools(grounds.dialect) {
        return Err(
            "structured passed over: the schema has free-form maps, which strict schemas cannot express".into(),
        );
    }
    let Some(listed) = listed(grounds.known, mode) else {
        return Ok(match grounds.known {
            _ if first && !strongest => "the next in order".into(),
            Known::Model(_) | Known::Nothing if first => "no catalogue: the strongest mode first".into(),
            Known::Missing { .. } if first => "the catalogue lacks this model: the strongest mode first".into(),
            Known::Model(_) | Known::Nothing | Known::Missing { .. } => "if the step before cannot be served".into(),
        });
    };
    match (mode.capability(), listed) {
        (None, _) => Ok("every model can be asked in words".into()),
        (Some(needed), true) => Ok(format!("the model lists {needed}")),
        (Some(needed), false) => Err(format!("{mode} passed over: the model does not list {needed}")),
    }
}

fn chosen_reason(grounds: &Grounds<'_>, mode: Mode) -> String {
    let mut reason = String::from("chosen");
    if let (Some(needed), Some(false)) = (mode.capability(), listed(grounds.known, mode)) {
        reason = format!("{reason}, though the model does not list {needed}");
    }
    if mode == Mode::Structured && grounds.open_maps {
        reason += "; sent without `strict`, because the schema has free-form maps";
    }
    reason
}

/// Whether the catalogue lists what the mode needs; `None` when it does not say.
fn listed(known: &Known, mode: Mode) -> Option<bool> {
    known.model()?.serves(mode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::model::ModelInfo;

    fn model(parameters: &[&str]) -> Known {
        let supported_parameters = Some(parameters.iter().map(|name| (*name).to_owned()).collect());
        Known::Model(Box::new(ModelInfo {
            supported_parameters,
            ..ModelInfo::default()
        }))
    }

    fn modes(choice: &str, known: &Known, open_maps: bool, cannot: &[Mode], fallback: bool) -> Vec<Mode> {
        let choice = choice.parse().unwrap();
        let grounds = Grounds {
            choice,
            known,
            dialect: Dialect::OpenRouter,
            open_maps,
            cannot,
            fallback,
        };
        plan(&grounds).into_iter().map(|step| step.mode).collect()
    }

    /// Choice, what is known, free-form maps, what the endpoint cannot do, fallback; the plan.
    type Row<'a> = (&'a str, &'a Known, bool, &'a [Mode], bool, &'a [Mode]);

    #[test]
    fn the_plan_by_choice_catalogue_maps_and_memory() {
        use Mode::{Json, Prompt, Structured, Tools};
        let all = model(&["structured_outputs", "tools", "response_format"]);
        let none = model(&["max_tokens"]);
        let tools = model(&["tools"]);
        let unknown = Known::Nothing;
        let missing = Known::Missing { near: vec![] };
        let rows: [Row<'_>; 16] = [
            ("auto", &all, false, &[], true, &[Structured, Tools, Json, Prompt]),
            ("auto", &none, false, &[], true, &[Prompt]),
            ("auto", &tools, false, &[], true, &[Tools, Prompt]),
            ("auto", &unknown, false, &[], true, &[Structured, Tools, Json, Prompt]),
            ("auto", &missing, false, &[], true, &[Structured, Tools, Json, Prompt]),
            ("auto", &all, true, &[], true, &[Tools, Json, Prompt]),
            ("auto", &all, false, &[Structured], true, &[Tools, Json, Prompt]),
            ("auto", &all, false, &[Structured], false, &[Structured]),
            ("tools", &all, false, &[], true, &[Tools, Json, Prompt]),
            ("tools", &none, false, &[], true, &[Tools, Prompt]),
            ("tools", &all, false, &[Tools], true, &[Json, Prompt]),
            ("tools", &all, false, &[Tools], false, &[Tools]),
            ("structured", &all, true, &[], true, &[Structured, Json, Prompt]),
            ("json", &unknown, false, &[], true, &[Json, Prompt]),
            ("prompt", &all, false, &[], true, &[Prompt]),
            ("prompt", &all, false, &[Prompt], true, &[Prompt]),
        ];
        for (choice, known, maps, cannot, fallback, expected) in rows {
            assert_eq!(
                modes(choice, known, maps, cannot, fallback),
                expected,
                "{choice} {known:?} {maps} {cannot:?}"
            );
        }
    }

    #[test]
    fn what_begins_the_plan_has_no_step_before_it() {
        for (known, open_maps, cannot) in [
            (Known::Nothing, true, [].as_slice()),
            (Known::Missing { near: vec![] }, false, [Mode::Structured].as_slice()),
        ] {
            let grounds = Grounds {
                choice: ModeChoice::Auto,
                known: &known,
                dialect: Dialect::OpenRouter,
                open_maps,
                cannot,
                fallback: true,
            };
            let steps = plan(&grounds);
            assert_eq!(steps[0].mode, Mode::Tools);
            assert!(
                steps[0].reason.starts_with("the next in order; structured passed over"),
                "{}",
                steps[0].reason
            );
        }
    }

    #[test]
    fn a_mode_that_was_passed_over_is_named_in_the_next_reason() {
        let known = model(&["tools", "response_format"]);
        let grounds = Grounds {
            choice: ModeChoice::Auto,
            known: &known,
            dialect: Dialect::OpenRouter,
            open_maps: false,
            cannot: &[],
            fallback: true,
        };
        let steps = plan(&grounds);
        assert_eq!(
            steps[0].reason,
            "the model lists tools; structured passed over: the model does not list structured_outputs"
        );
    }

    #[test]
    fn the_embedded_model_is_asked_for_structure_where_tools_were_chosen() {
        let known = model(&["structured_outputs", "response_format"]);
        for (choice, fallback, open_maps) in [("tools", true, true), ("tools", false, false), ("auto", false, true)] {
            let steps = plan(&Grounds {
                choice: choice.parse().unwrap(),
                known: &known,
                dialect: Dialect::Local,
                open_maps,
                cannot: &[],
                fallback,
            });
            assert_eq!(steps[0].mode, Mode::Structured, "{choice}");
            let said = steps[0].reason.contains("the embedded model's template has no tools");
            assert_eq!(said, choice == "tools", "{}", steps[0].reason);
        }
    }
}
