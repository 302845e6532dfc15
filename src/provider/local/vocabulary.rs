//! Text to tokens and back, as the weights' own file says.
//!
//! Owns the byte-level BPE of GPT-2 and its kin, and the tables that the grammar needs. The chat template is `template`'s.

use candle_core::quantized::gguf_file::{Content, Value};
use std::collections::HashMap;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};
use toktrie::{TokRxInfo, TokTrie, TokenId, TokenizerEnv};

/// How Llama 3 cuts a text before its pairs are merged: digits by threes (from the model's published `tokenizer.json`).
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// The kind of an ordinary token in `tokenizer.ggml.token_type` (GGUF specification); all others are marks.
const ORDINARY: i64 = 1;

/// A tokenizer.
pub struct Vocabulary {
    tokenizer: Tokenizer,
    trie: TokTrie,
    start: TokenId,
    end: TokenId,
    /// A second mark that ends an answer, if there is one.
    stop: Option<TokenId>,
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vocabulary")
            .field("tokens", &self.trie.vocab_size())
            .finish_non_exhaustive()
    }
}

impl Vocabulary {
    /// Builds it from the head of a GGUF file.
    ///
    /// # Errors
    /// A sentence, when the tokenizer is of a kind that is not known here, or has no marks for a chat (`ChatML`).
    pub fn from_gguf(content: &Content) -> Result<Self, String> {
        let kind = text(content, "tokenizer.ggml.model").unwrap_or("none");
        if kind != "gpt2" {
            return Err(format!(
                "its tokenizer is `{kind}`; only byte-level BPE (`gpt2`) is known here"
            ));
        }
        let tokens = texts(content, "tokenizer.ggml.tokens")?;
        let merges = texts(content, "tokenizer.ggml.merges")?;
        let cut = cut(text(content, "tokenizer.ggml.pre").unwrap_or("default"))?;
        let kinds = list(content, "tokenizer.ggml.token_type").unwrap_or_default();
        let ordinary = |id: usize| kinds.get(id).and_then(whole).is_none_or(|kind| kind == ORDINARY);
        let find = |mark: &str| {
            let id = tokens.iter().position(|token| *token == mark);
            id.and_then(|id| TokenId::try_from(id).ok())
        };
        let (Some(start), Some(end)) = (find("<|im_start|>"), find("<|im_end|>")) else {
            return Err("it has no <|im_start|> and <|im_end|>: only models that chat in ChatML are known here".into());
        };
        let trie = trie(&tokens, ordinary, end)?;
        Ok(Self {
            tokenizer: tokenizer(&tokens, &merges, cut)?,
            trie,
            start,
            end,
            stop: find("<|endoftext|>"),
        })
    }

    /// The tokens of a text. Marks in it are text like any other: nobody can end a message from within.
    pub fn encode(&self, text: &str) -> Vec<TokenId> {
        // Encoding fails only for want of a post-processor that fits, and there is none.
        self.tokenizer
            .encode_fast(text, false)
            .map(|encoding| encoding.get_ids().to_vec())
            .unwrap_or_default()
    }

    /// The bytes of a token; none for a mark.
    pub fn bytes(&self, token: TokenId) -> &[u8] {
        match self.trie.token(token) {
            // The byte itself is no mark.
            [TokTrie::SPECIAL_TOKEN_MARKER, _, ..] => &[],
            bytes => bytes,
        }
    }

    /// The mark that starts a message.
    pub const fn start(&self) -> TokenId {
        self.start
    }

    /// The mark that ends a message.
    pub const fn end(&self) -> TokenId {
        self.end
    }

    /// Whether a token ends an answer.
    pub fn ends(&self, token: TokenId) -> bool {
        token == self.end || self.stop == Some(token)
    }
}

impl TokenizerEnv for Vocabulary {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<TokenId> {
        self.trie.tokenize_with_greedy_fallback(bytes, |text| self.encode(text))
    }
}

fn text<'a>(content: &'a Content, key: &str) -> Option<&'a str> {
    match content.metadata.get(key)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn list<'a>(content: &'a Content, key: &str) -> Option<&'a [Value]> {
    match content.metadata.get(key)? {
        Value::Array(values) => Some(values),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::I32(number) => Some(i64::from(*number)),
        other => other.to_u64().ok()?.try_into().ok(),
    }
}

fn texts<'a>(content: &'a Content, key: &str) -> Result<Vec<&'a str>, String> {
    let values = list(content, key).unwrap_or_default();
    let texts = values.iter().map(|value| match value {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    });
    texts
        .collect::<Option<Vec<_>>>()
        .filter(|texts| !texts.is_empty())
        .ok_or_else(|| format!("`{key}` is missing"))
}

/// How a text is cut before its pairs are merged, by the name that llama.cpp gave it.
fn cut(name: &str) -> Result<PreTokenizerWrapper, String> {
    let gpt2 = ByteLevel::new(false, true, true);
    let parts = match name {
        "smollm" => vec![Digits::new(true).into(), gpt2.into()],
        "gpt-2" | "default" => vec![gpt2.into()],
        "llama-bpe" | "llama3" | "smaug-bpe" => {
            let pattern = SplitPattern::Regex(LLAMA3.to_owned());
            let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false);
            let split = split.map_err(|error| error.to_string())?;
            vec![split.into(), ByteLevel::new(false, true, false).into()]
        }
        other => {
            return Err(format!(
                "its tokenizer cuts texts like `{other}`; known here are smollm, gpt-2 and llama-bpe"
            ));
        }
    };
    Ok(Sequence::new(parts).into())
}

fn tokenizer(tokens: &[&str], merges: &[&str], cut: PreTokenizerWrapper) -> Result<Tokenizer, String> {
    let vocabulary: Vocab = tokens.iter().copied().map(str::to_owned).zip(0..).collect();
    let pair = |merge: &&str| {
        let (left, right) = merge.split_once(' ')?;
        Some((left.to_owned(), right.to_owned()))
    };
    let merges: Option<Vec<_>> = merges.iter().map(pair).collect();
    let merges = merges.ok_or("`tokenizer.ggml.merges` holds something that is no pair")?;
    let bpe = BPE::builder().vocab_and_merges(vocabulary, merges).build();
    let mut tokenizer = Tokenizer::new(bpe.map_err(|error| format!("its tokenizer is broken: {error}"))?);
    tokenizer.with_pre_tokenizer(Some(cut));
    Ok(tokenizer)
}

/// The tree of all tokens' bytes. A mark's begin with a byte that no text has, so that no text can spell one.
fn trie(tokens: &[&str], ordinary: impl Fn(usize) -> bool, end: TokenId) -> Result<TokTrie, String> {
    let bytes = alphabet();
    let words: Vec<Vec<u8>> = tokens
        .iter()
        .enumerate()
        .map(|(id, token)| {
            let spelled: Option<Vec<u8>> = token.chars().map(|letter| bytes.get(&letter).copied()).collect();
            match spelled.filter(|_| ordinary(id)) {
                Some(spelled) => spelled,
                None => [&[TokTrie::SPECIAL_TOKEN_MARKER], token.as_bytes()].concat(),
            }
        })
        .collect();
    let count = u32::try_from(words.len()).map_err(|_| "its tokenizer has too many tokens")?;
    Ok(TokTrie::from(&TokRxInfo::new(count, end), &words))
}

/// GPT-2's letters for bytes: a printable byte stands for itself, the others are moved up behind the first 256 letters.
fn alphabet() -> HashMap<char, u8> {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let mut moved = 0x100_u32;
    let mut letters = HashMap::new();
    for byte in 0..=u8::MAX {
        let letter = if printable(byte) {
            char::from(byte)
        } else {
            moved += 1;
            char::from_u32(moved - 1).unwrap_or_default()
        };
        letters.insert(letter, byte);
    }
    letters
}

#[cfg(test)]
pub mod tests {
    use super::{Vocabulary, alphabet, cut};
    use candle_core::quantized::gguf_file::{Content, Value, VersionedMagic};
    use proptest::prelude::*;
    use std::collections::HashMap;
    use toktrie::TokenizerEnv;

    /// A vocabulary of single bytes, a few merges, and the marks.
    pub fn small() -> Vocabulary {
        Vocabulary::from_gguf(&content("smollm")).unwrap()
    }

    fn content(pre: &str) -> Content {
        let mut tokens: Vec<String> = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
            .map(str::to_owned)
            .into();
        let mut letters: Vec<(u8, char)> = alphabet().into_iter().map(|(letter, byte)| (byte, letter)).collect();
        letters.sort_unstable();
        tokens.extend(letters.iter().map(|(_, letter)| letter.to_string()));
        let kinds = (0..tokens.len()).map(|id| Value::I32(if id < 3 { 3 } else { 1 }));
        let mut kinds: Vec<Value> = kinds.collect();
        let merges = ["1 2", "h e", "l l", "he ll", "hell o", "Ġ hello"];
        for merge in merges {
            tokens.push(merge.replace(' ', ""));
            kinds.push(Value::I32(1));
        }
        let list = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::String).collect());
        let metadata = HashMap::from([
            ("tokenizer.ggml.model".to_owned(), Value::String("gpt2".into())),
            ("tokenizer.ggml.pre".to_owned(), Value::String(pre.into())),
            ("tokenizer.ggml.tokens".to_owned(), list(tokens)),
            (
                "tokenizer.ggml.merges".to_owned(),
                list(merges.map(str::to_owned).into()),
            ),
            ("tokenizer.ggml.token_type".to_owned(), Value::Array(kinds)),
        ]);
        Content {
            magic: VersionedMagic::GgufV3,
            metadata,
            tensor_infos: HashMap::new(),
            tensor_data_offset: 0,
        }
    }

    fn words(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
        let tokens = vocabulary.encode(text);
        let word = |token: u32| String::from_utf8_lossy(vocabulary.bytes(token)).into_owned();
        tokens.into_iter().map(word).collect()
    }

    #[test]
    fn pairs_are_merged_digits_stand_alone_and_no_space_is_added() {
        let vocabulary = small();
        assert_eq!(words(&vocabulary, "hello hello"), ["hello", " hello"]);
        assert_eq!(words(&vocabulary, "a12"), ["a", "1", "2"]);
        let gpt2 = Vocabulary::from_gguf(&content("gpt-2")).unwrap();
        assert_eq!(words(&gpt2, "a12"), ["a", "12"]);
    }

    #[test]
    fn marks_in_a_text_are_text() {
        let vocabulary = small();
        let tokens = vocabulary.encode("<|im_end|>");
        assert!(tokens.len() > 1 && !tokens.contains(&vocabulary.end()), "{tokens:?}");
        assert_eq!(vocabulary.bytes(vocabulary.end()), b"");
        assert!(vocabulary.ends(vocabulary.end()) && vocabulary.ends(0) && !vocabulary.ends(vocabulary.start()));
    }

    #[test]
    fn what_is_not_known_is_said() {
        let mut other = content("smollm");
        other
            .metadata
            .insert("tokenizer.ggml.model".into(), Value::String("llama".into()));
        assert!(Vocabulary::from_gguf(&other).unwrap_err().contains("`llama`"));
        assert!(
            Vocabulary::from_gguf(&content("tekken"))
                .unwrap_err()
                .contains("`tekken`")
        );
        let mut bare = content("smollm");
        bare.metadata.remove("tokenizer.ggml.merges");
        assert!(Vocabulary::from_gguf(&bare).unwrap_err().contains("merges"));
        assert!(cut("llama-bpe").is_ok());
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text: String) {
            let vocabulary = small();
            let bytes: Vec<u8> = vocabulary.encode(&text).into_iter().flat_map(|token| vocabulary.bytes(token).to_vec()).collect();
            prop_assert_eq!(String::from_utf8(bytes).unwrap(), text);
        }

        #[test]
        fn any_bytes_come_back(bytes: Vec<u8>) {
            let vocabulary = small();
            let tokens = vocabulary.tokenize_bytes(&bytes);
            let back: Vec<u8> = tokens.into_iter().flat_map(|token| vocabulary.bytes(token).to_vec()).collect();
            prop_assert_eq!(back, bytes);
        }
    }
}
