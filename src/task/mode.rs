//! The modes: the ways in which a model can be asked for JSON (design §3), and the choice among them.
//!
//! Owns what is true of a mode wherever it is asked: its name, its fields of a request, where its schema and its answer stand, and what
//! it needs of a model. The order in which modes are tried is `extract::plan`'s, their requests are `extract::body`'s.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How a model is asked for JSON (design §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One function named after the schema, with a forced `tool_choice`; the answer is the call's arguments.
    Tools,
    /// `response_format: json_schema`, strict; the answer is the content.
    Structured,
    /// `response_format: json_object` with the schema in the system message.
    Json,
    /// No `response_format`: the schema in the system message and fenced JSON asked for.
    Prompt,
}

impl Mode {
    /// Every mode, strongest constraint of the wire first as `auto` would like them without a catalogue.
    pub const ALL: [Self; 4] = [Self::Structured, Self::Tools, Self::Json, Self::Prompt];

    /// The mode's name as typed in flags and stored in sessions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Structured => "structured",
            Self::Json => "json",
            Self::Prompt => "prompt",
        }
    }

    /// The letter that stands for it where room is short.
    pub const fn letter(self) -> char {
        match self {
            Self::Tools => 'T',
            Self::Structured => 'S',
            Self::Json => 'J',
            Self::Prompt => 'P',
        }
    }

    /// The members of a request's body that make it this mode.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Tools => &["tools", "tool_choice"],
            Self::Structured | Self::Json => &["response_format"],
            Self::Prompt => &[],
        }
    }

    /// Where in the body the schema stands for the server to read, as a JSON pointer; `None` if it stands in words only.
    pub const fn schema_place(self) -> Option<&'static str> {
        match self {
            Self::Tools => Some("/tools/0/function/parameters"),
            Self::Structured => Some("/response_format/json_schema/schema"),
            Self::Json | Self::Prompt => None,
        }
    }

    /// Whether the answer is the arguments of a call; else it is the content.
    pub const fn answers_in_call(self) -> bool {
        match self {
            Self::Tools => true,
            Self::Structured | Self::Json | Self::Prompt => false,
        }
    }

    /// The catalogue's word for what it needs of a model (`openrouter.md` §4.3); `None` if every model will do.
    pub const fn capability(self) -> Option<&'static str> {
        match self {
            Self::Tools => Some("tools"),
            Self::Structured => Some("structured_outputs"),
            Self::Json => Some("response_format"),
            Self::Prompt => None,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What the user asked for: a mode to start at, or `auto`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ModeChoice {
    /// formwork picks from what the model is known to support.
    #[default]
    Auto,
    /// Start at this mode.
    Only(Mode),
}

impl ModeChoice {
    /// Every choice: `auto`, then the modes in its order.
    pub const ALL: [Self; Mode::ALL.len() + 1] = {
        let mut all = [Self::Auto; Mode::ALL.len() + 1];
        let mut at = 0;
        while at < Mode::ALL.len() {
            all[at + 1] = Self::Only(Mode::ALL[at]);
            at += 1;
        }
        all
    };

    /// The choice's name as typed in flags and stored in sessions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Only(mode) => mode.as_str(),
        }
    }
}

impl fmt::Display for ModeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ModeChoice {
    type Err = String;

    /// Reads `auto` or the name of a mode.
    ///
    /// # Errors
    /// A sentence that lists the accepted words.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|choice| choice.as_str() == text);
        known.ok_or_else(|| {
            let [words @ .., last] = Self::ALL.map(Self::as_str);
            format!("unknown mode `{text}`: use {} or {last}", words.join(", "))
        })
    }
}

impl From<ModeChoice> for String {
    fn from(choice: ModeChoice) -> Self {
        choice.to_string()
    }
}

impl TryFrom<String> for ModeChoice {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, ModeChoice};
    use serde::Deserialize as _;
    use serde::de::value::{Error, StrDeserializer};
    use serde::de::{Deserializer, IntoDeserializer as _, Visitor};
    use std::collections::BTreeSet;

    /// Notes the names that a derived enum hands over, which are those of all its variants.
    struct Names<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Names<'_> {
        type Error = Error;

        fn deserialize_enum<V: Visitor<'de>>(
            self,
            _: &'static str,
            variants: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            *self.0 = variants;
            let none: StrDeserializer<'_, Error> = "".into_deserializer();
            visitor.visit_enum(none)
        }

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_unit()
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map struct identifier ignored_any
        }
    }

    #[test]
    fn no_mode_is_left_out() {
        let mut names: &[&str] = &[];
        assert!(Mode::deserialize(Names(&mut names)).is_err());
        let listed = BTreeSet::from(Mode::ALL.map(Mode::as_str));
        assert_eq!(listed, names.iter().copied().collect());
        assert_eq!(listed.len(), Mode::ALL.len());
    }

    #[test]
    fn every_choice_is_read_back() {
        for choice in ModeChoice::ALL {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
        assert_eq!(
            "tool".parse::<ModeChoice>().unwrap_err(),
            "unknown mode `tool`: use auto, structured, tools, json or prompt"
        );
    }

    #[test]
    fn a_letter_stands_for_one_mode() {
        let letters = BTreeSet::from(Mode::ALL.map(Mode::letter));
        assert_eq!(letters.len(), Mode::ALL.len());
    }

    #[test]
    fn a_schema_stands_in_one_of_the_mode_s_fields() {
        for mode in Mode::ALL {
            let field = mode.schema_place().and_then(|place| place.split('/').nth(1));
            assert!(field.is_none_or(|field| mode.fields().contains(&field)), "{mode}");
        }
    }
}
