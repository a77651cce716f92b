//! Absolute web URLs and their parts.

use std::{borrow::Cow, ops::Range};
use url::{Position, Url};

/// Host of an absolute web URL, lower case, without `www.`.
pub fn host_of(url: &str) -> Option<String> {
    Some(without_www(web(url)?.host()).to_lowercase())
}

/// Strips `www.`, faster than `trim_start_matches`, which makes a searcher each time.
pub(crate) fn without_www(mut host: &str) -> &str {
    while let Some(rest) = host.strip_prefix("www.") {
        host = rest;
    }
    host
}

/// GitLab itself and the forges known to run it.
pub(super) fn is_gitlab(host: &str) -> bool {
    matches!(host, "salsa.debian.org" | "invent.kde.org") || host.starts_with("gitlab.")
}

/// An absolute `http` or `https` URL with a host, as the URL standard writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebUrl<'u> {
    pub(super) text: Cow<'u, str>,
    host: Range<usize>,
    path: Range<usize>,
    /// The query with its `?`, if there is one.
    pub(super) query: Range<usize>,
}

impl WebUrl<'_> {
    pub fn host(&self) -> &str {
        &self.text[self.host.clone()]
    }

    pub fn path(&self) -> &str {
        &self.text[self.path.clone()]
    }

    pub fn parameters(&self) -> url::form_urlencoded::Parse<'_> {
        url::form_urlencoded::parse(self.text[self.query.clone()].trim_start_matches('?').as_bytes())
    }

    pub fn without_scheme_and_fragment(&self) -> &str {
        &self.text[self.host.start..self.query.end]
    }

    pub fn path_and_on(&self) -> &str {
        &self.text[self.path.start..]
    }
}

/// Reads an absolute `http` or `https` URL; one that begins with `//` is `https`.
pub(super) fn web(url: &str) -> Option<WebUrl<'_>> {
    let url = url.trim();
    plain_web(url).or_else(|| any_web(url))
}

/// Reads any URL by the URL standard.
pub(super) fn any_web(url: &str) -> Option<WebUrl<'static>> {
    let url = if url.starts_with("//") { &format!("https:{url}") } else { url };
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    let upto = |position| url[..position].len();
    let host = upto(Position::BeforeHost)..upto(Position::AfterHost);
    let path = upto(Position::BeforePath)..upto(Position::AfterPath);
    let query = path.end..upto(Position::AfterQuery);
    Some(WebUrl { host, path, query, text: Cow::Owned(url.into()) })
}

/// Bytes that the URL standard leaves unchanged in every part of a URL.
const PLAIN: [bool; 256] = {
    let (mut plain, marks) = ([false; 256], b"-._~%/:@!$&()*+,;=?#");
    let mut at = 0;
    while at < 256 {
        plain[at] = (at as u8).is_ascii_alphanumeric();
        at += 1;
    }
    at = 0;
    while at < marks.len() {
        plain[marks[at] as usize] = true;
        at += 1;
    }
    plain
};

/// Reads a URL that the URL standard leaves unchanged, as most are. Gives the same as [`any_web`],
/// without a copy.
pub(super) fn plain_web(url: &str) -> Option<WebUrl<'_>> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let start = url.len() - rest.len();
    let bytes = url.as_bytes();
    let host = start..start + memchr::memchr(b'/', rest.as_bytes())?;
    let name = &bytes[host.clone()];
    let is_name = name.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
    let labels = || name.split(|byte| *byte == b'.');
    let is_special = |label: &[u8]| label.is_empty() || label.starts_with(b"-") || label.starts_with(b"xn--");
    let is_number = |label: &[u8]| label.first().is_none_or(u8::is_ascii_digit);
    if !is_name || labels().any(is_special) || labels().next_back().is_none_or(is_number) {
        return None;
    }
    let after = &bytes[host.end..];
    // `/.` and `/%2e` may lead to the folder above.
    let leads_up = |at: usize| matches!(after.get(at + 1), Some(b'.' | b'%'));
    if !after.iter().all(|byte| PLAIN[*byte as usize]) || memchr::memchr_iter(b'/', after).any(leads_up) {
        return None;
    }
    let fragment = host.end + memchr::memchr(b'#', after).unwrap_or(after.len());
    let query = host.end + memchr::memchr(b'?', &bytes[host.end..fragment]).unwrap_or(fragment - host.end);
    Some(WebUrl { text: Cow::Borrowed(url), path: host.end..query, query: query..fragment, host })
}
