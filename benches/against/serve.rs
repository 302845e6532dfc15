//! A server that answers as fast as a socket takes it: never what a measurement waits for.
//!
//! Owns the little of HTTP that the clients need. A request's model says what is answered: `people-N` is a list of people of about N
//! bytes, anything else a short record. What is streamed comes in deltas of four characters, each in an event and a chunk of its own, as
//! OpenRouter sends it, written in blocks.

use super::texts::people;
use serde_json::{Value, json};
use std::io::Read as _;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Characters of a delta.
const CHARS: usize = 4;

/// Bytes that are written at once.
const BLOCK: usize = 256 << 10;

/// Serves until standard input ends.
pub fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                socket.set_nodelay(true).unwrap();
                tokio::spawn(connection(socket));
            }
        });
        let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        ended.await.unwrap().unwrap();
    });
}

/// The requests of one connection. A client that goes away ends it.
async fn connection(mut socket: TcpStream) {
    let mut buffer = Vec::new();
    while let Some(body) = request(&mut socket, &mut buffer).await {
        if answer(&mut socket, &body).await.is_err() {
            return;
        }
    }
}

/// The body of the next request.
async fn request(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Value> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            let whole = end + 4 + length;
            if buffer.len() >= whole {
                let body = serde_json::from_slice(&buffer[end + 4..whole]).unwrap_or_default();
                buffer.drain(..whole);
                return Some(body);
            }
        }
        if socket.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

async fn answer(socket: &mut TcpStream, body: &Value) -> std::io::Result<()> {
    let size = body["model"]
        .as_str()
        .and_then(|model| model.strip_prefix("people-")?.parse().ok());
    let value = size.map_or_else(|| json!({"name": "Ada Lovelace", "age": 36}), people);
    let text = value.to_string();
    let tool = body["tools"][0]["function"]["name"].as_str();
    if body["stream"] == json!(true) {
        return stream(socket, tool, Arc::from(text)).await;
    }
    let message = match tool {
        Some(name) => json!({"role": "assistant", "content": null, "tool_calls": [call(Some(name), &text)]}),
        None => json!({"role": "assistant", "content": text}),
    };
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    let whole = frame("chat.completion", &[choice], true).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        whole.len()
    );
    socket.write_all(format!("{head}{whole}").as_bytes()).await
}

/// The events of a stream, block after block.
async fn stream(socket: &mut TcpStream, tool: Option<&str>, text: Arc<str>) -> std::io::Result<()> {
    let mut block = Vec::with_capacity(BLOCK + 1024);
    block
        .extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
    chunk(&mut block, ": OPENROUTER PROCESSING\n\n");
    event(&mut block, &delta(&opening(tool), None));
    // Only the piece differs from one delta to the next.
    let pattern = match tool {
        Some(_) => json!({"tool_calls": [call(None, "%")]}),
        None => json!({"content": "%"}),
    };
    let pattern = delta(&pattern, None).to_string();
    let (before, after) = pattern.split_once("\"%\"").unwrap();
    let mut rest = &*text;
    while !rest.is_empty() {
        let end = rest.char_indices().nth(CHARS).map_or(rest.len(), |(at, _)| at);
        let piece = serde_json::to_string(&rest[..end])?;
        chunk(&mut block, &format!("data: {before}{piece}{after}\n\n"));
        rest = &rest[end..];
        if block.len() > BLOCK {
            socket.write_all(&block).await?;
            block.clear();
        }
    }
    event(&mut block, &delta(&json!({}), Some("stop")));
    event(&mut block, &frame("chat.completion.chunk", &[], true));
    chunk(&mut block, "data: [DONE]\n\n");
    block.extend_from_slice(b"0\r\n\r\n");
    socket.write_all(&block).await
}

fn chunk(block: &mut Vec<u8>, text: &str) {
    block.extend_from_slice(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes());
}

fn event(block: &mut Vec<u8>, data: &Value) {
    chunk(block, &format!("data: {data}\n\n"));
}

/// The first delta.
fn opening(tool: Option<&str>) -> Value {
    match tool {
        Some(name) => json!({"role": "assistant", "content": null, "tool_calls": [call(Some(name), "")]}),
        None => json!({"role": "assistant", "content": ""}),
    }
}

/// A tool call or a piece of one.
fn call(name: Option<&str>, arguments: &str) -> Value {
    match name {
        Some(name) => {
            json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}})
        }
        None => json!({"index": 0, "function": {"arguments": arguments}}),
    }
}

fn delta(delta: &Value, finish: Option<&str>) -> Value {
    let choice = json!({"index": 0, "delta": delta, "finish_reason": finish, "logprobs": null});
    frame("chat.completion.chunk", &[choice], false)
}

fn frame(object: &str, choices: &[Value], usage: bool) -> Value {
    let mut frame = json!({
        "id": "gen-1", "object": object, "created": 1_790_000_000, "model": "acme/quick-20260101", "provider": "Acme",
        "choices": choices,
    });
    if usage {
        frame["usage"] = json!({"prompt_tokens": 52, "completion_tokens": 14, "total_tokens": 66});
    }
    frame
}
