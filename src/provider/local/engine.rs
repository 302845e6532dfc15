//! The thread that the model lives on: it loads once, keeps what it loaded, and answers one request after the other.
//!
//! Owns the order of things within an attempt, and hears a cancel between any two of them. No tokio worker ever computes.

use super::answer::{Answer, Stopped};
use super::crew::Crew;
use super::grammar::Grammars;
use super::leash::Leash;
use super::load::{Failed, Gguf};
use super::model::{Model, PIECE};
use super::request::Request;
use super::sample::Sampler;
use super::template;
use super::vocabulary::Vocabulary;
use super::weights::{NoWeights, Store};
use crate::event::{Closing, Fault, FaultClass, Phase};
use crate::provider::Signal;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

/// The fewest tokens that must be left for an answer.
const ROOM: usize = 64;

/// The most tokens of an answer: what is longer goes round in circles.
pub const LONGEST_ANSWER: usize = 1024;

/// What the thread is told.
pub enum Order {
    /// Answer a request.
    Answer(Box<Job>),
    /// Load what is in the cache, so that the next request need not wait. Nothing is fetched.
    Warm,
}

/// A request, and who waits for its answer.
pub struct Job {
    /// The request.
    pub request: Request,
    /// Where signals go.
    pub out: UnboundedSender<Signal>,
    /// Cut when nobody waits any more.
    pub leash: Arc<Leash>,
}

/// What an attempt was busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Fetching or checking the weights.
    Fetch,
    /// Loading them.
    Load,
    /// Reading the prompt.
    Prompt,
    /// Writing the answer.
    Decode,
}

/// What has become of the attempts so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Attempts that are over.
    pub done: u64,
    /// What the last of them was busy with when it was cancelled; `None` if it came to its own end.
    pub cancelled: Option<Stage>,
    /// Whether weights are in memory.
    pub loaded: bool,
}

/// Why an attempt came to no answer.
enum Stop {
    Cancelled(Stage),
    Fault(Box<Fault>),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

/// What was loaded.
struct Loaded {
    vocabulary: Arc<Vocabulary>,
    grammars: Grammars,
    context: usize,
    /// The head that the weights are read after; taken by the model.
    file: Option<Gguf>,
    model: Option<Model>,
}

/// The thread's own state.
pub struct Engine {
    store: Store,
    threads: usize,
    loaded: Option<Loaded>,
    work: watch::Sender<Work>,
}

impl Engine {
    /// An engine that has loaded nothing yet, for a number of threads, its own included.
    pub const fn new(store: Store, threads: usize, work: watch::Sender<Work>) -> Self {
        Self {
            store,
            threads,
            loaded: None,
            work,
        }
    }

    /// Works until nobody can give orders any more.
    pub fn run(mut self, orders: &Receiver<Order>) {
        while let Ok(order) = orders.recv() {
            match order {
                Order::Answer(job) => self.serve(&job),
                Order::Warm => self.warm(),
            }
        }
    }

    fn serve(&mut self, job: &Job) {
        let (closing, cancelled) = match self.answer(job) {
            Ok(closing) => (closing, None),
            Err(Stop::Cancelled(stage)) => (Closing::default(), Some(stage)),
            Err(Stop::Fault(fault)) => (
                Closing {
                    error: Some(*fault),
                    ..Closing::default()
                },
                None,
            ),
        };
        // A stream that was dropped hears nothing of it.
        drop(job.out.send(Signal::Closed(closing)));
        self.work.send_modify(|work| {
            work.done += 1;
            work.cancelled = cancelled;
        });
    }

    fn answer(&mut self, job: &Job) -> Result<Closing, Stop> {
        let request = &job.request;
        let leash = &job.leash;
        let head = self.head(leash, &mut |done, total| tell(job, Phase::Fetch, done, total))?;
        let prompt = template::chat(&head.vocabulary, &request.messages);
        let room = head.context.saturating_sub(prompt.len());
        if room < ROOM {
            return Err(too_long(prompt.len(), head.context).into());
        }
        let mut grammar = head.grammars.of(&request.format).map_err(|why| schema(&why))?;
        let mut model = self.model(leash, &mut |done, total| tell(job, Phase::Load, done, total))?;
        let opened = Signal::Opened { status: 200 };
        drop(job.out.send(opened));
        let read = read(&mut model, &prompt, job);
        let answered = match (read, self.loaded.as_ref()) {
            (Ok((scores, cached)), Some(loaded)) => {
                let most = request.max_tokens.unwrap_or(LONGEST_ANSWER);
                let answer = Answer {
                    model: &mut model,
                    vocabulary: &loaded.vocabulary,
                    grammar: grammar.as_mut(),
                    sampler: Sampler::new(request.temperature, request.seed),
                    most: most.min(LONGEST_ANSWER).min(room),
                    out: &job.out,
                    leash,
                };
                answer
                    .write(scores, prompt.len(), cached)
                    .map_err(|stopped| match stopped {
                        Stopped::Cancelled => Stop::Cancelled(Stage::Decode),
                        Stopped::Fault(fault) => Stop::Fault(fault),
                    })
            }
            (Ok(_), None) => Err(broken("the weights were lost").into()),
            (Err(stop), _) => Err(stop),
        };
        // The model is kept whatever came of it.
        if let Some(loaded) = &mut self.loaded {
            loaded.model = Some(model);
        }
        answered
    }

    /// The tokenizer and the tables, loaded if they are not yet. The weights are fetched first if they are missing.
    fn head(&mut self, leash: &Leash, progress: &mut dyn FnMut(u64, u64)) -> Result<&Loaded, Stop> {
        if self.loaded.is_none() {
            let path = self.store.get(leash, progress).map_err(|none| match none {
                NoWeights::Cancelled => Stop::Cancelled(Stage::Fetch),
                NoWeights::Because(why) => Stop::from(setup(why)),
            })?;
            if leash.is_cut() {
                return Err(Stop::Cancelled(Stage::Load));
            }
            let unusable = |why: String| unusable(&why, self.store.own.is_some());
            let file = Gguf::open(&path).map_err(unusable)?;
            let context = file.shape().map_err(unusable)?.context;
            let unknown = |why: String| unusable(format!("the weights {} cannot be used: {why}", path.display()));
            let vocabulary = Arc::new(Vocabulary::from_gguf(&file.content).map_err(unknown)?);
            if leash.is_cut() {
                return Err(Stop::Cancelled(Stage::Load));
            }
            self.loaded = Some(Loaded {
                grammars: Grammars::new(Arc::clone(&vocabulary)).map_err(|why| broken(&why))?,
                vocabulary,
                context,
                file: Some(file),
                model: None,
            });
        }
        self.loaded.as_ref().ok_or_else(|| broken("nothing was loaded").into())
    }

    /// The model, taken out of `loaded` for the time of an answer; loaded if it is not yet.
    fn model(&mut self, leash: &Leash, progress: &mut dyn FnMut(u64, u64)) -> Result<Model, Stop> {
        let threads = self.threads;
        let loaded = self.loaded.as_mut().ok_or_else(|| broken("nothing was loaded"))?;
        if let Some(model) = loaded.model.take() {
            return Ok(model);
        }
        let Some(file) = loaded.file.take() else {
            // A load that was cancelled or failed took it: begin anew.
            self.loaded = None;
            self.head(leash, &mut |_, _| ())?;
            return self.model(leash, progress);
        };
        let crew = Crew::new(threads).map_err(|why| broken(&why))?;
        let model = file.model(crew, |done, total| {
            progress(done, total);
            !leash.is_cut()
        });
        let model = model.map_err(|failed| match failed {
            Failed::Cancelled => Stop::Cancelled(Stage::Load),
            Failed::Because(why) => Stop::from(unusable(&why, self.store.own.is_some())),
        })?;
        self.work.send_modify(|work| work.loaded = true);
        Ok(model)
    }

    /// Failures wait for the first request, which tells them.
    fn warm(&mut self) {
        if !self.store.is_here() {
            return;
        }
        let leash = Leash::default();
        if self.head(&leash, &mut |_, _| ()).is_err() {
            return;
        }
        if let Ok(model) = self.model(&leash, &mut |_, _| ())
            && let Some(loaded) = &mut self.loaded
        {
            loaded.model = Some(model);
        }
    }
}

/// Feeds the prompt in pieces. Gives the scores of the answer's first token, and how many tokens were known from before.
fn read(model: &mut Model, prompt: &[u32], job: &Job) -> Result<(Vec<f32>, usize), Stop> {
    let cached = model.rewind(prompt);
    let stop = || job.leash.is_cut();
    let mut scores = Vec::new();
    let mut done = cached;
    for piece in prompt.get(cached..).unwrap_or_default().chunks(PIECE) {
        tell(job, Phase::Prompt, done as u64, prompt.len() as u64);
        scores = model.feed(piece, &stop).ok_or(Stop::Cancelled(Stage::Prompt))?;
        done += piece.len();
    }
    Ok((scores, cached))
}

fn tell(job: &Job, phase: Phase, done: u64, total: u64) {
    drop(job.out.send(Signal::Progress { phase, done, total }));
}

fn too_long(tokens: usize, context: usize) -> Fault {
    let most = context.saturating_sub(ROOM);
    Fault {
        class: FaultClass::TooLong,
        status: Some(400),
        code: Some("context_length_exceeded".into()),
        message: format!(
            "instructions, schema and text are {tokens} tokens, {} more than the demo model can take ({context} tokens of context, \
             {ROOM} of them kept for the answer)",
            tokens.saturating_sub(most)
        ),
        ..Fault::default()
    }
}

fn schema(why: &str) -> Fault {
    Fault {
        class: FaultClass::Schema,
        status: Some(400),
        message: format!("unsupported JSON schema: the grammar of the demo model cannot enforce it: {why}"),
        param: Some("response_format".into()),
        ..Fault::default()
    }
}

fn setup(why: String) -> Fault {
    Fault {
        class: FaultClass::Setup,
        message: why,
        ..Fault::default()
    }
}

/// Weights that will not do. Those in the cache were checked, so that only the user's own are worth another try.
fn unusable(why: &str, own: bool) -> Fault {
    setup(if own {
        format!("{why}; set `local.weights` to another GGUF file, or leave it out")
    } else {
        why.to_owned()
    })
}

fn broken(why: &str) -> Fault {
    setup(format!("the demo model broke down: {why}"))
}
