//! How fast the embedded model reads a prompt and writes an answer, with one thread and with two.
//!
//! With the address of a llama.cpp server in `FORMWORK_TEST_SERVER` (`tests/serve_model.sh`; `THREADS=2` gives it two threads) the same
//! request goes to it in the same rounds, and what it says of its own times stands beside. Medians over the rounds; the weights are
//! those of the tests and are fetched if they are missing. The machine should be idle otherwise: threads that wait for one another
//! suffer most.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on must fail")]

use formwork::event::Phase;
use formwork::provider::local::{Local, MODEL};
use formwork::provider::{Provider as _, Signal};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

/// Each engine is asked so often, in turn.
const ROUNDS: usize = 7;

/// Tokens of an answer: too few for the guard, which ends one that goes round in circles from 64 tokens on.
const ANSWER: usize = 60;

/// Tokens per second.
#[derive(Clone, Copy)]
struct Speed {
    prompt: f64,
    decode: f64,
}

fn main() {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weights");
    let threads = [1, 2];
    let models = threads.map(|threads| Local::new("local", &cache, None).with_threads(threads));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let server = std::env::var("FORMWORK_TEST_SERVER").ok();
    let mut speeds = [const { Vec::new() }; 3];
    // The first round loads, and is not counted.
    for round in 0..=ROUNDS {
        let body = body(round);
        for (model, speeds) in models.iter().zip(&mut speeds) {
            speeds.push(runtime.block_on(embedded(model, body.clone())));
        }
        speeds[2].extend(server.as_ref().map(|address| served(address, &body)));
    }
    let medians = speeds.map(|speeds| median(speeds.get(1..).unwrap_or_default()));
    println!("{:<24}{:>16}{:>16}", "", "prompt tok/s", "decode tok/s");
    for (name, speed) in ["formwork, 1 thread", "formwork, 2 threads", "the server"]
        .iter()
        .zip(medians)
    {
        let Some(Speed { prompt, decode }) = speed else {
            continue;
        };
        println!("{name:<24}{prompt:>16.0}{decode:>16.0}");
    }
    if let [_, Some(own), Some(other)] = medians {
        let (prompt, decode) = (own.prompt / other.prompt, own.decode / other.decode);
        println!("{:<24}{prompt:>16.2}{decode:>16.2}", "2 threads to the server");
    }
}

/// A request that nobody has the beginning of from before.
fn body(round: usize) -> Value {
    let text =
        "The letter came in the morning, with the newspaper and two bills, and nobody opened it until the evening. "
            .repeat(12);
    json!({"model": MODEL, "max_tokens": ANSWER, "temperature": 0, "cache_prompt": false, "messages": [
        {"role": "system", "content": format!("{round}. You tell very long stories.")},
        {"role": "user", "content": format!("{text}Tell a very long story about it.")},
    ]})
}

/// Asks the embedded model. The first token of the answer counts as the prompt's, as llama.cpp counts.
async fn embedded(model: &Local, body: Value) -> Speed {
    let mut stream = model.attempt(body);
    let (mut begun, mut first) = (None, None);
    while let Some(signal) = stream.next().await {
        match signal {
            Signal::Progress {
                phase: Phase::Prompt, ..
            } => _ = begun.get_or_insert_with(Instant::now),
            Signal::Delta(_) => _ = first.get_or_insert_with(Instant::now),
            Signal::Closed(closing) => {
                assert!(closing.error.is_none(), "{closing:?}");
                let (usage, begun, first) = (closing.usage.unwrap(), begun.unwrap(), first.unwrap());
                assert!(usage.completion > 10, "{usage:?}");
                return Speed {
                    prompt: (usage.prompt - usage.cached) as f64 / (first - begun).as_secs_f64(),
                    decode: (usage.completion - 1) as f64 / first.elapsed().as_secs_f64(),
                };
            }
            _ => {}
        }
    }
    panic!("the stream ended without an end");
}

/// Asks the server, and takes its own word (`timings`, llama.cpp's server).
fn served(address: &str, body: &Value) -> Speed {
    let place = address.strip_prefix("http://").unwrap();
    let (host, path) = place.split_once('/').unwrap();
    let body = body.to_string();
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST /{path}/chat/completions HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}",
        body.len()
    );
    write!(stream, "{head}\r\n\r\n{body}").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let answer = text.split_once("\r\n\r\n").unwrap().1;
    let timings = serde_json::from_str::<Value>(answer).unwrap()["timings"].take();
    let speed = |name: &str| timings[name].as_f64().unwrap();
    Speed {
        prompt: speed("prompt_per_second"),
        decode: speed("predicted_per_second"),
    }
}

fn median(speeds: &[Speed]) -> Option<Speed> {
    let middle = |speed: fn(&Speed) -> f64| {
        let mut all: Vec<f64> = speeds.iter().map(speed).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    Some(Speed {
        prompt: middle(|speed| speed.prompt)?,
        decode: middle(|speed| speed.decode)?,
    })
}
