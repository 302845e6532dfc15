//! `formwork models`: what a server offers, filtered.
//!
//! Owns the filter and what is said beside the list. Fetching and keeping the list is `provider`'s, the table `table`'s.

mod filter;
mod table;

use crate::cli::args::ModelsArgs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::providers::{self, Opened};
use crate::cli::wrap::paragraph;
use crate::config::{Config, ProviderFlags};
use crate::extract::model::ModelInfo;
use crate::extract::model::figures::age;
use crate::provider::openrouter::catalogue::Catalogue;
use crate::text::clean_multiline;
use std::io;
use std::time::{Duration, SystemTime};

/// An offer that ends within this time is told to end.
pub(crate) const SOON: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Lists models: a table or JSON on stdout, how many they are and how old the list is on stderr.
///
/// # Errors
/// The settings are wrong, no model lists a parameter that is asked for, or there is no list to be had.
pub fn run(args: &ModelsArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let config = Config::load(front.env, &front.cwd)?;
    let flags = ProviderFlags {
        provider: args.provider.as_deref(),
        base_url: args.base_url.as_deref(),
        model: None,
    };
    let opened = providers::open_catalogue(&config, flags, front.env)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let catalogue = runtime
        .block_on(opened.provider.catalogue(args.refresh))
        .map_err(|fault| providers::failed(&fault))?;
    let wanted = filter::parameters(&args.supports, &catalogue.models).map_err(CliError::usage)?;
    let mut shown: Vec<&ModelInfo> = catalogue
        .models
        .iter()
        .filter(|model| filter::fits(model, &args.words, &wanted))
        .collect();
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    if args.json {
        print_json(&shown, front)?;
    } else {
        let soon = day(SystemTime::now() + SOON);
        let columns = match (front.stdout_is_terminal, front.stdout_columns) {
            (true, columns) => columns.unwrap_or(80),
            (false, _) => usize::MAX,
        };
        write!(front.stdout, "{}", table::table(&shown, columns, &soon))?;
    }
    front.stdout.flush()?;
    for line in narration(args, &opened, &catalogue, shown.len()) {
        write!(front.stderr, "{}", paragraph(&line, 0, front.columns))?;
    }
    Ok(Exit::Valid)
}

fn print_json(shown: &[&ModelInfo], front: &mut Front<'_>) -> io::Result<()> {
    let data = serde_json::to_string_pretty(shown)?;
    if front.stdout_is_terminal {
        writeln!(front.stdout, "{}", clean_multiline(&data))
    } else {
        writeln!(front.stdout, "{data}")
    }
}

/// How many models are shown, of whose list, and how old that is.
fn narration(args: &ModelsArgs, opened: &Opened, catalogue: &Catalogue, shown: usize) -> Vec<String> {
    let all = catalogue.models.len();
    let name = opened.provider.name();
    let age = age(catalogue.age);
    let mut lines = Vec::new();
    if shown == 0 && all > 0 {
        let near = filter::near(&args.words, &catalogue.models);
        let end = if near.is_empty() {
            "fewer words find more".to_owned()
        } else {
            format!("near are {}", near.join(", "))
        };
        lines.push(format!("no model fits: {end}"));
    }
    if let Some(model) = opened.provider.own_model() {
        lines.push(format!(
            "{shown} of {all} models of {name}: {}, inside formwork",
            model.name
        ));
    } else if catalogue.stale {
        lines.push(format!(
            "{shown} of {all} models of {name}; the list is {age} old, and no newer one could be had: check the network"
        ));
    } else {
        lines.push(format!("{shown} of {all} models of {name}; the list is {age} old"));
    }
    lines
}

/// The day of a time in UTC, `YYYY-MM-DD`.
pub(crate) fn day(time: SystemTime) -> String {
    let text = humantime::format_rfc3339_seconds(time).to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::day;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn days() {
        assert_eq!(day(UNIX_EPOCH + Duration::from_secs(86_400 * 365)), "1971-01-01");
    }
}
