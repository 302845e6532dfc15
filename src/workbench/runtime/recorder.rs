//! Who writes the session while the workbench runs.
//!
//! Owns the journal behind a queue, so that a slow disk never holds a frame. The file is made with the first event, not before: who
//! only looks leaves nothing behind. Another program may have written to it since it was read, so runs are numbered on from what is
//! there.

use super::super::effect::Answer;
use crate::event::{RunEvent, RunId, Stamped};
use crate::session::{Journal, JournalHandle};
use std::path::PathBuf;
use std::time::SystemTime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Which session is written.
#[derive(Clone, Debug)]
pub enum Place {
    /// A new one in a folder.
    Folder(PathBuf),
    /// This file; one that exists is continued.
    File(PathBuf),
}

/// The queue to the journal.
pub struct Recorder {
    queue: mpsc::UnboundedSender<Stamped>,
    actor: JoinHandle<()>,
}

impl Recorder {
    /// Starts the actor. `created` is the moment that stamps count from; what the user should know comes through `answers`.
    pub fn start(place: Place, created: SystemTime, answers: mpsc::UnboundedSender<Answer>) -> Self {
        let (queue, events) = mpsc::unbounded_channel();
        let actor = Actor {
            place,
            created,
            answers,
            journal: None,
            next_run: 1,
            shift: 0,
            over: false,
        };
        Self {
            queue,
            actor: tokio::spawn(actor.work(events)),
        }
    }

    /// Hands an event over.
    pub fn send(&self, stamped: Stamped) {
        // The actor lives as long as the queue.
        drop(self.queue.send(stamped));
    }

    /// Waits until everything is on the disk.
    pub async fn close(self) {
        drop(self.queue);
        drop(self.actor.await);
    }
}

struct Actor {
    place: Place,
    created: SystemTime,
    answers: mpsc::UnboundedSender<Answer>,
    journal: Option<JournalHandle>,
    /// The first number that no run in the file has.
    next_run: RunId,
    /// What the workbench's numbers lack.
    shift: RunId,
    over: bool,
}

impl Actor {
    async fn work(mut self, mut events: mpsc::UnboundedReceiver<Stamped>) {
        while let Some(stamped) = events.recv().await {
            self.write(stamped).await;
        }
        if let Some(journal) = self.journal.take()
            && let Err(error) = journal.close().await
        {
            self.fail(error.to_string());
        }
    }

    async fn write(&mut self, mut stamped: Stamped) {
        if self.over || !stamped.event.is_journaled() {
            return;
        }
        if self.journal.is_none() {
            self.open(&stamped.event);
        }
        self.number(&mut stamped.event);
        let Some(journal) = &self.journal else { return };
        journal.send(stamped).await;
        if let Some(why) = journal.failure().map(str::to_owned) {
            self.fail(why);
        }
    }

    /// Gives a run a number of its own in the file.
    fn number(&mut self, event: &mut RunEvent) {
        if let RunEvent::Started { run, .. } = event {
            self.shift = self.shift.max(self.next_run.saturating_sub(*run));
        }
        if let Some(run) = event.run_mut() {
            *run = run.saturating_add(self.shift);
        }
    }

    fn open(&mut self, first: &RunEvent) {
        let title = title(first);
        let opened = match &self.place {
            Place::Folder(folder) => Journal::create(folder, &title, self.created),
            Place::File(path) => Journal::open(path, &title, self.created),
        };
        match opened {
            Ok(journal) => {
                for notice in journal.notices() {
                    drop(self.answers.send(Answer::Notice(notice.clone())));
                }
                drop(self.answers.send(Answer::Recording(journal.path().to_owned())));
                self.next_run = journal.next_run();
                self.journal = Some(journal.start());
            }
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn fail(&mut self, why: String) {
        if !self.over {
            self.over = true;
            drop(self.answers.send(Answer::NotRecording(why)));
        }
    }
}

/// What the session is about: the first words of its input.
fn title(first: &RunEvent) -> String {
    const WORDS: usize = 60;
    let input = match first {
        RunEvent::Draft(draft) => draft.input.as_deref(),
        RunEvent::Started { task, .. } => Some(task.input.as_str()),
        _ => None,
    };
    let start: String = input.unwrap_or_default().chars().take(4 * WORDS).collect();
    let words = start.split_whitespace().collect::<Vec<_>>().join(" ");
    crate::text::one_line(&words, WORDS).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Place, Recorder};
    use crate::event::{RunEvent, Stamped};
    use crate::session::Journal;
    use crate::verdict::{Outcome, Totals};
    use std::time::SystemTime;
    use tokio::sync::mpsc;

    fn run(at: u64, run: u32) -> [Stamped; 2] {
        let started = RunEvent::Started {
            run,
            version: "0".into(),
            task: std::sync::Arc::default(),
            provider: "p".into(),
            plan: Vec::new(),
        };
        let ended = RunEvent::Ended {
            run,
            outcome: Outcome::Valid,
            reason: String::new(),
            budget: None,
            totals: Totals::default(),
        };
        [started, ended].map(|event| Stamped { at, event })
    }

    /// Two workbenches have read the same session of one run; the second one's runs are no doubles in its fork.
    #[tokio::test]
    async fn runs_are_numbered_on_from_what_is_there() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("s.jsonl");
        let first = Journal::open(&path, "", SystemTime::now()).unwrap().start();
        for stamped in run(1, 1).into_iter().chain(run(2, 2)) {
            first.send(stamped).await;
        }
        while crate::session::Tape::read(&path).unwrap().len() < 4 {
            tokio::task::yield_now().await;
        }
        let (answers, _kept) = mpsc::unbounded_channel();
        let second = Recorder::start(Place::File(path.clone()), SystemTime::now(), answers);
        for stamped in run(10, 2).into_iter().chain(run(20, 3)) {
            second.send(stamped);
        }
        second.close().await;
        let fork = crate::session::Tape::read(&temp.path().join("s-2.jsonl")).unwrap();
        let runs: Vec<_> = fork.events().filter_map(|stamped| stamped.event.run()).collect();
        assert_eq!(runs, [1, 1, 2, 2, 3, 3, 4, 4]);
        first.close().await.unwrap();
    }
}
