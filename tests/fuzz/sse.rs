//! The decoder of server-sent events, against a second one that has the whole stream before it.

use crate::drive::{Target, shape};
use fastrand::Rng;
use formwork::provider::sse::{Decoder, Frame};

pub const TARGET: Target = Target {
    name: "sse",
    seeds: &[
        ": OPENROUTER PROCESSING\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"{\"}}]}\n\ndata: [DONE]\n\n",
        "event: error\r\nid: 7\r\ndata: one\r\ndata: two\r\n\r\ndata\n\n",
        "\u{feff}data: a\rdata:b\r\rid\nretry: 10\ndata: c",
        "data: héllo 😀\n\nid: a\0b\nevent: x\ndata:  two\n\n\n\n",
    ],
    tokens: &[
        "data: ",
        "data:",
        "data",
        "event: ",
        "id: ",
        "retry: 1",
        ": c",
        "\n\n",
        "\r\r",
        "\r\n\r\n",
        "[DONE]",
        "{\"a\":1}",
    ],
    check,
};

fn check(input: &[u8], rng: &mut Rng) -> u64 {
    let expected = by_the_book(input);
    let longest = 1 << rng.u32(..10);
    let mut pieces = Vec::new();
    let mut rest = input;
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(rng.usize(1..=longest).min(rest.len()));
        pieces.push(piece);
        rest = tail;
    }
    for pieces in [vec![input], pieces] {
        let (mut decoder, mut frames) = (Decoder::new(), Vec::new());
        for piece in pieces {
            decoder.push(piece, &mut frames).unwrap();
        }
        frames.extend(decoder.finish());
        assert_eq!(frames, expected);
    }
    let kinds: Vec<(bool, bool, bool)> = expected
        .iter()
        .take(12)
        .map(|frame| match frame {
            Frame::Event { event, data, id } => (event.is_empty(), data.is_empty(), id.is_empty()),
            Frame::Comment => (true, true, true),
        })
        .collect();
    shape((kinds, expected.len().min(40), input.ends_with(b"\n")))
}

/// WHATWG HTML §9.2.6, and at the end the event that no blank line completed.
fn by_the_book(input: &[u8]) -> Vec<Frame> {
    let text = String::from_utf8_lossy(input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input))
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut lines: Vec<&str> = text.split('\n').collect();
    let torn = lines.pop().unwrap();
    let (mut frames, mut event, mut data, mut id) = (Vec::new(), String::new(), Vec::<&str>::new(), String::new());
    let dispatch = |event: &mut String, data: &mut Vec<&str>, id: &str| {
        let event = std::mem::take(event);
        let data = std::mem::take(data);
        (!data.is_empty()).then(|| Frame::Event {
            event,
            data: data.join("\n"),
            id: id.to_owned(),
        })
    };
    for line in lines.iter().copied().chain((!torn.is_empty()).then_some(torn)) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" if line.is_empty() => frames.extend(dispatch(&mut event, &mut data, &id)),
            "" if line.len() == torn.len() && std::ptr::eq(line, torn) => {}
            "" => frames.push(Frame::Comment),
            "data" => data.push(value),
            "event" => value.clone_into(&mut event),
            "id" if !value.contains('\0') => value.clone_into(&mut id),
            _ => {}
        }
    }
    frames.extend(dispatch(&mut event, &mut data, &id));
    frames
}
