//! The thin binary: hands the arguments and the environment to the library and its exit code to the shell.

use formwork::config::Env;
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The system knows a home where the variable is missing.
    let home = std::env::home_dir().map(|home| (OsString::from("HOME"), home.into_os_string()));
    let env: Env = home.into_iter().chain(std::env::vars_os()).collect();
    formwork::cli::main(std::env::args_os(), &env)
}
