//! Reading lists, finding models, and the file; fetching and freshness are in `tests/provider.rs`.

use super::cache::Cache;
use super::{Entry, Listing, ToolChoices, find, parse};
use crate::event::FaultClass;
use crate::extract::model::{Known, ModelInfo};
use serde_json::json;

fn entry(id: &str, canonical: &str) -> Entry {
    let canonical = (!canonical.is_empty()).then(|| canonical.to_owned());
    Entry {
        info: ModelInfo {
            id: id.into(),
            ..ModelInfo::default()
        },
        canonical,
    }
}

#[test]
fn a_model_is_read_field_by_field() {
    let body = json!({"total_count": 3, "data": [
        {
            "id": "acme/quick-2", "canonical_slug": "acme/quick-2-20260101", "name": "Acme: Quick 2", "created": 1_790_000_000,
            "context_length": null, "architecture": {"input_modalities": ["text", "image"], "tokenizer": "Other"},
            "pricing": {"prompt": "0.0000000416666666666667", "completion": "0.000002", "request": "0", "overrides": [{}]},
            "top_provider": {"context_length": 32768, "max_completion_tokens": 4096, "is_moderated": false},
            "supported_parameters": ["max_tokens", "tools"], "reasoning": {"mandatory": true, "supported_efforts": null},
            "expiration_date": "2027-01-31", "per_request_limits": null
        },
        {"id": "acme/router", "pricing": {"prompt": "-1", "completion": "-1", "request": 0.01}, "supported_parameters": null},
        {"name": "no id"}, null, "odd"
    ]});
    let quick = ModelInfo {
        id: "acme/quick-2".into(),
        name: "Acme: Quick 2".into(),
        context_length: Some(32_768),
        max_completion_tokens: Some(4_096),
        supported_parameters: Some(vec!["max_tokens".into(), "tools".into()]),
        prompt_price: Some(0.000_000_041_666_666_666_666_7),
        completion_price: Some(0.000_002),
        request_price: None,
        reasoning_mandatory: true,
        reasoning: true,
        expires: Some("2027-01-31".into()),
        created: Some(1_790_000_000),
        input_modalities: vec!["text".into(), "image".into()],
    };
    let router = ModelInfo {
        id: "acme/router".into(),
        request_price: Some(0.01),
        ..ModelInfo::default()
    };
    let expected = vec![
        Entry {
            info: quick,
            canonical: Some("acme/quick-2-20260101".into()),
        },
        Entry {
            info: router,
            canonical: None,
        },
    ];
    assert_eq!(parse::models(body.to_string().as_bytes()), Ok(expected));
}

#[test]
fn what_is_no_list_is_an_error_that_says_so() {
    for body in ["<html>", "{}", "[]", "", "{\"data\":null}", "\u{0}"] {
        assert_eq!(
            parse::models(body.as_bytes()).unwrap_err().class,
            FaultClass::NotAnApi,
            "{body}"
        );
        assert_eq!(
            parse::endpoints(body.as_bytes()).unwrap_err().class,
            FaultClass::NotAnApi,
            "{body}"
        );
    }
    assert_eq!(parse::models(b"{\"data\":[]}"), Ok(vec![]));
}

#[test]
fn endpoints_are_read_with_their_discount_and_tested_tool_choices() {
    let body = json!({"data": {"id": "a/b", "endpoints": [
        {"provider_name": "Acme", "tag": "acme/eu", "context_length": 1000, "max_completion_tokens": 100, "status": -2,
            "pricing": {"prompt": "0.5", "completion": "-1", "discount": 0.5}, "quantization": "fp8", "uptime_last_30m": 99.5,
            "supported_parameters": ["tools"], "supports_tool_choice": {"auto": true, "function": false}},
        {}
    ]}});
    let endpoints = parse::endpoints(body.to_string().as_bytes()).unwrap();
    let expected = super::EndpointInfo {
        provider: "Acme".into(),
        tag: "acme/eu".into(),
        context_length: Some(1000),
        max_completion_tokens: Some(100),
        supported_parameters: Some(vec!["tools".into()]),
        prompt_price: Some(0.25),
        completion_price: None,
        quantization: "fp8".into(),
        status: Some(-2),
        uptime: Some(99.5),
        tool_choice: Some(ToolChoices {
            auto: true,
            ..ToolChoices::default()
        }),
    };
    assert_eq!(endpoints, [expected, super::EndpointInfo::default()]);
}

#[test]
fn a_model_is_found_by_any_of_its_names() {
    let entries = [
        entry("acme/quick-2", "acme/quick-2-20260101"),
        entry("acme/quick-2:free", ""),
        entry("~acme/quick-latest", "acme/quick-3"),
    ];
    let table = [
        ("acme/quick-2", Some(0)),
        ("acme/quick-2-20260101", Some(0)),
        ("acme/quick-2:nitro", Some(0)),
        ("acme/quick-2-20260101:floor", Some(0)),
        ("acme/quick-2:free", Some(1)),
        ("acme/quick-2@preset/mine", Some(0)),
        ("~acme/quick-latest", Some(2)),
        ("acme/quick-latest", Some(2)),
        ("acme/quick-3", Some(2)),
        ("acme/quick-9", None),
        ("acme/quick-2-latest", None),
    ];
    for (name, at) in table {
        let expected = at.map(|at: usize| ModelInfo {
            id: name.into(),
            ..entries[at].info.clone()
        });
        assert_eq!(find::known(&entries, name).model(), expected.as_ref(), "{name}");
    }
    assert_eq!(find::known(&entries, "@preset/mine"), Known::Nothing);
}

#[test]
fn a_missing_model_comes_with_ids_that_look_alike() {
    let entries: Vec<Entry> = [
        "acme/quick-2",
        "acme/quick-3",
        "other/quick-2",
        "zeta/unlike",
        "acme/slow",
        "b/quick-4",
        "c/quick-5",
        "d/quick-6",
    ]
    .map(|id| entry(id, ""))
    .into();
    let Known::Missing { near } = find::known(&entries, "acme/quik-2") else {
        panic!("it is missing")
    };
    assert_eq!(near.len(), 5);
    assert_eq!(near[0], "acme/quick-2");
    assert!(!near.contains(&"zeta/unlike".to_owned()));
    let Known::Missing { near } = find::known(&entries, "Quick-2") else {
        panic!("it is missing")
    };
    assert_eq!(near[..2], ["acme/quick-2", "other/quick-2"]);
    assert_eq!(
        find::known(&entries, "nothing-like-it"),
        Known::Missing { near: vec![] }
    );
}

#[test]
fn the_file_is_private_replaced_whole_and_read_only_for_its_own_server() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("deep").join("cache");
    let cache = Cache::new(&dir, "https://host/api/v1");
    assert_eq!(cache.read(), None);
    let mut listing = Listing {
        base_url: "https://host/api/v1".into(),
        fetched: 1,
        entries: vec![entry("a/b", "c")],
    };
    cache.write(&listing).unwrap();
    listing.fetched = 2;
    cache.write(&listing).unwrap();
    assert_eq!(cache.read(), Some(listing));
    assert_eq!(
        Cache::new(&dir, "https://host/api-v1").read(),
        None,
        "same file name, another server"
    );
    let files: Vec<_> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "no temporary file is left: {files:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    std::fs::write(&files[0], "{\"base").unwrap();
    assert_eq!(cache.read(), None, "a broken file is as good as none");
}
