//! Secrets in every place of an answer, whole and in pieces.

use super::{Secrets, Sieve};
use crate::event::{CallRef, Closing, Delta, Fault};
use crate::provider::Signal;
use crate::verdict::Channel;
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

const KEY: &str = "sk-or-v1-0123456789abcdef";

fn sieve(key: &str) -> Sieve {
    Sieve::new(Arc::new(Secrets::new(Some(key), std::iter::empty())))
}

fn delta(channel: Channel, call: Option<u32>, text: &str) -> Signal {
    Signal::Delta(Delta {
        channel,
        call: call.map(|index| CallRef {
            index,
            ..CallRef::default()
        }),
        text: text.to_owned(),
    })
}

fn text_of(signals: &[Signal], wanted: Channel, index: Option<u32>) -> String {
    let texts = signals.iter().filter_map(|signal| match signal {
        Signal::Delta(delta) if delta.channel == wanted && delta.call.as_ref().map(|call| call.index) == index => {
            Some(delta.text.as_str())
        }
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_key_is_found_where_the_stream_cuts_it() {
    let (first, second) = KEY.split_at(9);
    let mut sieve = sieve(KEY);
    let mut out = sieve.pass(vec![
        delta(Channel::Content, None, &format!("a {first}")),
        delta(Channel::Reasoning, None, "s"),
        delta(Channel::Call, Some(0), &format!("x{first}")),
        delta(Channel::Call, Some(1), &format!("y{first}")),
        delta(Channel::Content, None, &format!("{second} b {first}")),
        delta(Channel::Call, Some(0), &second[..3]),
        delta(Channel::Call, Some(0), &second[3..]),
        delta(Channel::Call, Some(1), "z"),
    ]);
    out.extend(sieve.pass(vec![Signal::Closed(Closing::default())]));
    assert!(matches!(out.last(), Some(Signal::Closed(_))));
    assert_eq!(text_of(&out, Channel::Content, None), format!("a [secret] b {first}"));
    assert_eq!(text_of(&out, Channel::Reasoning, None), "s");
    assert_eq!(text_of(&out, Channel::Call, Some(0)), "x[secret]");
    assert_eq!(text_of(&out, Channel::Call, Some(1)), format!("y{first}z"));
}

#[test]
fn names_finish_and_reasoning_are_no_way_round() {
    let out = sieve(KEY).pass(vec![
        Signal::Routed {
            provider: Some(KEY.into()),
            model: Some(format!("acme/{KEY}")),
            id: None,
        },
        Signal::Closed(Closing {
            finish: Some(KEY.into()),
            reasoning: Some(json!([{"text": KEY}, {KEY: 1}])),
            error: Some(Fault {
                message: format!("no {KEY}"),
                ..Fault::default()
            }),
            ..Closing::default()
        }),
    ]);
    let shown = format!("{out:?}");
    assert!(!shown.contains(KEY), "{shown}");
    assert_eq!(shown.matches("[secret]").count(), 6, "{shown}");
}

#[test]
fn what_is_written_for_want_of_a_key_is_no_secret_of_answers() {
    for key in ["ollama", "none", "sk-no-key-required"] {
        let signals = vec![delta(Channel::Content, None, &format!("I like {key}."))];
        assert_eq!(sieve(key).pass(signals.clone()), signals);
    }
    let secrets = Secrets::new(
        None,
        [("application/json; charset=utf-8", false), (KEY, true)].into_iter(),
    );
    assert_eq!(secrets.body(format!("[\"{KEY}\"]").into_bytes()), b"[\"[secret]\"]");
    let body = b"application/json; charset=utf-8 \xff".to_vec();
    assert_eq!(secrets.body(body.clone()), body);
}

proptest! {
    /// Wherever it is cut: the key never comes out, and everything else does.
    #[test]
    fn cuts_make_no_difference(text in "(sk|sk-or-v1-|sk-or-v1-0123456789abcdef|-|s|0|é|x){0,12}", sizes in prop::collection::vec(1_usize..6, 1..20)) {
        let chars: Vec<char> = text.chars().collect();
        let mut sieve = sieve(KEY);
        let mut out = Vec::new();
        let (mut rest, mut sizes) = (&chars[..], sizes.iter().cycle());
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
            rest = tail;
            out.extend(sieve.pass(vec![delta(Channel::Content, None, &piece.iter().collect::<String>())]));
        }
        out.extend(sieve.pass(vec![Signal::Closed(Closing::default())]));
        prop_assert_eq!(text_of(&out, Channel::Content, None), text.replace(KEY, "[secret]"));
    }
}
