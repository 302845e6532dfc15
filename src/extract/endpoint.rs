//! Where a request goes, as far as it may be shown: never with a key.
//!
//! Owns the one description that the tab Wire and the curl command share. The settings it is made from are `config`'s.

/// An address and its headers without secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// The HTTP method.
    pub method: String,
    /// The whole address, such as `https://openrouter.ai/api/v1/chat/completions`.
    pub url: String,
    /// The environment variable with the key; `None` when no key is sent.
    pub key_env: Option<String>,
    /// Further headers. The value of one that may be a secret is `None`.
    pub headers: Vec<(String, Option<String>)>,
}

impl Endpoint {
    /// The headers as they are shown, each `name: value` with a shell's variable in place of a secret.
    pub fn shown_headers(&self) -> Vec<String> {
        let key = self
            .key_env
            .iter()
            .map(|name| format!("authorization: Bearer {}", variable(name)));
        let further = self.headers.iter().map(|(name, value)| match value {
            Some(value) => format!("{name}: {value}"),
            None => format!("{name}: {}", variable(&of_header(name))),
        });
        let own = std::iter::once("content-type: application/json".to_owned());
        key.chain(own).chain(further).collect()
    }
}

/// How a POSIX shell reads an environment variable; a name that is none for a shell is asked of `printenv`.
pub(super) fn variable(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        format!("${name}")
    } else {
        let word: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
            .collect();
        format!("$(printenv -- {word})")
    }
}

/// The variable that stands for a secret header's value: `x-api-key` is read from `X_API_KEY`.
pub(super) fn of_header(name: &str) -> String {
    let word: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{word}")
    } else {
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_hold_no_secret() {
        let endpoint = Endpoint {
            key_env: Some("OPENROUTER_API_KEY".into()),
            headers: vec![("x-title".into(), Some("formwork".into())), ("x-api-key".into(), None)],
            ..Endpoint::default()
        };
        assert_eq!(
            endpoint.shown_headers(),
            [
                "authorization: Bearer $OPENROUTER_API_KEY",
                "content-type: application/json",
                "x-title: formwork",
                "x-api-key: $X_API_KEY",
            ]
        );
    }

    #[test]
    fn odd_names_of_variables() {
        assert_eq!(
            [variable("A_1"), variable("my-key"), variable("1`x`")],
            ["$A_1", "$(printenv -- my-key)", "$(printenv -- 1x)"]
        );
        assert_eq!(of_header("2fa-key"), "_2FA_KEY");
    }
}
