//! Doing what `update` wants, off the loop: schemas, plans, files, providers, lists.
//!
//! Owns the tasks. Each sends its answer back as an event and nothing else.

use super::super::effect::{Answer, Effect, SaveError};
use super::super::model::EditorPane;
use super::super::overlays::ModelList;
use super::super::supply::{Supplied, Supply};
use super::sessions;
use crate::config::Env;
use crate::extract::engine::{Run, Setup};
use crate::extract::plan::{Grounds, plan};
use crate::schema::Schema;
use crate::session::store::Store;
use crate::task::{ModeChoice, Task};
use crate::term::{EditError, Edited};
use crate::worker::{Command, Job};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::mpsc;

/// The most bytes of a file that is read into a pane (design §9).
const MAX_TEXT: u64 = 16 << 20;

/// Everything that effects need.
pub(super) struct Backstage {
    /// To the worker.
    pub commands: mpsc::Sender<Command>,
    /// Back to the loop.
    pub answer: mpsc::UnboundedSender<Answer>,
    /// Providers that were opened, to the loop.
    pub opened: mpsc::UnboundedSender<Result<Supplied, String>>,
    /// Opens providers.
    pub supply: Arc<dyn Supply>,
    /// The one in use.
    pub supplied: Option<Supplied>,
    /// The stored sessions.
    pub store: Store,
    /// The environment.
    pub env: Env,
}

impl Backstage {
    pub(super) async fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Check { revision, text, name } => self.blocking(move || Answer::Checked {
                revision,
                result: Schema::load(&text, name.as_deref()),
            }),
            Effect::Plan { revision, task, schema } => self.plan(revision, task, schema),
            Effect::Start { run, task, schema } => self.start(run, task, schema).await,
            // The worker ends with the program only.
            Effect::CancelRun(run) => drop(self.commands.send(Command::Cancel(run)).await),
            Effect::OpenProvider(name) => self.open(name),
            Effect::ListProviders => {
                let supply = Arc::clone(&self.supply);
                let current = self.supplied.as_ref().map(|supplied| supplied.info.name.clone());
                self.blocking(move || Answer::Providers(supply.providers(&current.unwrap_or_default())));
            }
            Effect::ListModels(refresh) => self.models(refresh),
            Effect::ListEndpoints(model) => self.endpoints(model),
            Effect::KeepFavourites(models) => {
                let supply = Arc::clone(&self.supply);
                let answer = self.answer.clone();
                tokio::task::spawn_blocking(move || {
                    if let Err(why) = supply.keep_favourites(&models) {
                        drop(answer.send(Answer::Notice(why)));
                    }
                });
            }
            Effect::SaveFile {
                path,
                text,
                replace,
                schema,
            } => self.blocking(move || Answer::Saved {
                result: save(&path, &text, replace),
                path,
                schema,
            }),
            Effect::ReadFile { path, pane } => self.blocking(move || Answer::Read {
                result: read(&path),
                path,
                pane,
            }),
            Effect::LookAtFile { path, seen } => self.look(path, seen),
            Effect::Rejudge {
                revision,
                history,
                position,
                schema,
            } => self.blocking(move || Answer::Rejudged {
                revision,
                rejudged: sessions::rejudge(&history, position, &schema),
            }),
            Effect::Preview(source) => self.blocking(move || sessions::preview(source)),
            Effect::RenameSession(path, title) => self.blocking(move || sessions::rename(&path, &title)),
            Effect::ListSessions => self.stored(sessions::list),
            Effect::ForkSession(source) => self.stored(move |store| sessions::fork(store, &source)),
            Effect::DeleteSession(path) => self.stored(move |store| sessions::delete(store, &path)),
            Effect::RestoreSession(gone) => self.stored(move |store| sessions::restore(store, &gone)),
            // Done by the loop itself.
            Effect::Journal(_)
            | Effect::Copy { .. }
            | Effect::Edit { .. }
            | Effect::Mouse(_)
            | Effect::Suspend
            | Effect::GoTo(_)
            | Effect::Quit => {}
        }
    }

    /// Works on a thread that may wait and compute.
    fn blocking(&self, work: impl FnOnce() -> Answer + Send + 'static) {
        let answer = self.answer.clone();
        tokio::task::spawn_blocking(move || drop(answer.send(work())));
    }

    /// The same with the stored sessions.
    fn stored(&self, work: impl FnOnce(&Store) -> Answer + Send + 'static) {
        let store = self.store.clone();
        self.blocking(move || work(&store));
    }

    async fn start(&self, run: u32, task: Arc<Task>, schema: Schema) {
        if let Some(supplied) = &self.supplied {
            let job = Job {
                run,
                task,
                schema,
                provider: Arc::clone(&supplied.provider),
            };
            drop(self.commands.send(Command::Start(Box::new(job))).await);
        }
    }

    fn plan(&self, revision: u64, task: Arc<Task>, schema: Schema) {
        let Some(supplied) = self.supplied.clone() else { return };
        let answer = self.answer.clone();
        tokio::spawn(async move {
            let provider = supplied.provider;
            let known = provider.known(&task.model).await;
            let cannot = provider.cannot(&task.model);
            let plans = ModeChoice::ALL.map(|choice| {
                let grounds = Grounds {
                    choice,
                    known: &known,
                    dialect: provider.dialect(),
                    open_maps: schema.has_open_maps(),
                    cannot: &cannot,
                    fallback: task.limits.fallback,
                };
                (choice, plan(&grounds))
            });
            let run = Run::new(Setup {
                run: 1,
                task,
                schema,
                provider: provider.name().to_owned(),
                dialect: provider.dialect(),
                known: known.clone(),
                cannot,
                seed: 0,
            });
            let (body, changes) = run.preview();
            drop(answer.send(Answer::Planned {
                revision,
                plans: plans.into(),
                body,
                changes,
            }));
        });
    }

    fn open(&mut self, name: String) {
        // What is in use is let go first: two embedded models do not fit beside each other.
        self.supplied = None;
        let supply = Arc::clone(&self.supply);
        let opened = self.opened.clone();
        tokio::task::spawn_blocking(move || drop(opened.send(supply.open(Some(&name)))));
    }

    fn models(&self, refresh: bool) {
        let Some(supplied) = self.supplied.clone() else {
            drop(self.answer.send(Answer::Models(ModelList::default())));
            return;
        };
        let answer = self.answer.clone();
        tokio::spawn(async move {
            let models = supplied.lists.models(refresh).await;
            drop(answer.send(Answer::Models(models)));
        });
    }

    fn endpoints(&self, model: String) {
        let Some(supplied) = self.supplied.clone() else { return };
        let answer = self.answer.clone();
        tokio::spawn(async move {
            let endpoints = supplied.lists.endpoints(&model).await;
            drop(answer.send(Answer::Endpoints(model, endpoints)));
        });
    }

    fn look(&self, path: PathBuf, seen: Option<SystemTime>) {
        let answer = self.answer.clone();
        tokio::task::spawn_blocking(move || {
            let at = changed_at(&path);
            if at.is_some()
                && at != seen
                && let Ok((text, at)) = read(&path)
            {
                drop(answer.send(Answer::FileChanged { text, at }));
            }
        });
    }
}

/// The ending of the file that the user's editor sees.
pub(super) const fn suffix(pane: EditorPane) -> &'static str {
    match pane {
        EditorPane::Schema => ".json",
        EditorPane::Input | EditorPane::Instructions => ".txt",
    }
}

/// What came back from the user's editor.
pub(super) fn edited(result: Result<Edited, EditError>) -> Result<Option<String>, String> {
    match result {
        Ok(Edited::Changed(text)) => Ok(Some(text)),
        Ok(Edited::Unchanged) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// When a file had last changed.
pub fn changed_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

/// A file's text and when it had last changed.
///
/// # Errors
/// A sentence that names the file.
pub fn read(path: &Path) -> Result<(String, Option<SystemTime>), String> {
    let failed = |why: &dyn std::fmt::Display| format!("cannot read {}: {why}", path.display());
    if path.is_dir() {
        return Err(failed(&"it is a folder"));
    }
    let file = fs::File::open(path).map_err(|error| failed(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_TEXT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(&error))?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(failed(&"it is larger than 16 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| failed(&"it is not UTF-8"))?;
    Ok((text, changed_at(path)))
}

/// Writes a file as a whole or not at all, with the rights that a file there has.
fn save(path: &Path, text: &str, replace: bool) -> Result<Option<SystemTime>, SaveError> {
    if !replace && path.exists() {
        return Err(SaveError::Exists);
    }
    // A link is followed, so that what it points to is written and the link stays.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    write_whole(&target, text)
        .map_err(|error| SaveError::Failed(format!("cannot write {}: {error}", path.display())))?;
    Ok(changed_at(path))
}

fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .prefix(".formwork-")
        .tempfile_in(folder.unwrap_or_else(|| Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    if let Ok(found) = fs::metadata(path) {
        file.as_file().set_permissions(found.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
