//! The program under test: a log of what came in, on a screen of `formwork::term`.

use crossterm::event::{KeyCode, KeyModifiers};
use formwork::config::Env;
use formwork::term::signals::{Signal, Signals};
use formwork::term::{Edited, Input, Options, Term, watchdog};
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;
use std::time::Duration;

/// Set in the program; without it the test below is none.
pub(crate) const CHILD: &str = "FORMWORK_TERM_CHILD";

/// Set to have `SIGHUP` ignored, as under nohup: then only the watchdog sees that the terminal is gone.
pub(crate) const DEAF: &str = "FORMWORK_TERM_DEAF";

/// Not a test: what the tests start.
#[test]
#[ignore = "started by the other tests"]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let last = runtime.block_on(run());
    // After leaving, so on the shell's screen. The harness would catch a print.
    std::io::Write::write_all(&mut std::io::stdout(), format!("\r\nend: {last}\r\n").as_bytes()).unwrap_or_default();
    std::process::exit(if last == "gone" { 8 } else { 7 });
}

async fn run() -> String {
    let env: Env = std::env::vars_os().collect();
    let mut signals = Signals::new().unwrap();
    let mut term = Term::enter(Options {
        mouse: env.get("MOUSE").is_some(),
        kitty_keys: true,
    })
    .unwrap();
    let mut watch = tokio::time::interval(Duration::from_millis(100));
    let mut log = vec![format!("pid {}", std::process::id()), format!("size {:?}", term.size())];
    let mut dirty = true;
    loop {
        // An idle program draws nothing: that the terminal is gone must be seen all the same.
        if std::mem::take(&mut dirty)
            && let Err(error) = draw(&mut term, &log)
        {
            return format!("draw: {error}");
        }
        let step = tokio::select! {
            biased;
            signal = signals.next() => match signal {
                // The system sends both when the terminal hangs up.
                Signal::Quit("SIGHUP") | Signal::Resumed if env.get(DEAF).is_some() => Step::Quiet,
                Signal::Quit(name) => Step::End(name.to_owned()),
                Signal::Suspend => Step::Suspend,
                Signal::Resumed => match term.resumed() {
                    Ok(()) => Step::Say("resumed".to_owned()),
                    Err(error) => Step::End(error.to_string()),
                },
            },
            input = term.next() => step(input, &mut term),
            _ = watch.tick() => if watchdog::is_gone() { Step::End("gone".to_owned()) } else { Step::Quiet },
        };
        dirty = !matches!(step, Step::Quiet);
        match step {
            Step::Quiet => {}
            Step::Say(line) => log.push(line),
            Step::End(reason) => {
                term.leave().unwrap_or_default();
                return reason;
            }
            Step::Suspend => {
                let back = term.suspend();
                signals.forget_typed().await;
                log.push(back.map_or_else(|error| error.to_string(), |()| "back".to_owned()));
            }
            Step::Edit => {
                log.push(match term.edit("old text", ".json", &env) {
                    Ok(Edited::Changed(text)) => format!("changed {text:?}"),
                    Ok(Edited::Unchanged) => "unchanged".to_owned(),
                    Err(error) => error.to_string(),
                });
                signals.forget_typed().await;
            }
        }
    }
}

enum Step {
    Quiet,
    Say(String),
    Edit,
    Suspend,
    End(String),
}

fn step(input: Option<Input>, term: &mut Term) -> Step {
    match input {
        None => Step::End("nothing".to_owned()),
        Some(Input::Lost(why)) => Step::End(why),
        Some(Input::Resize(columns, rows)) => {
            term.resize(columns, rows).unwrap();
            Step::Say(format!("resize {columns} {rows}"))
        }
        Some(Input::Key(key)) if key.modifiers == KeyModifiers::CONTROL => match key.code {
            KeyCode::Char('q') => Step::End("quit".to_owned()),
            KeyCode::Char('e') => Step::Edit,
            KeyCode::Char('z') => Step::Suspend,
            KeyCode::Char('p') => panic!("as asked"),
            KeyCode::Char('t') => {
                // A task's panic gives the terminal back as well; then there is nothing to draw on.
                std::thread::spawn(|| panic!("in a thread")).join().unwrap_err();
                Step::Say("after it".to_owned())
            }
            KeyCode::Char('o') => {
                term.set_mouse(true).unwrap();
                Step::Say("mouse".to_owned())
            }
            KeyCode::Char('y') => Step::Say(term.copy("secret", &Env::default()).unwrap().to_owned()),
            code => Step::Say(format!("ctrl {code}")),
        },
        Some(Input::Key(key)) => Step::Say(format!("key {}", key.code)),
        Some(other) => Step::Say(format!("{other:?}")),
    }
}

/// The newest lines.
fn draw(term: &mut Term, log: &[String]) -> std::io::Result<()> {
    term.draw(|frame| {
        let area = frame.area();
        let first = log.len().saturating_sub(usize::from(area.height));
        let lines = log[first..].join("\n");
        frame.render_widget(Paragraph::new(lines), Rect::new(0, 0, area.width, area.height));
    })
    .map(drop)
}
