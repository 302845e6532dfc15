//! Tables and properties of the decoder.

use super::{Decoder, EVENT_CAP, EventTooLarge, Frame};
use proptest::prelude::*;

fn event(data: &str) -> Frame {
    Frame::Event {
        event: String::new(),
        data: data.into(),
        id: String::new(),
    }
}

fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Frame>, Option<Frame>) {
    let mut decoder = Decoder::new();
    let mut out = Vec::new();
    for piece in pieces {
        decoder.push(piece, &mut out).unwrap();
    }
    (out, decoder.finish())
}

#[test]
fn frames_by_table() {
    let named = |event: &str, data: &str, id: &str| Frame::Event {
        event: event.into(),
        data: data.into(),
        id: id.into(),
    };
    let table: &[(&[u8], Vec<Frame>)] = &[
        (b"data: a\n\n", vec![event("a")]),
        (
            b"data:a\r\n\r\ndata:  b\r\rdata\n\n",
            vec![event("a"), event(" b"), event("")],
        ),
        (b"data: one\ndata: two\n\n", vec![event("one\ntwo")]),
        (b"\xEF\xBB\xBFdata: a\n\n\xEF\xBB\xBFdata: b\n\n", vec![event("a")]),
        (b": hello\n\n:\n", vec![Frame::Comment, Frame::Comment]),
        (b"event: ping\n\ndata: x\n\n", vec![event("x")]),
        (
            b"event: done\nid: 7\ndata: x\n\ndata: y\n\n",
            vec![named("done", "x", "7"), named("", "y", "7")],
        ),
        (b"id: 7\nid: a\0b\ndata: x\n\n", vec![named("", "x", "7")]),
        (b"retry: 10\nfoo: bar\ndata: x\n\n", vec![event("x")]),
        (b"data: a\xFFb\xE2\x82\n\n", vec![event("a\u{FFFD}b\u{FFFD}")]),
        ("data: €\u{2028}\n\n".as_bytes(), vec![event("€\u{2028}")]),
        (b"{\"error\":1}\n\n", vec![]),
    ];
    for (input, expected) in table {
        assert_eq!(decode([*input]).0, *expected, "{}", String::from_utf8_lossy(input));
        assert_eq!(
            decode(input.chunks(1)).0,
            *expected,
            "bytewise {}",
            String::from_utf8_lossy(input)
        );
    }
}

#[test]
fn what_no_blank_line_completed_is_given_at_the_end_only() {
    for input in ["data: a\n\ndata: b", "data: a\n\ndata: b\n", "data: a\n\ndata: b\r"] {
        assert_eq!(
            decode([input.as_bytes()]),
            (vec![event("a")], Some(event("b"))),
            "{input:?}"
        );
    }
    assert_eq!(decode([b"data: a\n\n: bye".as_slice()]), (vec![event("a")], None));
}

#[test]
fn a_lone_cr_completes_a_line_at_once() {
    let mut decoder = Decoder::new();
    let mut out = Vec::new();
    decoder.push(b"data: a\r\r", &mut out).unwrap();
    assert_eq!(out, [event("a")]);
    decoder.push(b"\ndata: b\r\n\r", &mut out).unwrap();
    assert_eq!(out, [event("a"), event("b")]);
}

#[test]
fn an_event_beyond_the_cap_is_an_error() {
    let mut out = Vec::new();
    let mut one_line = Decoder::new();
    let block = vec![b'x'; EVENT_CAP / 2];
    one_line.push(b"data: ", &mut out).unwrap();
    one_line.push(&block, &mut out).unwrap();
    assert_eq!(one_line.push(&block, &mut out), Err(EventTooLarge));
    let mut many_lines = Decoder::new();
    many_lines.push(b"data: ", &mut out).unwrap();
    many_lines.push(&block, &mut out).unwrap();
    many_lines.push(b"\ndata: ", &mut out).unwrap();
    assert_eq!(many_lines.push(&block, &mut out), Err(EventTooLarge));
    assert!(out.is_empty());
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same_frames(
        bytes in proptest::collection::vec(prop_oneof![
            Just(b'\n'), Just(b'\r'), Just(b':'), Just(b' '), Just(b'd'), Just(0xEF), Just(0xBB), any::<u8>(),
            Just(b'a'), Just(b't'),
        ], 0..200),
        cuts in proptest::collection::vec(0_usize..200, 0..8),
    ) {
        let whole = decode([bytes.as_slice()]);
        prop_assert_eq!(&decode(bytes.chunks(1)), &whole);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(&decode(pieces), &whole);
    }
}
