//! What a run may spend. The scripted answers cost 0.25 dollars and 66 tokens each.

use crate::binary::Bench;
use crate::support::{Reply, Script, model_entry};

fn always_wrong() -> Script {
    Script::new([]).otherwise(Reply::sse_content("{\"name\": \"Ivan\", \"age\": \"old\"}", 5))
}

#[tokio::test]
async fn spent_budgets_end_the_run() {
    let table: [(&[&str], usize, &str); 3] = [
        (
            &["--max-cost", "0.2"],
            1,
            "stopped after $0.250000: this run may cost $0.2 (--max-cost)",
        ),
        (&["--max-cost", "0.4"], 2, "stopped after $0.500000"),
        (
            &["--max-total-tokens", "100"],
            2,
            "stopped after 132 tokens: this run may use 100",
        ),
    ];
    for (flags, requests, said) in table {
        let bench = Bench::new(always_wrong());
        let ran = bench.task(&[&["--mode", "json"], flags].concat()).await;
        ran.ended(4, said);
        ran.ended(4, "last value: ");
        assert_eq!(
            (ran.stdout.as_str(), bench.server.chats().len()),
            ("", requests),
            "{flags:?}"
        );
    }
}

/// Where prices are known, money is kept before it is spent: by a smaller `max_tokens`, and at last by not asking.
#[tokio::test]
async fn known_prices_bound_the_first_request() {
    let script = always_wrong().models([model_entry("acme/quick", &["response_format"])]);
    let bench = Bench::new(script);
    bench.task(&["--max-cost", "0.00001"]).await.ended(4, "not sent: ");
    assert_eq!(bench.server.chats().len(), 0);
    bench.task(&["--max-cost", "0.002", "--reasks", "0"]).await.ended(1, "");
    let asked = bench.server.chats()[0]["max_tokens"].as_u64().unwrap();
    assert!(
        (900..=1000).contains(&asked),
        "0.002 dollars at 0.000002 a token: {asked}"
    );
}
