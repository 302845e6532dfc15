//! A scripted OpenRouter on loopback, for every test that needs a server.
//!
//! Owns the front: a [`Server`] plays a [`Script`] and records what it was asked. What replies hold is `replies`' matter, how they
//! are put on the wire `server`'s. Other tests include it with `mod support;`. The tests below use every builder once, so that none
//! goes unused wherever the module is included.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "support/replies.rs"]
mod replies;
#[path = "support/server.rs"]
mod server;

pub(crate) use replies::{Auto, Piece, Reply, Script, model_entry};
pub(crate) use server::{Request, Server};

mod selftest {
    //! The server tested with a bare socket, without the client under test.

    use super::{Auto, Piece, Reply, Request, Script, Server, model_entry};
    use serde_json::{Value, json};
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::Arc;
    use tokio::sync::Notify;

    /// Sends one request and reads until the server closes the connection. Gives head and body.
    fn ask(server: &Server, method: &str, path: &str, body: &Value) -> (String, String) {
        let mut socket = open(server, method, path, body);
        let mut answer = Vec::new();
        // A connection that is cut ends in an error; what came before it counts.
        let _ = socket.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_ascii_lowercase(), body.to_owned())
    }

    fn open(server: &Server, method: &str, path: &str, body: &Value) -> TcpStream {
        let mut socket = TcpStream::connect(server.address()).unwrap();
        let body = body.to_string();
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-test: 1\r\n");
        write!(
            socket,
            "{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        socket
    }

    const CHAT: &str = "/api/v1/chat/completions";

    #[test]
    fn replies_are_played_in_order_and_requests_recorded() {
        let script = Script::new([
            Reply::error(429, &json!({"error": "slow down"})).header("retry-after", "1"),
            Reply::sse_content("héllo", 2),
            Reply::sse_tool_call("User", "{}", 1),
            Reply::json_message("whole"),
            Reply::html(502, "Bad gateway"),
            Reply::cut([": hi\n\n"]),
            Reply::sse([json!({"choices": []})]),
            Reply::raw(200, "text/plain", [Piece::from("a"), Piece::Repeat(b"b".to_vec(), 2)]),
        ])
        .otherwise(Reply::json(200, &json!({"default": true})))
        .models([model_entry("acme/a", &["tools"])])
        .endpoints(&json!({"data": {"endpoints": []}}));
        let server = Server::start(script);
        let expected = [
            ("429", "slow down"),
            ("200", "héll"),
            ("200", "\"name\":\"User\""),
            ("200", "\"content\":\"whole\""),
            ("502", "<title>Bad gateway</title>"),
            ("200", ": hi"),
            ("200", "[DONE]"),
            ("200", "b\r\n1\r\nb\r\n"),
            ("200", "\"default\":true"),
            ("200", "\"default\":true"),
        ];
        for (number, (status, part)) in expected.into_iter().enumerate() {
            let (head, body) = ask(&server, "POST", CHAT, &json!({"n": number}));
            assert!(head.starts_with(&format!("http/1.1 {status}")), "{number}: {head}");
            let text: String = part.chars().collect();
            assert!(
                body.contains(&text) || part == "héll" && body.contains("hé") && body.contains("ll"),
                "{number}: {body}"
            );
        }
        assert!(ask(&server, "GET", "/api/v1/models", &Value::Null).1.contains("acme/a"));
        assert!(
            ask(&server, "GET", "/api/v1/models/acme/a/endpoints", &Value::Null)
                .1
                .contains("endpoints")
        );
        assert!(ask(&server, "GET", "/else", &Value::Null).0.starts_with("http/1.1 404"));
        let requests: Vec<Request> = server.requests();
        assert_eq!(requests.len(), 13);
        assert_eq!((requests[3].path.as_str(), &requests[3].body), (CHAT, &json!({"n": 3})));
        assert_eq!(requests[3].header("X-Test"), Some("1"));
        assert_eq!(requests[10].method, "GET");
        assert_eq!(server.chats().len(), 10);
        assert!(server.base_url().ends_with("/api/v1"));
    }

    #[test]
    fn auto_answers_in_the_mode_it_is_asked_in() {
        let server = Server::start(Script::auto(Auto::new(json!({"a": 1}))));
        let tool = json!({"type": "function", "function": {"name": "User"}});
        let table = [
            (
                json!({"tools": [tool], "tool_choice": tool, "stream": true}),
                "\"tool_calls\"",
            ),
            (json!({"tools": [tool]}), "\"name\":\"User\""),
            (
                json!({"response_format": {"type": "json_schema"}}),
                "\"content\":\"{\\\"a\\\":1}\"",
            ),
            (
                json!({"response_format": {"type": "json_object"}, "stream": true}),
                "data: ",
            ),
            (json!({}), "```json"),
        ];
        for (body, part) in table {
            let answer = ask(&server, "POST", CHAT, &body).1;
            assert!(answer.contains(part), "{body}: {answer}");
        }
    }

    #[tokio::test]
    async fn gates_hold_a_reply_and_a_dropped_connection_is_seen() {
        let gate = Arc::new(Notify::new());
        let held = Reply::raw(200, "text/plain", [Piece::Wait(gate.clone()), Piece::from("late")]);
        let server = Server::start(Script::new([held, Reply::hang([": hi\n\n"]), Reply::silent()]));
        let first = std::thread::spawn({
            let address = server.address();
            move || {
                let mut socket = TcpStream::connect(address).unwrap();
                write!(
                    socket,
                    "POST {CHAT} HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{{}}"
                )
                .unwrap();
                let mut text = String::new();
                socket.read_to_string(&mut text).unwrap();
                text
            }
        });
        server.asked(1).await;
        gate.notify_one();
        assert!(first.join().unwrap().contains("late"));
        for asked in [2, 3] {
            let socket = open(&server, "POST", CHAT, &json!({}));
            // A socket closed before the request was read would not count as one.
            server.asked(asked).await;
            drop(socket);
            server.dropped(asked - 1).await;
        }
    }
}
