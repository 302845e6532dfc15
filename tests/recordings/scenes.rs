//! What is recorded: the three examples of the guide with the embedded model, and whatever can go wrong with a scripted server.

use crate::support::{Auto, Piece, Reply, Script};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Time between two pieces of an answer where it is recorded.
const BEAT: Duration = Duration::from_millis(25);

/// One recording.
pub struct Scene {
    pub name: &'static str,
    pub args: Vec<&'static str>,
    pub script: fn(&Pace) -> Script,
    /// Whether the model inside formwork answers.
    pub embedded: bool,
    /// After how many characters of its answer it is interrupted.
    pub cancel_after: Option<usize>,
    /// The exit code.
    pub code: i32,
}

/// How fast the server answers.
pub struct Pace(Option<Arc<Notify>>);

impl Pace {
    /// As fast as it can.
    pub const fn quick() -> Self {
        Self(None)
    }

    /// At the pace of a real server. Must be called within a runtime.
    pub fn real() -> Self {
        let gate = Arc::new(Notify::new());
        let opened = gate.clone();
        tokio::spawn(async move {
            let mut beat = tokio::time::interval(BEAT);
            loop {
                beat.tick().await;
                opened.notify_one();
            }
        });
        Self(Some(gate))
    }

    /// A reply whose pieces come one by one.
    fn apply(&self, mut reply: Reply) -> Reply {
        if let Some(gate) = &self.0 {
            let pieces = reply.body.into_iter();
            reply.body = pieces.flat_map(|piece| [Piece::Wait(gate.clone()), piece]).collect();
        }
        reply
    }
}

const USER: &str = r#"{"title": "User", "type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name", "age"]}"#;

const ADDRESSES: &str = "name, age int, addresses [{street, city, country}]";

const PHONE: &str = r#"{
  "title": "User",
  "type": "object",
  "properties": {
    "name": {"type": "string"},
    "age": {"type": "integer"},
    "phone_number": {"type": "string", "pattern": "^\\+?1?\\s*\\(?(\\d{3})\\)?[-.\\s]*(\\d{3})[-.\\s]*(\\d{4})$"}
  },
  "required": ["name", "age", "phone_number"]
}"#;

const JASON: &str = "Jason is 25 years old.\nHe lives at 123 Main St, New York, USA\nand has a summer house at 456 Beach Rd, Miami, USA";

const CALL: &str = "Jason is 25 years old and his number is 1-212-456-7890";

/// The words of OpenRouter.
const NO_TOOLS: &str = "No endpoints found that support tool use. To learn more about provider routing, visit: \
                        https://openrouter.ai/docs/provider-routing";

fn scene(name: &'static str, schema: &'static str, text: &'static str, mode: &'static str) -> Scene {
    Scene {
        name,
        args: vec!["-s", schema, "-t", text, "-m", "acme/quick", "--mode", mode],
        script: |_| Script::new([]),
        embedded: false,
        cancel_after: None,
        code: 0,
    }
}

fn embedded(name: &'static str, schema: &'static str, text: &'static str, code: i32) -> Scene {
    Scene {
        args: vec!["-s", schema, "-t", text],
        embedded: true,
        code,
        ..scene(name, schema, text, "auto")
    }
}

/// Every recording, in the order of the program's own list.
pub fn all() -> Vec<Scene> {
    vec![
        embedded("user", USER, "Ivan is 28 years old", 0),
        embedded("addresses", ADDRESSES, JASON, 0),
        embedded("phone", PHONE, CALL, 0),
        Scene {
            script: |pace| {
                let no_tools = Reply::error(404, &json!({"error": {"message": NO_TOOLS, "code": 404}}));
                Script::new([no_tools, pace.apply(Auto::new(jason()).reply(&as_json()))])
            },
            ..scene("fallback", ADDRESSES, JASON, "tools")
        },
        Scene {
            script: |pace| {
                let answer = |number: &str| {
                    let value = json!({"name": "Jason", "age": 25, "phone_number": number});
                    pace.apply(Reply::sse_tool_call("User", &value.to_string(), 5))
                };
                Script::new([answer("1-212-456-7890"), answer("+1 (212) 456-7890")])
            },
            ..scene("reask", PHONE, CALL, "tools")
        },
        Scene {
            script: |pace| Script::new([pace.apply(Reply::sse_content(SLOPPY, 4))]),
            ..scene("repair", "title, done bool, tags [str], note?", NOTE, "prompt")
        },
        Scene {
            script: |pace| {
                let busy = Reply::error(429, &json!({"error": {"code": 429, "message": "Rate limit exceeded"}}));
                let value = json!({"name": "Ivan", "age": 28});
                Script::new([
                    busy.header("retry-after", "1"),
                    Reply::html(502, "Bad gateway"),
                    pace.apply(Reply::sse_content(&value.to_string(), 3)),
                ])
            },
            ..scene("retry", USER, "Ivan is 28 years old", "structured")
        },
        Scene {
            script: |pace| {
                let text = jason().to_string();
                let Reply { body, .. } = Reply::sse_content(&text[..text.len() - 40], 4);
                let begun: Vec<Piece> = body[..body.len() - 3].to_vec();
                Script::new([pace.apply(Reply::hang(begun))])
            },
            cancel_after: Some(80),
            code: 130,
            ..scene("cancelled", ADDRESSES, JASON, "structured")
        },
        Scene {
            script: |pace| Script::new([pace.apply(Reply::sse_content(&stock().to_string(), 48))]),
            ..scene(
                "list",
                "items [{sku, name, count int, price num, in_stock bool}]",
                STOCK,
                "structured",
            )
        },
    ]
}

/// A request that is answered as in mode `json`.
fn as_json() -> Value {
    json!({"stream": true, "response_format": {"type": "json_object"}})
}

fn jason() -> Value {
    json!({"name": "Jason", "age": 25, "addresses": [
        {"street": "123 Main St", "city": "New York", "country": "USA"},
        {"street": "456 Beach Rd", "city": "Miami", "country": "USA"}
    ]})
}

const NOTE: &str =
    "Buy bread and the good cheese before Friday; mark it as not done yet. It is about food and the weekend.";

/// Prose, a fence, single quotes, a comment, a literal of another language, and a comma too many.
const SLOPPY: &str = "Sure! Here is the object you asked for:\n```json\n{\n  'title': 'Buy bread and \"the good\" cheese', // short\n  \
                      'done': False,\n  'tags': ['food', 'weekend',],\n}\n```\nLet me know if you need anything else.";

const STOCK: &str = "The warehouse list of the third quarter, 240 lines: bolts, nuts, washers, screws and rivets in steel, brass and nylon.";

/// A long answer.
fn stock() -> Value {
    let kinds = ["bolt", "nut", "washer", "screw", "rivet"];
    let metals = ["steel", "brass", "nylon"];
    let items: Vec<Value> = (0..240_usize)
        .map(|number| {
            let name = format!("{} {} M{}", metals[number % 3], kinds[number % 5], 3 + number % 8);
            let price = (5 + number * 7 % 90) as f64 / 100.0;
            json!({"sku": format!("W-{number:04}"), "name": name, "count": number * 37 % 500, "price": price,
                   "in_stock": number % 9 != 0})
        })
        .collect();
    json!({"items": items})
}
