//! `formwork completions SHELL`: a script that completes the command line.
//!
//! Owns nothing but the call; the script is derived from `args`.

use super::args::{Cli, CompletionsArgs};
use super::exit::{CliError, Exit};
use clap::CommandFactory;
use std::io::Write;

/// Writes the script.
///
/// # Errors
/// What writing says.
pub fn main(args: CompletionsArgs, out: &mut impl Write) -> Result<Exit, CliError> {
    // Generated into memory, since the generator panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "formwork", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Valid)
}

#[cfg(test)]
mod tests {
    use super::main;
    use crate::cli::args::CompletionsArgs;
    use crate::cli::exit::Exit;
    use clap_complete::Shell;

    #[test]
    fn every_shell_gets_the_flags() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
            let mut out = Vec::new();
            assert_eq!(main(CompletionsArgs { shell }, &mut out).unwrap(), Exit::Valid);
            let script = String::from_utf8(out).unwrap();
            assert!(script.contains("allow-any-endpoint"), "{shell}");
        }
    }
}
