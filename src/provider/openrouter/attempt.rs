//! One attempt: a body sent, its answer as a stream of signals.
//!
//! Owns the order of things on the wire and the idle timeout. The stream holds the connection, so that dropping it closes that.
//! What the bytes mean is `intake`'s; that no secret comes back with them is seen to by `secrets`.

use super::faults;
use super::http::Link;
use super::intake::Intake;
use super::secrets::Sieve;
use crate::event::{Closing, Fault, FaultClass};
use crate::provider::Signal;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};
use serde_json::Value;
use std::sync::Arc;
use std::time::SystemTime;

/// The most bytes read of an error's body.
const ERROR_CAP: usize = 1024 * 1024;

/// Sends a body once the stream is first polled.
pub fn run(link: Arc<Link>, body: Value) -> BoxStream<'static, Signal> {
    let attempt = Attempt {
        sieve: Sieve::new(Arc::clone(link.secrets())),
        link,
        step: Step::Send(body),
        ready: Vec::new().into_iter(),
    };
    let next = async |mut attempt: Attempt| loop {
        if let Some(signal) = attempt.ready.next() {
            return Some((signal, attempt));
        }
        if matches!(attempt.step, Step::Over) {
            return None;
        }
        attempt.advance().await;
    };
    stream::unfold(attempt, next).boxed()
}

struct Attempt {
    link: Arc<Link>,
    sieve: Sieve,
    step: Step,
    ready: std::vec::IntoIter<Signal>,
}

enum Step {
    Send(Value),
    Read(Box<(Response, Intake)>),
    Over,
}

impl Attempt {
    /// Does the next thing that takes time and leaves what it gave in `ready`.
    async fn advance(&mut self) {
        let mut out = Vec::new();
        match std::mem::replace(&mut self.step, Step::Over) {
            Step::Send(body) => match self.open(&body, &mut out).await {
                Ok(response) => self.step = Step::Read(response),
                Err(fault) => out.push(Signal::Closed(Closing {
                    error: Some(fault),
                    ..Closing::default()
                })),
            },
            Step::Read(reading) => self.read(reading, &mut out).await,
            Step::Over => {}
        }
        self.ready = self.sieve.pass(out).into_iter();
    }

    /// Sends the body and looks at status and headers.
    async fn open(&self, body: &Value, out: &mut Vec<Signal>) -> Result<Box<(Response, Intake)>, Fault> {
        let bytes = serde_json::to_vec(body).map_err(|error| {
            faults::own(
                FaultClass::Setup,
                format!("the request body cannot be written: {error}"),
            )
        })?;
        let request = self
            .link
            .request(Method::POST, &["chat", "completions"])
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "text/event-stream, application/json")
            .body(bytes);
        let mut response = self.link.send(request).await?;
        let status = response.status().as_u16();
        out.push(Signal::Opened { status });
        if !response.status().is_success() {
            let (body, _) = self.link.read(&mut response, ERROR_CAP).await;
            return Err(faults::from_response(
                status,
                response.headers(),
                &body,
                SystemTime::now(),
            ));
        }
        let id = response
            .headers()
            .get("x-generation-id")
            .and_then(|id| id.to_str().ok())
            .map(str::to_owned);
        if id.is_some() {
            out.push(Signal::Routed {
                provider: None,
                model: None,
                id: id.clone(),
            });
        }
        Ok(Box::new((response, Intake::new(SystemTime::now, id))))
    }

    /// Waits for the next bytes.
    async fn read(&mut self, mut reading: Box<(Response, Intake)>, out: &mut Vec<Signal>) {
        let (response, intake) = reading.as_mut();
        let broken = match tokio::time::timeout(self.link.idle(), response.chunk()).await {
            Ok(Ok(Some(bytes))) => {
                if !intake.push(&bytes, out) {
                    if out.is_empty() {
                        out.push(Signal::Alive);
                    }
                    self.step = Step::Read(reading);
                    return;
                }
                None
            }
            Ok(Ok(None)) => None,
            Ok(Err(error)) => Some(self.link.broken(error)),
            Err(_) => Some(self.link.silent()),
        };
        let (response, intake) = *reading;
        // Closed before the last signal is handed out: who reads that may count on it.
        drop(response);
        let closing = intake.finish(broken, out);
        out.push(Signal::Closed(closing));
    }
}
