//! The way to one server: its client, its headers, and what is said when the network fails.
//!
//! Owns what design §9 asks of the network: the key goes into one sensitive header and to one origin only, redirects are not followed,
//! loopback bypasses proxies and `http://` with a key is refused. What is sent is `attempt`'s and `catalogue`'s; that no secret comes
//! back is seen to by `secrets`.

mod address;
#[cfg(test)]
mod tests;

use super::secrets::Secrets;
use super::{Settings, faults};
use crate::event::{Fault, FaultClass};
use crate::extract::model::Dialect;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, redirect, retry};
use secrecy::ExposeSecret;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The home page that OpenRouter attributes requests to; it asks for a URL (`openrouter.md` §1.2).
const REFERER: &str = "https://formwork.invalid/";

/// The title that OpenRouter shows for it.
const TITLE: &str = "formwork";

/// The way to one server.
pub struct Link {
    client: Client,
    base: Url,
    headers: HeaderMap,
    secrets: Arc<Secrets>,
    idle: Duration,
    connect: Duration,
}

impl Link {
    /// Checks the settings and builds the client. Sends nothing.
    ///
    /// # Errors
    /// A fault of the class `Setup` for a broken address, header or key, for `http://` with a key, and when the system has no
    /// certificates to trust.
    pub fn new(settings: &Settings) -> Result<Self, Fault> {
        let base = address::parse(&settings.base_url)?;
        let key = settings
            .key
            .as_ref()
            .map(|key| key.expose_secret().trim())
            .filter(|key| !key.is_empty());
        let loopback = address::is_loopback(&base);
        let guarded = key.is_some() || settings.headers.iter().any(|(name, _)| holds_secret(name));
        if base.scheme() == "http" && guarded && !loopback {
            let message =
                format!("the key was not sent: {base} is not encrypted; use https://, or a server on this machine");
            return Err(setup(message));
        }
        let mut builder = Client::builder()
            .user_agent(concat!("formwork/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .connect_timeout(settings.connect_timeout)
            .tls_backend_preconfigured(tls(&base, loopback)?);
        if loopback {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| setup(format!("the HTTP client cannot be built: {}", chain(error))))?;
        let custom = settings.headers.iter();
        let secrets = Secrets::new(key, custom.map(|(name, value)| (value.as_str(), holds_secret(name))));
        let headers = headers(settings, key)?;
        Ok(Self {
            client,
            base,
            headers,
            secrets: Arc::new(secrets),
            idle: settings.idle_timeout,
            connect: settings.connect_timeout,
        })
    }

    /// The address that paths are added to, without a slash at its end.
    pub fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// How long nothing may come before an answer counts as dead.
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// A request for a path below the base, given by its segments, with every header set.
    pub fn request(&self, method: reqwest::Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.client.request(method, url).headers(self.headers.clone())
    }

    /// Sends a request and waits for the headers.
    ///
    /// # Errors
    /// `Network` or `Timeout`, and `NotAnApi` for a redirect.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, Fault> {
        let response = match tokio::time::timeout(self.idle, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.broken(error)),
            Err(_) => return Err(self.silent()),
        };
        if response.status().is_redirection() {
            return Err(self.redirected(&response));
        }
        Ok(response)
    }

    /// Reads a body up to `cap` bytes. What came is given even when the rest could not be had.
    pub async fn read(&self, response: &mut Response, cap: usize) -> (Vec<u8>, Option<Fault>) {
        let mut body = Vec::new();
        loop {
            match tokio::time::timeout(self.idle, response.chunk()).await {
                Ok(Ok(Some(bytes))) if body.len() + bytes.len() <= cap => body.extend_from_slice(&bytes),
                Ok(Ok(Some(_))) => {
                    return (
                        body,
                        Some(faults::own(FaultClass::TooLarge, "the answer is larger than allowed")),
                    );
                }
                Ok(Ok(None)) => return (body, None),
                Ok(Err(error)) => return (body, Some(self.broken(error))),
                Err(_) => return (body, Some(self.silent())),
            }
        }
    }

    /// The fault of a connection that could not be made or broke.
    pub fn broken(&self, error: reqwest::Error) -> Fault {
        let base = self.base();
        let (connect, timeout) = (error.is_connect(), error.is_timeout());
        let cause = chain(error);
        let message = if connect && address::is_loopback(&self.base) {
            format!("cannot connect: is the server running at {base}? ({cause})")
        } else if connect && timeout {
            format!("cannot connect to {base} within {} s", self.connect.as_secs_f32())
        } else if connect {
            format!("cannot connect to {base}: {cause}")
        } else {
            format!("the connection to {base} broke: {cause}")
        };
        self.secrets.fault(faults::own(FaultClass::Network, message))
    }

    /// The fault of a server that stays silent.
    pub fn silent(&self) -> Fault {
        let message = format!("nothing came from {} for {} s", self.base(), self.idle.as_secs_f32());
        faults::own(FaultClass::Timeout, message)
    }

    /// What it was sent and must not come back from it.
    pub fn secrets(&self) -> &Arc<Secrets> {
        &self.secrets
    }

    fn redirected(&self, response: &Response) -> Fault {
        let location = response
            .headers()
            .get(reqwest::header::LOCATION)
            .and_then(|to| to.to_str().ok());
        let to = location
            .and_then(|to| self.base.join(to).ok())
            .map(|to| address::plain(&to))
            .unwrap_or_default();
        let status = response.status().as_u16();
        let message = format!(
            "{} answered HTTP {status}, a redirect to {to}; redirects are not followed, so that the key stays at its own origin: \
             set the base URL to the final address",
            self.base()
        );
        self.secrets.fault(Fault {
            status: Some(status),
            ..faults::own(FaultClass::NotAnApi, message)
        })
    }
}

fn setup(message: impl Into<String>) -> Fault {
    faults::own(FaultClass::Setup, message)
}

/// Whether a custom header's name says that its value is a secret.
fn holds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["authorization", "key", "token", "secret", "cookie"]
        .iter()
        .any(|part| name.contains(part))
}

/// Every header of every request. Custom ones replace ours.
fn headers(settings: &Settings, key: Option<&str>) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    match settings.dialect {
        Dialect::OpenRouter => {
            headers.insert("http-referer", HeaderValue::from_static(REFERER));
            headers.insert("x-openrouter-title", HeaderValue::from_static(TITLE));
        }
        Dialect::OpenAi | Dialect::Local => {}
    }
    if let Some(key) = key {
        let refused = |_| {
            setup("the API key holds characters that no HTTP header can carry; check it for line breaks and quotes")
        };
        let mut value = HeaderValue::try_from(format!("Bearer {key}")).map_err(refused)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    for (name, value) in &settings.headers {
        let refused = || {
            setup(format!(
                "the header {name:?} of the provider {:?} is no valid HTTP header",
                settings.name
            ))
        };
        let parsed = HeaderName::try_from(name.as_str()).map_err(|_| refused())?;
        let mut value = HeaderValue::try_from(value.as_str()).map_err(|_| refused())?;
        value.set_sensitive(true);
        headers.insert(parsed, value);
    }
    Ok(headers)
}

/// TLS with ring and the system's own trust, given to the client directly so that nothing process-wide is installed.
/// Plain loopback needs no certificates and must work on a machine that has none.
fn tls(base: &Url, loopback: bool) -> Result<rustls::ClientConfig, Fault> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let refused = |error: rustls::Error| {
        setup(format!(
            "TLS cannot be set up: {error}; are the system's CA certificates installed?"
        ))
    };
    let builder = rustls::ClientConfig::builder_with_provider(ring.clone())
        .with_safe_default_protocol_versions()
        .map_err(refused)?;
    let mut config = if loopback && base.scheme() == "http" {
        builder
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth()
    } else {
        let verifier = rustls_platform_verifier::Verifier::new(ring).map_err(refused)?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// An error and its causes in one line, without the request's URL.
fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let words = next.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = next.source();
    }
    text
}
