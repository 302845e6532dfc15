//! The families of models that read schemas alike, and what each needs done to a schema.
//!
//! Owns the names and the choice of rewrites (OpenRouter reference §5); the rewrites are `adapt`'s, the rules `lint`'s.

use super::Schema;
use super::adapt::Rewrite;
use crate::task::Mode;
use std::fmt;
use std::str::FromStr;

/// A family of models, by who trains or serves them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// OpenAI's own models, and Azure's copies of them.
    OpenAi,
    /// Claude.
    Anthropic,
    /// Gemini and Gemma.
    Google,
    /// Grok.
    XAi,
    /// Models served by Groq.
    Groq,
    /// Mistral's models.
    Mistral,
    /// `DeepSeek`'s models.
    DeepSeek,
    /// Z.ai's GLM models.
    Zai,
    /// Qwen models.
    Qwen,
    /// Llama models.
    Meta,
    /// Perplexity's models.
    Perplexity,
    /// OpenAI's open-weight gpt-oss models.
    GptOss,
    /// Whatever a llama.cpp server runs.
    LlamaCpp,
    /// Anything else.
    Generic,
}

/// Authors in model ids (`author/slug`), and the first letters of ids without an author.
const AUTHORS: [(&str, Family); 24] = [
    ("openai", Family::OpenAi),
    ("azure", Family::OpenAi),
    ("anthropic", Family::Anthropic),
    ("google", Family::Google),
    ("x-ai", Family::XAi),
    ("xai", Family::XAi),
    ("groq", Family::Groq),
    ("mistralai", Family::Mistral),
    ("mistral", Family::Mistral),
    ("deepseek", Family::DeepSeek),
    ("deepseek-ai", Family::DeepSeek),
    ("z-ai", Family::Zai),
    ("zai", Family::Zai),
    ("zai-org", Family::Zai),
    ("thudm", Family::Zai),
    ("qwen", Family::Qwen),
    ("alibaba", Family::Qwen),
    ("meta-llama", Family::Meta),
    ("meta", Family::Meta),
    ("perplexity", Family::Perplexity),
    ("ggml-org", Family::LlamaCpp),
    ("llamacpp", Family::LlamaCpp),
    ("llama.cpp", Family::LlamaCpp),
    ("llama-cpp", Family::LlamaCpp),
];

/// How ids begin that name no author.
const SLUGS: [(&str, Family); 22] = [
    ("gpt-oss", Family::GptOss),
    ("gpt-", Family::OpenAi),
    ("chatgpt", Family::OpenAi),
    ("o1", Family::OpenAi),
    ("o3", Family::OpenAi),
    ("o4", Family::OpenAi),
    ("claude", Family::Anthropic),
    ("gemini", Family::Google),
    ("gemma", Family::Google),
    ("grok", Family::XAi),
    ("mistral", Family::Mistral),
    ("ministral", Family::Mistral),
    ("magistral", Family::Mistral),
    ("codestral", Family::Mistral),
    ("deepseek", Family::DeepSeek),
    ("glm", Family::Zai),
    ("qwen", Family::Qwen),
    ("qwq", Family::Qwen),
    ("llama", Family::Meta),
    ("meta-llama", Family::Meta),
    ("sonar", Family::Perplexity),
    ("mixtral", Family::Mistral),
];

impl Family {
    /// Every family.
    pub const ALL: [Self; 14] = [
        Self::OpenAi,
        Self::Anthropic,
        Self::Google,
        Self::XAi,
        Self::Groq,
        Self::Mistral,
        Self::DeepSeek,
        Self::Zai,
        Self::Qwen,
        Self::Meta,
        Self::Perplexity,
        Self::GptOss,
        Self::LlamaCpp,
        Self::Generic,
    ];

    /// The family's word, as typed after `--for`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Google => "google",
            Self::XAi => "xai",
            Self::Groq => "groq",
            Self::Mistral => "mistral",
            Self::DeepSeek => "deepseek",
            Self::Zai => "zai",
            Self::Qwen => "qwen",
            Self::Meta => "meta",
            Self::Perplexity => "perplexity",
            Self::GptOss => "gpt-oss",
            Self::LlamaCpp => "llamacpp",
            Self::Generic => "generic",
        }
    }

    /// The family of a model id: `author/slug`, `~author/alias`, a bare slug, with or without `:variant` and `@preset`.
    pub fn of(model_id: &str) -> Self {
        let id = model_id.trim().trim_start_matches('~').to_lowercase();
        let id = id.split([':', '@']).next().unwrap_or_default();
        let (author, slug) = id
            .split_once('/')
            .map_or((None, id), |(author, slug)| (Some(author), slug));
        let slug = slug.rsplit('/').next().unwrap_or(slug);
        if slug.starts_with("gpt-oss") {
            return Self::GptOss;
        }
        let known = author.and_then(|author| AUTHORS.iter().find(|(name, _)| *name == author));
        let by_slug = || {
            SLUGS
                .iter()
                .find(|(start, _)| slug.starts_with(start))
                .map(|(_, family)| *family)
        };
        match (author, known) {
            (_, Some((_, family))) => *family,
            // A fine-tune or a quantised copy under another author is served by who knows what.
            (Some(_), None) => Self::Generic,
            (None, None) => by_slug().unwrap_or(Self::Generic),
        }
    }

    /// What has to be done to a schema before it goes to this family in a mode (OpenRouter reference §5.8).
    pub fn rewrite(self, mode: Mode) -> Rewrite {
        let inline = matches!(self, Self::Google | Self::GptOss | Self::Zai);
        match mode {
            Mode::Structured => Rewrite {
                strict: true,
                reduced: matches!(self, Self::Anthropic | Self::Google),
                inline,
                wrap: true,
            },
            Mode::Tools => Rewrite {
                strict: false,
                reduced: false,
                inline,
                wrap: true,
            },
            Mode::Json => Rewrite {
                strict: false,
                reduced: false,
                inline: false,
                wrap: true,
            },
            Mode::Prompt => Rewrite::default(),
        }
    }
}

impl Family {
    /// What is done to `schema` before it goes to this family in a mode: [`Family::rewrite`], except that an object with free keys
    /// cannot be closed, so that such a schema is sent without `strict`.
    pub fn rewrite_of(self, schema: &Schema, mode: Mode) -> Rewrite {
        let rewrite = self.rewrite(mode);
        Rewrite {
            strict: rewrite.strict && !schema.has_open_maps(),
            ..rewrite
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Family {
    type Err = String;

    /// Reads a family's word, or a model id's author.
    ///
    /// # Errors
    /// A sentence that lists the words.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_lowercase();
        let by_word = Self::ALL.into_iter().find(|family| family.as_str() == lower);
        by_word
            .or_else(|| {
                AUTHORS
                    .iter()
                    .find(|(name, _)| *name == lower)
                    .map(|(_, family)| *family)
            })
            .ok_or_else(|| {
                let words: Vec<_> = Self::ALL.iter().map(|family| family.as_str()).collect();
                format!("unknown family `{text}`: use {}", words.join(", "))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_the_family() {
        for (id, expected) in [
            ("openai/gpt-4o-2024-11-20", Family::OpenAi),
            ("openai/gpt-oss-120b:free", Family::GptOss),
            ("gpt-oss:20b", Family::GptOss),
            ("gpt-4o", Family::OpenAi),
            ("o4-mini", Family::OpenAi),
            ("anthropic/claude-3.7-sonnet:thinking", Family::Anthropic),
            ("~anthropic/claude-sonnet-latest", Family::Anthropic),
            ("claude-haiku-4.5", Family::Anthropic),
            ("google/gemini-2.0-flash-001", Family::Google),
            ("models/gemini-pro", Family::Generic),
            ("gemini-3.8-flash", Family::Google),
            ("x-ai/grok-4", Family::XAi),
            ("mistralai/ministral-8b", Family::Mistral),
            ("deepseek/deepseek-v4:free", Family::DeepSeek),
            ("z-ai/glm-5.3", Family::Zai),
            ("qwen/qwen3-32b", Family::Qwen),
            ("meta-llama/llama-4-scout", Family::Meta),
            ("perplexity/sonar", Family::Perplexity),
            ("anthropic/claude-sonnet-5@preset/mine", Family::Anthropic),
            ("somebody/qwen-tuned", Family::Generic),
            ("", Family::Generic),
            ("/", Family::Generic),
        ] {
            assert_eq!(Family::of(id), expected, "{id}");
        }
    }

    #[test]
    fn words_are_read_back() {
        for family in Family::ALL {
            assert_eq!(family.to_string().parse(), Ok(family));
        }
        assert_eq!("x-ai".parse(), Ok(Family::XAi));
        assert!("nobody".parse::<Family>().unwrap_err().contains("anthropic"));
    }

    #[test]
    fn rewrites_follow_family_and_mode() {
        for (family, mode, expected) in [
            (Family::OpenAi, Mode::Structured, [true, false, false, true]),
            (Family::Anthropic, Mode::Structured, [true, true, false, true]),
            (Family::Google, Mode::Structured, [true, true, true, true]),
            (Family::Zai, Mode::Structured, [true, false, true, true]),
            (Family::GptOss, Mode::Tools, [false, false, true, true]),
            (Family::OpenAi, Mode::Tools, [false, false, false, true]),
            (Family::Google, Mode::Json, [false, false, false, true]),
            (Family::Google, Mode::Prompt, [false, false, false, false]),
        ] {
            let Rewrite {
                strict,
                reduced,
                inline,
                wrap,
            } = family.rewrite(mode);
            assert_eq!([strict, reduced, inline, wrap], expected, "{family} {mode}");
        }
    }
}
