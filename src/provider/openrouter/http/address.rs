//! A provider's address: read, checked, and written without anything private.

use super::setup;
use crate::event::Fault;
use url::{Host, Url};

/// Reads a base URL. A slash at the end and a pasted `/chat/completions` are forgiven.
pub fn parse(text: &str) -> Result<Url, Fault> {
    let text = text.trim();
    let advice = "it must look like https://host/v1";
    // The text itself is not quoted: it may hold a password.
    let mut url =
        Url::parse(text).map_err(|error| setup(format!("the base URL cannot be read ({error}); {advice}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(setup(format!(
            "the base URL begins with neither http:// nor https://; {advice}"
        )));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(setup(format!(
            "the base URL of {} holds a user name or password; use the key setting instead",
            plain(&url)
        )));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(setup(format!(
            "the base URL {} has a query or a fragment; {advice}",
            plain(&url)
        )));
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/chat/completions").unwrap_or(path).to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Whether an address is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An address without user name, password, query and fragment.
pub fn plain(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}
