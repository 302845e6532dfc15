//! Getting a provider's key: from a variable or from a command that prints it.
//!
//! Owns keeping it out of every message: errors name the variable or the command's program, never what was found or printed.

use super::Env;
use super::settings::KeyCommand;
use secrecy::SecretString;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a key command may take: long enough to unlock a password store, short enough not to look dead.
pub const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// The longest key that is believed; what is longer is something else.
const MAX_KEY: u64 = 64 * 1024;

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(10);

/// A key from text: without the space around it.
///
/// # Errors
/// The end of a sentence ("… is empty") if it cannot stand in a header (RFC 9110 §5.5: visible ASCII).
pub fn from_text(text: &str) -> Result<SecretString, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("holds a space or another character that no key has");
    }
    Ok(SecretString::from(text))
}

/// Runs a key command and takes what it prints, trimmed, as the key. Its stdin is empty and its stderr is not shown.
///
/// # Errors
/// A sentence without anything the command printed.
pub fn from_command(command: &KeyCommand, env: &Env, timeout: Duration) -> Result<SecretString, String> {
    let mut process = prepare(command)?;
    process
        .env_clear()
        .envs(env.iter())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let program = process.get_program().to_string_lossy().into_owned();
    let mut child = process
        .spawn()
        .map_err(|error| format!("cannot start `{program}`: {error}"))?;
    let printed = collect(&mut child);
    let deadline = Instant::now() + timeout;
    let status = wait(&mut child, deadline).map_err(|why| format!("`{program}` {why}"))?;
    if !status.success() {
        return Err(format!("`{program}` ended with {status}; run it by hand to see why"));
    }
    let left = deadline.saturating_duration_since(Instant::now()).max(POLL);
    let printed = printed.and_then(|printed| printed.recv_timeout(left).ok());
    let printed = printed.ok_or_else(|| format!("`{program}` ended and left its output open"))?;
    let text = String::from_utf8(printed).map_err(|_| format!("what `{program}` prints is not UTF-8"))?;
    from_text(&text).map_err(|why| format!("what `{program}` prints {why}"))
}

fn prepare(command: &KeyCommand) -> Result<Command, String> {
    match command {
        KeyCommand::Shell(line) => {
            let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
            let mut process = Command::new(shell);
            process.arg(flag).arg(line);
            Ok(process)
        }
        KeyCommand::Argv(argv) => {
            let [program, arguments @ ..] = argv.as_slice() else {
                return Err("the list is empty".to_owned());
            };
            let mut process = Command::new(program);
            process.args(arguments);
            Ok(process)
        }
    }
}

/// Reads the child's output on a thread, so that a child that keeps its output open cannot hold us up.
fn collect(child: &mut Child) -> Option<mpsc::Receiver<Vec<u8>>> {
    let output = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut printed = Vec::new();
        if output.take(MAX_KEY).read_to_end(&mut printed).is_ok() {
            // Nobody listens any more once the time is up.
            drop(sender.send(printed));
        }
    });
    Some(receiver)
}

fn wait(child: &mut Child, deadline: Instant) -> Result<ExitStatus, String> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            Ok(None) => break,
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
    // It may have ended by itself in between; either way it is gone afterwards.
    drop(child.kill());
    drop(child.wait());
    Err("took too long".to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::{COMMAND_TIMEOUT, from_command, from_text};
    use crate::config::Env;
    use crate::config::settings::KeyCommand;
    use secrecy::ExposeSecret;
    use std::time::Duration;

    fn run(line: &str, timeout: Duration) -> Result<String, String> {
        let env: Env = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("OURS", "sk-ours".to_owned()),
        ]
        .into_iter()
        .collect();
        from_command(&KeyCommand::Shell(line.to_owned()), &env, timeout).map(|key| key.expose_secret().to_owned())
    }

    #[test]
    fn commands() {
        let table = [
            ("echo ' sk-1 '", Ok("sk-1")),
            ("echo $OURS", Ok("sk-ours")),
            (
                "echo sk-1; exit 3",
                Err("`sh` ended with exit status: 3; run it by hand to see why"),
            ),
            ("true", Err("what `sh` prints is empty")),
            (
                "printf 'sk\\n1'",
                Err("what `sh` prints holds a space or another character that no key has"),
            ),
            ("printf '\\377'", Err("what `sh` prints is not UTF-8")),
        ];
        for (line, expected) in table {
            assert_eq!(
                run(line, COMMAND_TIMEOUT),
                expected.map(str::to_owned).map_err(str::to_owned),
                "{line}"
            );
        }
    }

    #[test]
    fn a_command_that_hangs_is_ended() {
        assert_eq!(
            run("exec sleep 600", Duration::from_millis(20)),
            Err("`sh` took too long".to_owned())
        );
    }

    #[test]
    fn a_list_needs_no_shell() {
        let env = Env::default();
        let argv = |argv: &[&str]| KeyCommand::Argv(argv.iter().map(|word| (*word).to_owned()).collect());
        let key = from_command(&argv(&["/bin/echo", "$HOME"]), &env, COMMAND_TIMEOUT).unwrap();
        assert_eq!(key.expose_secret(), "$HOME");
        assert_eq!(
            from_command(&argv(&[]), &env, COMMAND_TIMEOUT).unwrap_err(),
            "the list is empty"
        );
        let missing = from_command(&argv(&["/nowhere/at-all"]), &env, COMMAND_TIMEOUT).unwrap_err();
        assert!(missing.starts_with("cannot start `/nowhere/at-all`: "), "{missing}");
    }

    #[test]
    fn keys_are_trimmed_and_checked() {
        assert_eq!(from_text(" sk \n").unwrap().expose_secret(), "sk");
        assert!(from_text(" \n").is_err() && from_text("a b").is_err() && from_text("schlüssel").is_err());
    }
}
