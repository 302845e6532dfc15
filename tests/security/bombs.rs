//! Small inputs that stand for enormous ones. Each is refused with a sentence or done with in no time: a test that hangs fails.

use crate::inside::{Inside, Worker};
use crate::support::{Auto, Script, Server};
use formwork::extract::model::Dialect;
use formwork::provider::openrouter::{OpenRouter, Settings};
use formwork::schema::Schema;
use formwork::schema::adapt::adapt;
use formwork::schema::family::Family;
use formwork::task::{Mode, Task};
use formwork::worker;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// What takes longer does not end.
const HANGS: Duration = Duration::from_secs(60);

/// Does it on a thread of the size that the workbench's have.
fn bounded<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, waiting) = channel();
    let builder = thread::Builder::new().stack_size(2 << 20);
    builder.spawn(move || drop(done.send(work()))).unwrap();
    let result = waiting.recv_timeout(HANGS);
    result.unwrap_or_else(|why| panic!("{what}: {why}"))
}

/// Definitions that each refer to the next twice, by what `twice` makes of two references.
fn doubling(steps: usize, twice: fn(&Value) -> Value) -> Value {
    let mut definitions = Map::new();
    for step in 0..steps {
        let next = json!({"$ref": format!("#/$defs/d{}", step + 1)});
        definitions.insert(format!("d{step}"), twice(&next));
    }
    definitions.insert(format!("d{steps}"), json!({"type": "string"}));
    json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}, "required": ["a"], "$defs": definitions})
}

fn in_place(next: &Value) -> Value {
    json!({"allOf": [next, next]})
}

fn in_members(next: &Value) -> Value {
    json!({"type": "object", "properties": {"l": next, "r": next}, "required": ["l", "r"], "additionalProperties": false})
}

#[test]
fn references_that_double() {
    let text = doubling(40, in_place).to_string();
    let error = bounded("doubling in place", move || Schema::load(&text, None)).unwrap_err();
    assert!(
        error.to_string().contains("subschemas would judge the same value"),
        "{error}"
    );
    let text = doubling(60, in_members).to_string();
    let sizes = bounded("doubling in members", move || {
        let schema = Schema::load(&text, None).unwrap();
        assert_eq!(schema.judge(&json!({"a": {"l": 1}})).len(), 2);
        let sent = Family::ALL
            .iter()
            .flat_map(|family| Mode::ALL.map(|mode| adapt(&schema, family.rewrite_of(&schema, mode))));
        sent.map(|sent| sent.value.to_string().len()).max()
    });
    assert!(sizes < Some(4 << 20), "{sizes:?} bytes are sent");
}

#[test]
fn chains_and_circles() {
    let mut long = Map::new();
    for step in 0..5000 {
        long.insert(format!("d{step}"), json!({"$ref": format!("#/$defs/d{}", step + 1)}));
    }
    long.insert("d5000".into(), json!(true));
    let long = json!({"$ref": "#/$defs/d0", "$defs": long});
    let circle =
        json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}});
    for (schema, said) in [(long, "references follow each other"), (circle, "comes back to itself")] {
        let error = bounded(said, move || Schema::load(&schema.to_string(), None)).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
}

/// A thousand members that each refer to a thousand members: what is held is bounded by the text.
#[test]
fn references_that_multiply() {
    let members = |member: &dyn Fn(usize) -> Value| -> Value {
        let members: Map<String, Value> = (0..4000).map(|at| (format!("p{at}"), member(at))).collect();
        Value::Object(members)
    };
    let to_root = json!({"type": "object", "properties": members(&|_| json!({"$ref": "#"}))});
    let beside = json!({
        "type": "object", "properties": members(&|at| json!({"$ref": "#/$defs/d", "required": [format!("p{at}")]})),
        "$defs": {"d": {"properties": members(&|_| json!(true))}},
    });
    let circle = members(&|at| json!({"items": {"$ref": format!("#/$defs/p{}", (at + 1) % 4000)}}));
    let circle = json!({"$ref": "#/$defs/p0", "$defs": circle});
    for (what, schema) in [
        ("to the root", to_root),
        ("beside others", beside),
        ("in a circle", circle),
    ] {
        let fields = bounded(what, move || {
            let schema = Schema::load(&schema.to_string(), None).unwrap();
            let fields = schema.shape().ids();
            fields.filter(|id| schema.judge_at(*id, &json!({})).is_empty()).count()
        });
        assert!(fields > 0, "{what}");
    }
    assert!(peak() < 1 << 30, "{} bytes at most", peak());
}

/// Patterns are either used, in linear time or with a limit, or refused; how large they may grow is bounded.
#[test]
fn patterns_that_never_end() {
    let harmless = [
        "^(a+)+$",
        "^(a|aa)+$",
        "(x+x+)+y",
        "^(?=(a+)+$)b",
        "^(a|aa)+\\1?$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
    ];
    let monsters = [
        "a{0,100000}",
        "((a{0,100}){0,100}){0,100}",
        "\\p{L}{0,60000}",
        "(?=x)(\\w{1,1000}){1,1000}",
    ];
    for pattern in harmless.into_iter().chain(monsters) {
        let schema = json!({"type": "string", "pattern": pattern}).to_string();
        let judged = bounded(pattern, move || {
            Schema::load(&schema, None).map(|schema| {
                let values = ["a".repeat(60_000) + "b", "x".repeat(20_000), "a".repeat(40) + "X"];
                values.map(|value| schema.judge(&Value::String(value)).len())
            })
        });
        match judged {
            Ok(_) => {}
            Err(error) => {
                assert!(!harmless.contains(&pattern), "{error}");
                assert!(error.to_string().contains("regular expression"), "{pattern}: {error}");
            }
        }
    }
    assert!(peak() < 1 << 30, "{} bytes at most", peak());
}

/// The most bytes that this process has had in memory; 0 where the system does not say.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok());
    kilobytes.unwrap_or_default() * 1024
}

/// A billion words in a few lines, by aliases.
#[test]
fn yaml_aliases() {
    let doubled = (1..40).map(|step| {
        let above = step - 1;
        format!("  a{step}: &a{step} {{type: object, properties: {{l: *a{above}, r: *a{above}}}}}\n")
    });
    let text =
        "type: object\nproperties:\n  a0: &a0 {type: string}\n".to_owned() + &doubled.collect::<Vec<_>>().concat();
    let error = bounded("aliases", move || Schema::load(&text, None)).unwrap_err();
    assert!(error.to_string().contains("this is not YAML"), "{error}");
    let lists = (0..30).map(|step| format!("x{step}: &b{step} [*a,*a,*a,*a,*a,*a,*a,*a]\n"));
    let list = "type: array\nenum: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned() + &lists.collect::<Vec<_>>().concat();
    bounded("a list of aliases", move || drop(Schema::load(&list, None)));
}

#[test]
fn deep_nesting_in_every_form() {
    let deep = 100_000;
    let texts = [
        "[".repeat(deep),
        "{\"a\":".repeat(deep),
        format!("{}true{}", "{\"not\":".repeat(9000), "}".repeat(9000)),
        format!("type: object\nx: {}", "[".repeat(deep)),
        format!("type: object\nx: {}", "- ".repeat(deep)),
        (0..3000)
            .map(|depth| format!("{}a:\n", " ".repeat(depth.min(300))))
            .collect::<Vec<_>>()
            .concat(),
        format!("a {}", "{b ".repeat(deep)),
        format!("a {}", "[".repeat(deep)),
        format!("a {}", "/(".repeat(deep)),
        format!("// c\n{}", "[".repeat(deep)),
        format!("{{\"pattern\": \"{}\"}}", "(".repeat(deep)),
    ];
    for text in texts {
        let start: String = text.chars().take(20).collect();
        let error = bounded(&start, move || Schema::load(&text, None).map(drop)).unwrap_err();
        assert!(error.to_string().chars().count() < 800, "{error}");
    }
}

/// A schema whose tree of fields would be endless is shown as far as it goes, while it is empty and while it fills.
#[tokio::test]
async fn the_workbench_with_a_tree_without_end() {
    let value = json!({"a": {"l": {"l": 1}, "r": {"r": [1]}}});
    let server = Server::start(Script::auto(Auto::new(value)));
    let provider = OpenRouter::new(Settings::new("openrouter", Dialect::OpenRouter, server.base_url())).unwrap();
    let schema = doubling(60, in_members);
    let task = Task {
        schema: schema.to_string(),
        input: "x".into(),
        model: "acme/quick".into(),
        mode: "json".parse().unwrap(),
        limits: formwork::task::Limits {
            reasks: 0,
            ..Default::default()
        },
        ..Task::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let mut worker: Worker = worker::spawn();
    let mut inside = Inside::new(&task, Arc::new(provider), &mut worker, folder.path()).await;
    inside.draw();
    inside.run().await;
    for keys in ["3", "zr", "G", "zm", "j", " ", "}", "]", "]"] {
        inside.keys(keys).await;
        inside.draw();
    }
    inside.interrupt().await;
    inside.resize(60, 30).await;
    inside.keys("r").await;
    inside.next().await;
    inside.draw();
    assert_eq!(inside.lived.len(), 1);
    inside.leave().await;
}
