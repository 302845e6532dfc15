//! The server that plays a script, on a thread and a runtime of its own: it serves async tests, plain ones and child processes alike.

use super::replies::{Otherwise, Piece, Reply, Script};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use axum::serve::ListenerExt;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::{oneshot, watch};

/// The largest request body taken, above formwork's own limit.
const BODY_CAP: usize = 64 * 1024 * 1024;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    /// The body as JSON; null if there was none.
    pub body: Value,
}

impl Request {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A running server. Dropping it stops it.
pub struct Server {
    address: SocketAddr,
    stage: Arc<Stage>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Stage {
    script: Script,
    left: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<Request>>,
    asked: watch::Sender<usize>,
    dropped: watch::Sender<usize>,
}

impl Server {
    /// Starts on a free port.
    pub fn start(script: Script) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let stage = Arc::new(Stage {
            left: Mutex::new(script.replies.iter().cloned().collect()),
            script,
            requests: Mutex::default(),
            asked: watch::Sender::new(0),
            dropped: watch::Sender::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let router = Router::new().fallback(answer).with_state(stage.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                // Without this, each small chunk waits for the acknowledgement of the one before.
                let listener = tokio::net::TcpListener::from_std(listener)
                    .unwrap()
                    .tap_io(|socket| socket.set_nodelay(true).unwrap());
                tokio::select! {
                    served = async { axum::serve(listener, router).await } => served.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Self {
            address,
            stage,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL to configure.
    pub fn base_url(&self) -> String {
        format!("http://{}/api/v1", self.address)
    }

    /// Every request so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.stage.requests.lock().unwrap().clone()
    }

    /// The bodies of the chat completions asked for so far.
    pub fn chats(&self) -> Vec<Value> {
        let requests = self.requests().into_iter();
        requests
            .filter(|request| request.path.ends_with("/chat/completions"))
            .map(|request| request.body)
            .collect()
    }

    /// Waits until there were `count` requests.
    pub async fn asked(&self, count: usize) {
        self.stage
            .asked
            .subscribe()
            .wait_for(|asked| *asked >= count)
            .await
            .unwrap();
    }

    /// Waits until clients dropped `count` replies before their end.
    pub async fn dropped(&self, count: usize) {
        self.stage
            .dropped
            .subscribe()
            .wait_for(|dropped| *dropped >= count)
            .await
            .unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Counts a reply that is dropped before it was sent whole.
struct Watch {
    stage: Arc<Stage>,
    done: bool,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.done {
            self.stage.dropped.send_modify(|dropped| *dropped += 1);
        }
    }
}

async fn answer(
    State(stage): State<Arc<Stage>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let bytes = axum::body::to_bytes(body, BODY_CAP).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let reply = stage.choose(uri.path(), &body);
    let request = Request {
        method: method.to_string(),
        path: uri.path().to_owned(),
        headers,
        body,
    };
    stage.requests.lock().unwrap().push(request);
    stage.asked.send_modify(|asked| *asked += 1);
    let watch = Watch { stage, done: false };
    if reply.silent {
        let _watch = watch;
        return std::future::pending().await;
    }
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response.body(stream_of(reply.body, watch)).unwrap()
}

/// A body that sends each piece as a chunk of its own.
fn stream_of(pieces: Vec<Piece>, watch: Watch) -> Body {
    let steps = stream::unfold((VecDeque::from(pieces), watch), async |(mut pieces, mut watch)| {
        loop {
            // Lets the connection write what it has before the next piece.
            tokio::task::yield_now().await;
            match pieces.pop_front() {
                Some(Piece::Bytes(bytes)) => return Some((Ok(Bytes::from(bytes)), (pieces, watch))),
                Some(Piece::Repeat(_, 0)) => {}
                Some(Piece::Repeat(bytes, times)) => {
                    pieces.push_front(Piece::Repeat(bytes.clone(), times - 1));
                    return Some((Ok(Bytes::from(bytes)), (pieces, watch)));
                }
                Some(Piece::Wait(gate)) => gate.notified().await,
                Some(Piece::Hang) => std::future::pending::<()>().await,
                Some(Piece::Cut) => {
                    watch.done = true;
                    return Some((Err(io::Error::other("cut")), (VecDeque::new(), watch)));
                }
                None => {
                    watch.done = true;
                    return None;
                }
            }
        }
    });
    Body::from_stream(steps.boxed())
}

impl Stage {
    fn choose(&self, path: &str, body: &Value) -> Reply {
        let path = path.strip_prefix("/api/v1").unwrap_or_default();
        if path == "/chat/completions" {
            if let Some(reply) = self.left.lock().unwrap().pop_front() {
                return reply;
            }
            return match &self.script.otherwise {
                Otherwise::Reply(reply) => reply.as_ref().clone(),
                Otherwise::Auto(auto) => auto.reply(body),
            };
        }
        match path.strip_prefix("/models") {
            Some("") => self.script.models.clone(),
            Some(rest) if rest.ends_with("/endpoints") => self.script.endpoints.clone(),
            Some(_) | None => Reply::html(404, "Not found"),
        }
    }
}
