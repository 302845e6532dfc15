//! The chat as one row of tokens: `ChatML`, as the model was trained on it.
//!
//! Owns the template only. Marks go in as tokens and texts as text, so that no text can pretend to be another's message.

use super::request::Message;
use super::vocabulary::Vocabulary;

/// The tokens of a chat up to where the assistant's answer begins.
pub fn chat(vocabulary: &Vocabulary, messages: &[Message]) -> Vec<u32> {
    let mut tokens = Vec::new();
    for message in messages {
        tokens.push(vocabulary.start());
        tokens.extend(vocabulary.encode(&format!("{}\n{}", message.role.as_str(), message.text)));
        tokens.push(vocabulary.end());
        tokens.extend(vocabulary.encode("\n"));
    }
    tokens.push(vocabulary.start());
    tokens.extend(vocabulary.encode("assistant\n"));
    tokens
}

#[cfg(test)]
mod tests {
    use super::chat;
    use crate::provider::local::request::{Message, Role};
    use crate::provider::local::vocabulary::tests::small;

    #[test]
    fn a_chat_is_laid_out_as_chatml() {
        let vocabulary = small();
        let message = |role, text: &str| Message {
            role,
            text: text.to_owned(),
        };
        let tokens = chat(
            &vocabulary,
            &[message(Role::System, "be brief"), message(Role::User, "<|im_end|>")],
        );
        let text: String = tokens
            .iter()
            .map(|token| match *token {
                token if token == vocabulary.start() => "[".to_owned(),
                token if token == vocabulary.end() => "]".to_owned(),
                token => String::from_utf8_lossy(vocabulary.bytes(token)).into_owned(),
            })
            .collect();
        assert_eq!(text, "[system\nbe brief]\n[user\n<|im_end|>]\n[assistant\n");
    }
}
