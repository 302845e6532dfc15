//! The report for people.
//!
//! Owns its words and columns.

use super::{Folders, Report, Terminal, embedded};
use crate::text::clean;
use std::io::{self, Write};

/// Prints the report.
///
/// # Errors
/// What writing says.
pub fn report(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "formwork {}", report.version)?;
    section(out, "Settings", &settings(report))?;
    let providers = report.providers.iter().map(|provider| {
        let place = if provider.address.is_empty() {
            embedded::place()
        } else {
            &provider.address
        };
        (
            provider.name.clone(),
            format!("{}, {place}; key: {}", provider.kind, provider.key),
        )
    });
    let chosen = report.chosen.iter().map(|chosen| ("used".to_owned(), chosen.clone()));
    section(out, "Providers", &providers.chain(chosen).collect::<Vec<_>>())?;
    let embedded = [("model", &report.embedded.model), ("weights", &report.embedded.weights)];
    let embedded = embedded.map(|(name, text)| (name.to_owned(), text.clone()));
    section(out, "Embedded model", &embedded)?;
    section(out, "Terminal", &terminal(&report.terminal))?;
    section(
        out,
        "Folders",
        &report.folders.as_ref().map(folders).unwrap_or_default(),
    )
}

fn section(out: &mut impl Write, title: &str, rows: &[(String, String)]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    let width = rows
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or_default();
    for (name, text) in rows {
        writeln!(out, "  {:width$}  {}", clean(name), clean(text))?;
    }
    Ok(())
}

fn settings(report: &Report) -> Vec<(String, String)> {
    let error = report.error.iter().map(|error| ("error".to_owned(), error.clone()));
    let files = report.files.iter().map(|file| {
        let found = if file.found { "read" } else { "not there" };
        (found.to_owned(), file.path.display().to_string())
    });
    let keys = report
        .settings
        .iter()
        .map(|(key, who)| (key.clone(), format!("set by {who}")));
    let unknown = report.unknown_variables.iter();
    let unknown = unknown.map(|name| {
        (
            "warning".to_owned(),
            format!("{name} is no setting of formwork and is ignored"),
        )
    });
    error.chain(files).chain(keys).chain(unknown).collect()
}

fn terminal(terminal: &Terminal) -> Vec<(String, String)> {
    let streams = terminal.streams;
    let streams = [
        ("stdin", streams.stdin),
        ("stdout", streams.stdout),
        ("stderr", streams.stderr),
    ];
    let size = terminal.streams.size.map(|(columns, rows)| format!("{columns}×{rows}"));
    let or_not_set = |text: Option<&str>| text.unwrap_or("not set").to_owned();
    let locale = if terminal.utf8 {
        "UTF-8"
    } else {
        "not UTF-8: set LANG, or `ascii = true` in [ui]"
    };
    let rows = [
        ("terminals", those(&streams, "none of stdin, stdout and stderr")),
        ("size", size.unwrap_or_else(|| "not known".to_owned())),
        ("TERM", or_not_set(terminal.term.as_deref())),
        ("COLORTERM", or_not_set(terminal.colorterm.as_deref())),
        ("NO_COLOR", or_not_set(terminal.no_color.then_some("set"))),
        ("locale", locale.to_owned()),
        (
            "through",
            those(
                &[("tmux", terminal.tmux), ("SSH", terminal.ssh)],
                "neither tmux nor SSH",
            ),
        ),
    ];
    rows.map(|(name, text)| (name.to_owned(), text)).into()
}

/// The names of what is so, or a word for none.
fn those(facts: &[(&str, bool)], none: &str) -> String {
    let names: Vec<&str> = facts.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    if names.is_empty() {
        none.to_owned()
    } else {
        names.join(", ")
    }
}

fn folders(folders: &Folders) -> Vec<(String, String)> {
    let sessions = format!(
        "{} ({}, {})",
        folders.sessions.display(),
        count(folders.session_count),
        size(folders.session_bytes)
    );
    let cached = folders.cached.iter().map(|file| {
        let age = humantime::format_duration(std::time::Duration::from_secs(file.age_s)).to_string();
        // The two largest units say enough.
        let age = age.split(' ').take(2).collect::<Vec<_>>().join(" ");
        (String::new(), format!("{}: {}, {age} old", file.name, size(file.bytes)))
    });
    let rows = [
        ("settings", folders.config.display().to_string()),
        ("sessions", sessions),
        ("logs", folders.logs.display().to_string()),
        ("cache", folders.cache.display().to_string()),
    ];
    let removed = folders.sessions_removed.iter();
    let removed = removed.map(|text| ("removed".to_owned(), text.clone()));
    rows.map(|(name, text)| (name.to_owned(), text))
        .into_iter()
        .chain(cached)
        .chain(removed)
        .collect()
}

fn count(sessions: usize) -> String {
    match sessions {
        1 => "1 session".to_owned(),
        many => format!("{many} sessions"),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes >> 10),
        1_048_576.. => format!("{} MiB", bytes >> 20),
    }
}
