//! `formwork man [COMMAND]`: manual pages, in the form that `man` reads.
//!
//! Owns which page is which. The words are those of `args`, so that a page says what `--help` says.

use super::args::{Cli, ManArgs};
use super::exit::{CliError, Exit};
use clap::CommandFactory;
use clap_mangen::Man;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Prints a page, or writes all of them into a folder, which is taken from `cwd` if it is relative.
///
/// # Errors
/// No such command; a folder that cannot be written into; what writing says.
pub fn main(args: &ManArgs, cwd: &Path, out: &mut impl Write) -> Result<Exit, CliError> {
    let pages = pages();
    if let Some(folder) = &args.all {
        let folder = cwd.join(folder);
        write_all(&pages, &folder).map_err(|error| {
            CliError::usage(format!("cannot write manual pages into {}: {error}", folder.display()))
        })?;
        return Ok(Exit::Valid);
    }
    let wanted = match &args.command {
        Some(command) => format!("formwork-{command}"),
        None => "formwork".to_owned(),
    };
    let Some((_, page)) = pages.iter().find(|(name, _)| *name == wanted) else {
        let names = pages.iter().filter_map(|(name, _)| name.strip_prefix("formwork-"));
        let names = names.collect::<Vec<_>>().join(", ");
        let asked = args.command.as_deref().unwrap_or_default();
        return Err(CliError::usage(format!(
            "no command `{asked}`: the commands are {names}"
        )));
    };
    out.write_all(&rendered(page)?)?;
    Ok(Exit::Valid)
}

/// The program and its commands, each with the name of its page.
fn pages() -> Vec<(String, clap::Command)> {
    let program = Cli::command();
    let version = program.get_version().unwrap_or_default().to_owned();
    let commands = program.get_subcommands().filter(|command| !command.is_hide_set());
    let commands = commands.map(|command| {
        let name = format!("formwork-{}", command.get_name());
        let usage = format!("formwork {}", command.get_name());
        (
            name.clone(),
            command.clone().name(name).bin_name(usage).version(version.clone()),
        )
    });
    let commands: Vec<_> = commands.collect();
    [("formwork".to_owned(), program)].into_iter().chain(commands).collect()
}

fn rendered(page: &clap::Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(page.clone()).render(&mut text)?;
    Ok(text)
}

fn write_all(pages: &[(String, clap::Command)], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, page) in pages {
        fs::write(folder.join(format!("{name}.1")), rendered(page)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::main;
    use crate::cli::args::ManArgs;
    use std::path::Path;

    fn page(command: Option<&str>) -> Result<String, String> {
        let args = ManArgs {
            command: command.map(str::to_owned),
            all: None,
        };
        let mut out = Vec::new();
        main(&args, Path::new("/"), &mut out).map_err(|error| error.message)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_page_for_the_program_and_for_each_command() {
        let own = page(None).unwrap();
        assert!(
            own.contains(".TH formwork 1") && own.contains("formwork\\-run(1)"),
            "{own}"
        );
        let run = page(Some("run")).unwrap();
        for part in [".TH formwork-run 1", "no\\-fallback", "Exit codes", "130"] {
            assert!(run.contains(part), "{part} is not in {run}");
        }
        let error = page(Some("rnu")).unwrap_err();
        assert!(
            error.starts_with("no command `rnu`: the commands are open, run, check,"),
            "{error}"
        );
    }

    #[test]
    fn all_of_them_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let all = Some("man1".into());
        main(&ManArgs { command: None, all }, folder.path(), &mut Vec::new()).unwrap();
        let files = std::fs::read_dir(folder.path().join("man1")).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        names.sort();
        assert!(
            names.len() > 8 && names.contains(&"formwork-check.1".into()),
            "{names:?}"
        );
    }
}
