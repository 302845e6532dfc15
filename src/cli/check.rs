//! `formwork check`: a schema on its own, and as a model would be sent it.
//!
//! Owns which schema is shown; reading it is `input`'s, changing it `schema::adapt`'s, the rules `schema::lint`'s, and the words
//! `report`'s. Nothing is sent.

mod report;

use crate::cli::args::CheckArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::input;
use crate::extract::model::{Dialect, Known};
use crate::extract::plan::{Grounds, plan};
use crate::schema::Schema;
use crate::schema::adapt::{Adapted, adapt};
use crate::schema::family::Family;
use crate::schema::lint::{Finding, lint};
use crate::task::{Mode, ModeChoice};
use crate::text::clean_multiline;
use std::io;

/// A schema as a family of models would be sent it in a mode.
struct Sent<'a> {
    /// What was asked for: a family's word or a model's id.
    target: &'a str,
    /// Whether that is a model's id of which nothing is known.
    is_unknown: bool,
    family: Family,
    choice: ModeChoice,
    mode: Mode,
    /// Whether the schema has free-form maps.
    open_maps: bool,
    adapted: Adapted,
    findings: Vec<Finding>,
}

impl<'a> Sent<'a> {
    fn new(schema: &Schema, target: &'a str, choice: ModeChoice) -> Self {
        let named = target.parse::<Family>().ok();
        let family = named.unwrap_or_else(|| Family::of(target));
        let mode = first_mode(schema, choice);
        Self {
            target,
            is_unknown: named.is_none() && family == Family::Generic,
            family,
            choice,
            mode,
            open_maps: schema.has_open_maps(),
            adapted: adapt(schema, family.rewrite_of(schema, mode)),
            findings: lint(schema, family, mode),
        }
    }
}

/// The mode that a run would begin with, if nothing were known of the model.
fn first_mode(schema: &Schema, choice: ModeChoice) -> Mode {
    let steps = plan(&Grounds {
        choice,
        known: &Known::Nothing,
        dialect: Dialect::OpenRouter,
        open_maps: schema.has_open_maps(),
        cannot: &[],
        fallback: false,
    });
    steps.first().map_or(Mode::Prompt, |step| step.mode)
}

/// Checks a schema. It is printed on stdout, on its own or as it would be sent, and what is to be said of it on stderr.
///
/// # Errors
/// [`Exit::Usage`] if it cannot be read or is no good as a schema. That a provider would refuse it is a finding, not an error.
pub fn run(args: &CheckArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let given = input::schema(&args.schema, &front.cwd)?;
    let schema = input::load_schema(&given.text, given.name.as_deref())?;
    let sent = args
        .target
        .as_deref()
        .map(|target| Sent::new(&schema, target, args.mode.unwrap_or_default()));
    let data = if args.json {
        serde_json::to_string_pretty(&report::object(&schema, sent.as_ref()))
    } else {
        serde_json::to_string_pretty(sent.as_ref().map_or(schema.value(), |sent| &sent.adapted.value))
    };
    let data = data.map_err(io::Error::from)?;
    if front.stdout_is_terminal {
        writeln!(front.stdout, "{}", clean_multiline(&data))?;
    } else {
        writeln!(front.stdout, "{data}")?;
    }
    // What is said comes below the schema, where it is seen.
    front.stdout.flush()?;
    if !args.json {
        write!(front.stderr, "{}", report::words(&schema, sent.as_ref(), front.columns))?;
    }
    Ok(Exit::Valid)
}
