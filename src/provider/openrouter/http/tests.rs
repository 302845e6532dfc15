//! Addresses, refusals and what faults may say; what needs a server is in `tests/provider.rs`.

use super::{Link, address};
use crate::event::{Fault, FaultClass};
use crate::extract::model::Dialect;
use crate::provider::openrouter::Settings;
use reqwest::Method;
use serde_json::json;

const KEY: &str = "sk-or-v1-0123456789";

fn settings(base_url: &str) -> Settings {
    Settings {
        key: Some(KEY.into()),
        ..Settings::new("test", Dialect::OpenRouter, base_url)
    }
}

#[test]
fn addresses_by_table() {
    let good = [
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
        ("http://localhost", "http://localhost"),
        (" http://[::1]:1/api/v1/chat/completions ", "http://[::1]:1/api/v1"),
    ];
    for (text, base) in good {
        assert_eq!(Link::new(&settings(text)).ok().unwrap().base(), base);
    }
    let bad = [
        "",
        "localhost:8080/v1",
        "ftp://host/v1",
        "https://user:hunter2@host/v1",
        "http://localhost/v1?key=hunter2",
        "/v1",
    ];
    for text in bad {
        let fault = Link::new(&settings(text)).err().unwrap();
        assert_eq!(fault.class, FaultClass::Setup, "{text}");
        assert!(!fault.message.contains("hunter2"), "{}", fault.message);
    }
}

#[test]
fn a_key_is_not_sent_in_the_clear() {
    for host in [
        "http://example.com/v1",
        "http://10.0.0.1/v1",
        "http://localhost.example.com/v1",
    ] {
        let fault = Link::new(&settings(host)).err().unwrap();
        assert_eq!(fault.class, FaultClass::Setup);
        assert!(
            fault.message.contains("not encrypted") && !fault.message.contains(KEY),
            "{}",
            fault.message
        );
        let header = Settings {
            key: None,
            headers: vec![("X-Api-Key".into(), KEY.into())],
            ..settings(host)
        };
        assert_eq!(
            Link::new(&header).err().map(|fault| fault.class),
            Some(FaultClass::Setup)
        );
    }
    assert!(address::is_loopback(&"http://a.localhost:1/".parse().unwrap()));
    assert!(!address::is_loopback(&"http://notlocalhost/".parse().unwrap()));
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_without_showing_it() {
    let broken = Settings {
        key: Some("sk-secret\nline".into()),
        ..settings("http://localhost/v1")
    };
    let fault = Link::new(&broken).err().unwrap();
    assert!(
        fault.class == FaultClass::Setup && !fault.message.contains("sk-secret"),
        "{}",
        fault.message
    );
}

#[test]
fn requests_carry_the_key_once_and_never_show_it() {
    let settings = Settings {
        headers: vec![("X-Extra".into(), "extra-secret-value".into())],
        ..settings("http://localhost/v1")
    };
    let link = Link::new(&settings).ok().unwrap();
    let request = link
        .request(Method::GET, &["models", "a/b", "endpoints"])
        .build()
        .unwrap();
    assert_eq!(request.url().as_str(), "http://localhost/v1/models/a%2Fb/endpoints");
    assert_eq!(request.headers()["authorization"], format!("Bearer {KEY}"));
    assert_eq!(request.headers()["x-openrouter-title"], "formwork");
    let shown = format!("{request:?} {settings:?}");
    assert!(!shown.contains(KEY) && !shown.contains("extra-secret-value"), "{shown}");
    let plain = Settings {
        dialect: Dialect::OpenAi,
        ..settings
    };
    let request = Link::new(&plain)
        .ok()
        .unwrap()
        .request(Method::GET, &["models"])
        .build()
        .unwrap();
    assert!(!request.headers().contains_key("http-referer") && !request.headers().contains_key("x-openrouter-title"));
}

#[test]
fn secrets_are_struck_out_of_faults() {
    let link = Link::new(&settings("http://localhost/v1")).ok().unwrap();
    let quoting = Fault {
        message: format!("Incorrect API key provided: {KEY}."),
        detail: Some(format!("Bearer {KEY}")),
        metadata: json!({"reasons": [KEY]}),
        status: Some(401),
        ..Fault::default()
    };
    let expected = Fault {
        message: "Incorrect API key provided: [secret].".into(),
        detail: Some("Bearer [secret]".into()),
        metadata: json!({"reasons": ["[secret]"]}),
        status: Some(401),
        ..Fault::default()
    };
    assert_eq!(link.secrets().fault(quoting), expected);
}
