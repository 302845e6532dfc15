//! The worker against a provider made of channels: joining, cancelling, several runs at once, a reader that does not read.

use super::*;
use crate::event::{Closing, Delta, Fault};
use crate::extract::model::Dialect;
use crate::task::{Limits, Mode};
use crate::verdict::Channel;
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::sync::Mutex;

/// Each attempt takes the next stream; a stream's end is seen by its sender as a closed channel.
struct Scripted {
    streams: Mutex<Vec<mpsc::UnboundedReceiver<Signal>>>,
    remembered: Mutex<Vec<Mode>>,
    /// The catalogue never comes.
    slow: bool,
}

impl Scripted {
    fn new(attempts: usize) -> (Arc<Self>, Vec<mpsc::UnboundedSender<Signal>>) {
        let (senders, streams) = (0..attempts).map(|_| mpsc::unbounded_channel()).unzip();
        (
            Arc::new(Self {
                streams: Mutex::new(streams),
                remembered: Mutex::default(),
                slow: false,
            }),
            senders,
        )
    }
}

impl Provider for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn dialect(&self) -> Dialect {
        Dialect::OpenRouter
    }

    fn base_url(&self) -> &'static str {
        "http://127.0.0.1"
    }

    fn known<'a>(&'a self, _model: &'a str) -> BoxFuture<'a, Known> {
        if self.slow {
            return std::future::pending().boxed();
        }
        async { Known::Nothing }.boxed()
    }

    fn attempt(&self, _body: Value) -> BoxStream<'static, Signal> {
        let receiver = self.streams.lock().unwrap().remove(0);
        futures_util::stream::unfold(receiver, |mut receiver| async {
            Some((receiver.recv().await?, receiver))
        })
        .boxed()
    }

    fn cannot(&self, _model: &str) -> Vec<Mode> {
        self.remembered.lock().unwrap().clone()
    }

    fn remember(&self, _model: &str, mode: Mode) {
        self.remembered.lock().unwrap().push(mode);
    }
}

fn job(run: RunId, provider: &Arc<Scripted>, limits: Limits) -> Command {
    let task = Task {
        schema: "name".into(),
        input: "x".into(),
        model: "m".into(),
        limits,
        ..Task::default()
    };
    let schema = Schema::load(&task.schema, None).unwrap();
    let provider = Arc::clone(provider) as Arc<dyn Provider>;
    Command::Start(Box::new(Job {
        run,
        task: Arc::new(task),
        schema,
        provider,
    }))
}

fn content(text: &str) -> Signal {
    Signal::Delta(Delta {
        channel: Channel::Content,
        call: None,
        text: text.into(),
    })
}

fn stop() -> Signal {
    Signal::Closed(Closing {
        finish: Some("stop".into()),
        ..Closing::default()
    })
}

async fn all(events: &mut mpsc::Receiver<RunEvent>) -> Vec<RunEvent> {
    let mut seen = vec![];
    while let Some(event) = events.recv().await {
        let over = matches!(event, RunEvent::Ended { .. });
        seen.push(event);
        if over {
            break;
        }
    }
    seen
}

fn text(events: &[RunEvent]) -> (String, usize) {
    let deltas: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Delta { delta, .. } => Some(delta.text.as_str()),
            _ => None,
        })
        .collect();
    (deltas.concat(), deltas.len())
}

fn outcome(events: &[RunEvent]) -> Option<Outcome> {
    events.iter().find_map(|event| match event {
        RunEvent::Ended { outcome, .. } => Some(*outcome),
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn small_deltas_are_joined_and_nothing_is_lost() {
    let (provider, senders) = Scripted::new(1);
    let answer = format!(r#"{{"name":"{}"}}"#, "x".repeat(20_000));
    for piece in answer.as_bytes().chunks(4) {
        senders[0].send(content(std::str::from_utf8(piece).unwrap())).unwrap();
    }
    senders[0].send(stop()).unwrap();
    let (commands, mut events) = spawn();
    commands.send(job(1, &provider, Limits::default())).await.ok();
    let seen = all(&mut events).await;
    let (joined, deltas) = text(&seen);
    assert_eq!(joined, answer);
    assert!(deltas <= 6, "20 kB in {deltas} deltas");
    assert_eq!(outcome(&seen), Some(Outcome::Valid));
}

#[tokio::test(start_paused = true)]
async fn a_lone_delta_is_sent_after_33_ms_without_another() {
    let (provider, senders) = Scripted::new(1);
    senders[0].send(content("{\"na")).unwrap();
    let (commands, mut events) = spawn();
    commands.send(job(1, &provider, Limits::default())).await.ok();
    let start = Instant::now();
    while !matches!(events.recv().await, Some(RunEvent::Delta { .. })) {}
    assert_eq!(start.elapsed(), JOINED_FOR);
}

/// The promise of `outbox`, as its reader sees it (tokio's paused clock counts whole milliseconds).
const JOINED_FOR: Duration = Duration::from_millis(33);

#[tokio::test]
async fn a_reader_that_does_not_read_blocks_nothing() {
    let (provider, senders) = Scripted::new(1);
    let (commands, mut events) = spawn();
    commands.send(job(1, &provider, Limits::default())).await.ok();
    let mut answer = String::from("{\"name\":\"");
    senders[0].send(content("{\"name\":\"")).unwrap();
    for at in 0..200_000 {
        let piece = format!("{at} ");
        answer += &piece;
        senders[0].send(content(&piece)).unwrap();
    }
    answer += "\"}";
    senders[0].send(content("\"}")).unwrap();
    senders[0].send(stop()).unwrap();
    // The worker has taken everything in when it lets go of the stream, though nobody has read an event yet.
    senders[0].closed().await;
    let seen = all(&mut events).await;
    assert_eq!(text(&seen).0, answer);
    assert!(seen.len() < 2 * CHANNEL, "{} events", seen.len());
}

#[tokio::test]
async fn cancelling_one_run_drops_its_stream_and_leaves_the_other() {
    let (provider, senders) = Scripted::new(2);
    let (commands, mut events) = spawn();
    commands.send(job(1, &provider, Limits::default())).await.ok();
    while !matches!(events.recv().await, Some(RunEvent::Attempt { run: 1, .. })) {}
    commands.send(job(2, &provider, Limits::default())).await.ok();
    while !matches!(events.recv().await, Some(RunEvent::Attempt { run: 2, .. })) {}
    commands.send(Command::Cancel(1)).await.ok();
    senders[0].closed().await;
    assert_eq!(outcome(&all(&mut events).await), Some(Outcome::Cancelled));
    senders[1].send(content("{\"name\":\"x\"}")).unwrap();
    senders[1].send(stop()).unwrap();
    assert_eq!(outcome(&all(&mut events).await), Some(Outcome::Valid));
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_slept_and_can_be_cut_short() {
    let (provider, senders) = Scripted::new(2);
    let error = Fault {
        status: Some(429),
        retry_after_ms: Some(60_000),
        ..Fault::default()
    };
    senders[0]
        .send(Signal::Closed(Closing {
            error: Some(error),
            ..Closing::default()
        }))
        .unwrap();
    let (commands, mut events) = spawn();
    commands.send(job(1, &provider, Limits::default())).await.ok();
    while !matches!(events.recv().await, Some(RunEvent::Waiting { ms: 60_000, .. })) {}
    commands.send(Command::Cancel(1)).await.ok();
    assert_eq!(outcome(&all(&mut events).await), Some(Outcome::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn the_runs_time_is_wall_time() {
    let (provider, senders) = Scripted::new(1);
    let (commands, mut events) = spawn();
    let limits = Limits {
        timeout_ms: Some(500),
        ..Limits::default()
    };
    commands.send(job(1, &provider, limits)).await.ok();
    let start = Instant::now();
    let seen = all(&mut events).await;
    assert!(start.elapsed() >= Duration::from_millis(500));
    assert_eq!(outcome(&seen), Some(Outcome::Failed));
    assert!(senders[0].is_closed());
}

#[tokio::test]
async fn a_reader_that_leaves_ends_everything() {
    let (provider, senders) = Scripted::new(1);
    let (commands, mut events) = spawn();
    commands.send(job(1, &provider, Limits::default())).await.ok();
    while !matches!(events.recv().await, Some(RunEvent::Attempt { .. })) {}
    drop(events);
    senders[0].closed().await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_stopped_while_the_catalogue_is_awaited_sends_nothing() {
    for (timeout_ms, expected) in [(None, Outcome::Cancelled), (Some(500), Outcome::Failed)] {
        let provider = Arc::new(Scripted {
            streams: Mutex::default(),
            remembered: Mutex::default(),
            slow: true,
        });
        let (commands, mut events) = spawn();
        let limits = Limits {
            timeout_ms,
            ..Limits::default()
        };
        commands.send(job(1, &provider, limits)).await.ok();
        if timeout_ms.is_none() {
            commands.send(Command::Cancel(1)).await.ok();
        }
        let seen = all(&mut events).await;
        assert_eq!(outcome(&seen), Some(expected));
        assert!(
            matches!(seen[..], [RunEvent::Started { .. }, RunEvent::Ended { .. }]),
            "{seen:?}"
        );
    }
}

#[tokio::test]
async fn a_panic_in_a_run_ends_it_instead_of_hanging_its_reader() {
    // No stream is scripted, so that the first attempt panics.
    let (provider, _none) = Scripted::new(0);
    let (commands, mut events) = spawn();
    commands.send(job(1, &provider, Limits::default())).await.ok();
    let seen = tokio::time::timeout(Duration::from_secs(60), all(&mut events))
        .await
        .unwrap();
    assert_eq!(outcome(&seen), Some(Outcome::Failed));
}
