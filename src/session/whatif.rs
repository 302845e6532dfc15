//! The same answers under another schema.
//!
//! Owns the differences.

use super::tape::Tape;
use crate::event::{RunEvent, RunId, Stamped};
use crate::schema::{Schema, SchemaError};
use crate::task::Task;
use std::sync::Arc;

/// What is other.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The run.
    pub run: RunId,
    /// The attempt.
    pub attempt: u32,
    /// Where.
    pub pointer: String,
    /// What was recorded.
    pub recorded: String,
    /// What it is now.
    pub now: String,
}

/// The same bytes under another schema.
///
/// # Errors
/// The text is no schema.
pub fn under(tape: &Tape, schema: &str, name: Option<&str>) -> Result<(Tape, Vec<Difference>), SchemaError> {
    let loaded = Schema::load(schema, name)?;
    let mut new = Tape::new(tape.header.clone());
    let mut differences = Vec::new();
    for at in 0..tape.len() {
        let event = match tape.event(at).into_owned() {
            RunEvent::Started {
                run,
                version,
                task,
                provider,
                plan,
            } => RunEvent::Started {
                run,
                version,
                task: Arc::new(Task {
                    schema: schema.to_owned(),
                    ..task.as_ref().clone()
                }),
                provider,
                plan,
            },
            RunEvent::Judged {
                run,
                attempt,
                source,
                value,
                errors,
                repairs,
            } => {
                let found = loaded.judge(&value);
                for error in &found {
                    if !errors.iter().any(|old| old.pointer == error.pointer) {
                        differences.push(Difference {
                            run,
                            attempt,
                            pointer: error.pointer.clone(),
                            recorded: "fits".into(),
                            now: error.message.clone(),
                        });
                    }
                }
                RunEvent::Judged {
                    run,
                    attempt,
                    source,
                    value,
                    errors: found,
                    repairs,
                }
            }
            other => other,
        };
        new.push(Stamped { at: tape.at(at), event });
    }
    Ok((new, differences))
}
