//! An attempt's answer as it arrives: the text of each channel, and a tree with field states for those that may hold the JSON.
//!
//! Owns the live reading. The verdict at the end comes from `extract` as an event; this is what is shown until then.

use crate::event::CallRef;
use crate::json::reader::{self, Limits, Reader, Tolerance};
use crate::record::Piece;
use crate::record::fields::{self, Fields};
use crate::schema::Schema;
use crate::task::Mode;
use crate::verdict::{Change, Channel};
use serde_json::Value;

/// One channel of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamRecord {
    /// Which channel.
    pub channel: Channel,
    /// Which call, for the channel `call`.
    pub call: Option<CallRef>,
    /// The text as it came.
    pub text: String,
    /// Its reading, for content and calls.
    pub reading: Option<LiveReading>,
}

/// A channel's tree and the states of its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveReading {
    /// The incremental reader, which holds the tree.
    pub reader: Reader,
    /// The states of its nodes.
    pub fields: Fields,
}

/// An attempt's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerRecord {
    mode: Mode,
    /// The name of the function that is to be called.
    function: Option<String>,
    changes: Vec<Change>,
    /// The channels in order of arrival.
    pub streams: Vec<StreamRecord>,
}

/// A moment of an answer.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    streams: Vec<StreamMark>,
}

/// A moment of one channel.
#[derive(Clone, Debug)]
struct StreamMark {
    call: Option<CallRef>,
    text: usize,
    reading: Option<(reader::Mark, fields::Mark)>,
}

impl Mark {
    /// About how many bytes it takes up.
    pub fn weight(&self) -> usize {
        let of = |stream: &StreamMark| {
            let call = stream.call.as_ref().map_or(0, |call| call.id.len() + call.name.len());
            let reading = stream.reading.as_ref().map_or(0, |(reader, _)| reader.weight());
            size_of::<StreamMark>() + call + reading
        };
        self.streams.iter().map(of).sum()
    }
}

impl StreamRecord {
    fn mark(&self, before: Option<&StreamMark>) -> StreamMark {
        let before = before.and_then(|before| before.reading.as_ref());
        let reading = self.reading.as_ref();
        StreamMark {
            call: self.call.clone(),
            text: self.text.len(),
            reading: reading.map(|one| (one.reader.mark(before.map(|(reader, _)| reader)), one.fields.mark())),
        }
    }

    fn take(&mut self, whole: &Self, mark: &StreamMark) {
        self.call.clone_from(&mark.call);
        if let Some(missing) = whole.text.get(self.text.len()..mark.text) {
            self.text.push_str(missing);
        }
        self.text.truncate(mark.text);
        if let (Some(own), Some(whole), Some((reader, fields))) = (&mut self.reading, &whole.reading, &mark.reading) {
            let open = own.reader.open_nodes();
            own.reader.take(&whole.reader, reader);
            own.fields.take(&whole.fields, fields, &own.reader, &open);
        }
    }
}

impl AnswerRecord {
    pub(super) fn new(mode: Mode, changes: &[Change], schema: Option<&Schema>) -> Self {
        Self {
            mode,
            function: schema.map(|schema| schema.name().to_owned()),
            changes: changes.to_vec(),
            streams: Vec::new(),
        }
    }

    /// Adds a piece. Returns how many scalar fields closed with it, and how many nodes that break the schema.
    pub(super) fn push(&mut self, piece: &Piece<'_>, schema: Option<&Schema>) -> (usize, usize) {
        let at = self.stream(piece);
        let stream = &mut self.streams[at];
        stream.text.push_str(piece.text);
        let Some(reading) = &mut stream.reading else {
            return (0, 0);
        };
        let (closed, invalid) = reading.fields.settled();
        reading.reader.push_str(piece.text);
        reading.fields.extend(&mut reading.reader, schema);
        let (closed_now, invalid_now) = reading.fields.settled();
        (closed_now - closed, invalid_now - invalid)
    }

    /// How many scalar fields have closed in all channels, and how many nodes break the schema.
    pub(crate) fn settled(&self) -> (usize, usize) {
        let readings = self.streams.iter().filter_map(|stream| stream.reading.as_ref());
        readings.fold((0, 0), |(closed, invalid), reading| {
            let (more, worse) = reading.fields.settled();
            (closed + more, invalid + worse)
        })
    }

    pub(super) fn finish(&mut self, schema: Option<&Schema>) {
        for reading in self.streams.iter_mut().filter_map(|stream| stream.reading.as_mut()) {
            reading.reader.finish();
            reading.fields.extend(&mut reading.reader, schema);
        }
    }

    /// The index of the stream a piece belongs to, made if it is new.
    fn stream(&mut self, piece: &Piece<'_>) -> usize {
        let index = piece.call.map(|call| call.index);
        let known = self.streams.iter().rposition(|stream| {
            stream.channel == piece.channel && stream.call.as_ref().map(|call| call.index) == index
        });
        if let Some(at) = known {
            if let (Some(old), Some(new)) = (&mut self.streams[at].call, piece.call) {
                if old.name.is_empty() {
                    old.name.clone_from(&new.name);
                }
                if old.id.is_empty() {
                    old.id.clone_from(&new.id);
                }
            }
            return at;
        }
        self.begin(piece.channel, piece.call);
        self.streams.len() - 1
    }

    fn begin(&mut self, channel: Channel, call: Option<&CallRef>) {
        let reading = matches!(channel, Channel::Content | Channel::Call).then(|| LiveReading {
            reader: Reader::new(Tolerance::Lenient, Limits::default()),
            fields: Fields::new(&self.changes),
        });
        self.streams.push(StreamRecord {
            channel,
            call: call.cloned(),
            text: String::new(),
            reading,
        });
    }

    /// The same before anything of it had come.
    pub(super) fn emptied(&self) -> Self {
        Self {
            mode: self.mode,
            function: self.function.clone(),
            changes: self.changes.clone(),
            streams: Vec::new(),
        }
    }

    /// The moment that it is at. `before` is an earlier one, with which it shares what is the same.
    pub(super) fn mark(&self, before: Option<&Mark>) -> Mark {
        let mark = |(index, stream): (usize, &StreamRecord)| {
            let before = before.and_then(|before| before.streams.get(index));
            stream.mark(before)
        };
        Mark {
            streams: self.streams.iter().enumerate().map(mark).collect(),
        }
    }

    /// Goes to a moment, taking what is missing from `whole`: the same answer, of which at least as much has come.
    pub(super) fn take(&mut self, whole: &Self, mark: &Mark) {
        self.streams.truncate(mark.streams.len());
        for (index, (whole, mark)) in whole.streams.iter().zip(&mark.streams).enumerate() {
            if index == self.streams.len() {
                self.begin(whole.channel, None);
            }
            self.streams[index].take(whole, mark);
        }
    }

    /// The channel that most likely holds the JSON, chosen as `extract::read` chooses: in `tools` the call of our function, else an
    /// only call, else the content; in the other modes the content first. Failing these, whatever has a tree.
    pub fn primary(&self) -> Option<&StreamRecord> {
        let has_tree = |stream: &&StreamRecord| {
            stream
                .reading
                .as_ref()
                .is_some_and(|reading| !reading.reader.tree().is_empty())
        };
        let content = self
            .streams
            .iter()
            .find(|stream| stream.channel == Channel::Content)
            .filter(has_tree);
        let call = self.call().filter(has_tree);
        let likeliest = if self.mode.answers_in_call() {
            call.or(content)
        } else {
            content.or(call)
        };
        likeliest
            .or_else(|| self.streams.iter().find(has_tree))
            .or_else(|| self.streams.first())
    }

    /// The call of our function, else an only call.
    fn call(&self) -> Option<&StreamRecord> {
        let mut calls = self.streams.iter().filter(|stream| stream.channel == Channel::Call);
        let is_ours = |stream: &&StreamRecord| {
            let called = stream.call.as_ref().map(|call| &call.name);
            called.is_some() && called == self.function.as_ref()
        };
        let ours = calls.clone().find(is_ours);
        ours.or_else(|| calls.next().filter(|_| calls.next().is_none()))
    }

    /// The text of a channel, or of a channel's first call.
    pub fn text(&self, channel: Channel) -> &str {
        self.streams
            .iter()
            .find(|stream| stream.channel == channel)
            .map_or("", |stream| stream.text.as_str())
    }

    /// The partial value as far as it may be shown; `None` before anything of it has come.
    pub fn value(&self, schema: &Schema) -> Option<Value> {
        let reading = self.primary()?.reading.as_ref()?;
        reading.fields.value(&reading.reader, schema)
    }

    /// Fields closed and fields known so far; `None` before any reading, or without a schema. Costs the same however large schema and answer are.
    pub fn progress(&self) -> Option<(usize, usize)> {
        let reading = self.primary()?.reading.as_ref()?;
        reading.fields.progress()
    }
}
