//! Services that know titles: their URLs, requests and answers.
//!
//! Pure: an answer is untrusted text, and becomes titles or nothing.

use crate::insight::titles::{RefState, Title};
use jiff::civil::Date;
use serde::Deserialize;
use std::{fmt, time::Duration};
use url::Url;

/// A service that knows titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    GitHub,
    Arxiv,
    Crossref,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Service::GitHub => "GitHub",
            Service::Arxiv => "arXiv",
            Service::Crossref => "Crossref",
        })
    }
}

impl Service {
    pub const ALL: [Service; 3] = [Service::GitHub, Service::Arxiv, Service::Crossref];

    /// The service that knows `key`, made by [`crate::insight::titles::key`].
    pub fn of(key: &str) -> Service {
        match key {
            key if key.starts_with("arXiv:") => Service::Arxiv,
            key if key.starts_with("doi:") => Service::Crossref,
            _ => Service::GitHub,
        }
    }

    /// The environment variable that replaces its URL.
    pub fn variable(self) -> &'static str {
        match self {
            Service::GitHub => "SENNIGHT_GITHUB_API",
            Service::Arxiv => "SENNIGHT_ARXIV_API",
            Service::Crossref => "SENNIGHT_CROSSREF_API",
        }
    }

    /// The default base URL.
    pub fn home(self) -> &'static str {
        match self {
            Service::GitHub => "https://api.github.com",
            Service::Arxiv => "https://export.arxiv.org/api",
            Service::Crossref => "https://api.crossref.org",
        }
    }

    /// Number of references in one request.
    pub(super) fn batch(self) -> usize {
        if self == Service::Arxiv { 50 } else { 1 }
    }

    /// Time between two requests. The terms of use of arXiv ask for three seconds; Crossref recommends at most
    /// two a second; GitHub only asks for one at a time.
    pub(super) fn interval(self) -> Duration {
        Duration::from_millis(match self {
            Service::GitHub => 50,
            Service::Arxiv => 3000,
            Service::Crossref => 500,
        })
    }

    /// The URL of a request for `keys` of this service; `None` if a key has no URL.
    pub(super) fn url(self, base: &Url, keys: &[String]) -> Option<Url> {
        let mut url = base.clone();
        {
            let mut path = url.path_segments_mut().ok()?;
            path.pop_if_empty();
            match self {
                Service::GitHub => {
                    let (repository, number) = keys.first()?.strip_prefix("github.com/")?.split_once('#')?;
                    let (owner, name) = repository.split_once('/')?;
                    number.parse::<u64>().ok()?;
                    path.extend(["repos", owner, name, "issues", number]);
                }
                Service::Arxiv => _ = path.push("query"),
                Service::Crossref => _ = path.extend(["works", keys.first()?.strip_prefix("doi:")?]),
            }
        }
        if self == Service::Arxiv {
            let ids: Vec<&str> = keys.iter().filter_map(|key| key.strip_prefix("arXiv:")).collect();
            let most = keys.len().to_string();
            url.query_pairs_mut().append_pair("id_list", &ids.join(",")).append_pair("max_results", &most);
        }
        Some(url)
    }

    /// Parses `answer` to a request for `keys` into titles by key; `None` if it is not a valid answer.
    pub(super) fn read(self, answer: &str, keys: &[String], today: Date) -> Option<Vec<(String, Title)>> {
        let title = match self {
            Service::GitHub => github(answer, today)?,
            Service::Crossref => crossref(answer, today)?,
            Service::Arxiv => return arxiv(answer, keys, today),
        };
        Some(vec![(keys.first()?.clone(), title)])
    }
}

/// The date at the beginning of a time such as `2022-08-22T10:00:00Z`.
fn day(time: &str) -> Option<Date> {
    time.get(..10)?.parse().ok()
}

fn github(answer: &str, today: Date) -> Option<Title> {
    #[derive(Deserialize)]
    struct Issue {
        title: String,
        state: String,
        closed_at: Option<String>,
        pull_request: Option<PullRequest>,
    }
    #[derive(Deserialize)]
    struct PullRequest {
        merged_at: Option<String>,
    }
    let issue: Issue = serde_json::from_str(answer).ok()?;
    let merged = issue.pull_request.and_then(|pull| pull.merged_at);
    let (state, time) = match (merged, issue.state.as_str()) {
        (Some(time), _) => (RefState::Merged, Some(time)),
        (None, "open") => (RefState::Open, None),
        (None, "closed") => (RefState::Closed, issue.closed_at),
        _ => return None,
    };
    Title::new(&issue.title, Some(state), time.as_deref().and_then(day), today)
}

fn crossref(answer: &str, today: Date) -> Option<Title> {
    #[derive(Deserialize)]
    struct Answer {
        message: Work,
    }
    #[derive(Deserialize)]
    struct Work {
        title: Vec<String>,
        issued: Option<Issued>,
    }
    #[derive(Deserialize)]
    struct Issued {
        /// Year, month and day as far as known; `[[null]]` if nothing is.
        #[serde(rename = "date-parts")]
        parts: Vec<Vec<Option<i16>>>,
    }
    let Work { title, issued } = serde_json::from_str::<Answer>(answer).ok()?.message;
    let day = issued.and_then(|issued| first_day(issued.parts.first()?));
    Title::new(&without_tags(title.first()?), None, day, today)
}

/// The first day of a date given as year, month and day, of which the last two may be missing.
fn first_day(parts: &[Option<i16>]) -> Option<Date> {
    let year = (*parts.first()?)?;
    let [mut month, mut day] = [1, 1];
    if let Some(Some(part)) = parts.get(1) {
        month = i8::try_from(*part).unwrap_or(1);
    }
    if let Some(Some(part)) = parts.get(2) {
        day = i8::try_from(*part).unwrap_or(1);
    }
    Date::new(year, month, day).ok()
}

/// Removes tags such as `<i>` from a title, and decodes entities.
fn without_tags(title: &str) -> String {
    let xml = format!("<title>{title}</title>");
    let parsed = roxmltree::Document::parse(&xml).map(|document| text_of(document.root()));
    parsed.unwrap_or_else(|_| title.to_owned())
}

fn text_of(node: roxmltree::Node<'_, '_>) -> String {
    node.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect()
}

/// Parses an Atom feed into titles; keys that it lacks are missing titles.
fn arxiv(answer: &str, keys: &[String], today: Date) -> Option<Vec<(String, Title)>> {
    const ATOM: &str = "http://www.w3.org/2005/Atom";
    let document = roxmltree::Document::parse(answer).ok()?;
    let feed = document.root_element();
    if !feed.has_tag_name((ATOM, "feed")) {
        return None;
    }
    let mut titles: Vec<_> = keys.iter().map(|key| (key.clone(), Title::missing(today))).collect();
    for entry in feed.children().filter(|node| node.has_tag_name((ATOM, "entry"))) {
        let part = |name| entry.children().find(|node| node.has_tag_name((ATOM, name))).map(text_of);
        let Some((id, title)) = part("id").zip(part("title")) else { continue };
        // `http://arxiv.org/abs/1706.03762v7`
        let Some((_, id)) = id.trim().split_once("/abs/") else { continue };
        let published = part("published").as_deref().and_then(day);
        let Some(fresh) = Title::new(&title, None, published, today) else { continue };
        for (key, title) in &mut titles {
            if is_arxiv_id(id, key) {
                title.clone_from(&fresh);
            }
        }
    }
    Some(titles)
}

/// Tests an id such as `1706.03762v7`, with or without a version, against the key of a paper.
fn is_arxiv_id(id: &str, key: &str) -> bool {
    let Some(version) = key.strip_prefix("arXiv:").and_then(|paper| id.strip_prefix(paper)) else { return false };
    match version.strip_prefix('v') {
        Some(number) => number.parse::<u32>().is_ok(),
        None => version.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 3, 1);

    fn asked(key: &str) -> String {
        let service = Service::of(key);
        let base = Url::parse(service.home()).expect("a URL");
        service.url(&base, &[key.to_owned()]).map_or_else(|| "-".to_owned(), |url| url.to_string())
    }

    #[test]
    fn each_key_has_a_url() {
        for (key, expected) in [
            ("github.com/a/b#12", "https://api.github.com/repos/a/b/issues/12"),
            ("github.com/a/b?c=d#12", "https://api.github.com/repos/a/b%3Fc=d/issues/12"),
            ("github.com/a/b#x", "-"),
            ("github.com/a#1", "-"),
            ("arXiv:1706.03762", "https://export.arxiv.org/api/query?id_list=1706.03762&max_results=1"),
            ("doi:10.1145/1.2(a)<b>", "https://api.crossref.org/works/10.1145%2F1.2(a)%3Cb%3E"),
        ] {
            assert_eq!(asked(key), expected, "{key}");
        }
    }

    fn answered(key: &str, answer: &str) -> String {
        let keys = [key.to_owned()];
        let Some(titles) = Service::of(key).read(answer, &keys, TODAY) else { return "-".to_owned() };
        titles.first().map_or_else(String::new, |(_, title)| format!("{}|{}", title.text(), title.standing()))
    }

    #[test]
    fn valid_answers_become_titles() {
        let pull = "github.com/a/b#1";
        for (key, answer, expected) in [
            (pull, r#"{"title":"限流","state":"open","closed_at":null}"#, "限流|open as of 2026-03-01"),
            (pull, r#"{"title":"x","state":"closed","closed_at":"2022-08-22T10:00:00Z"}"#, "x|closed 2022-08-22"),
            (
                pull,
                r#"{"title":"x","state":"closed","closed_at":"2022-08-23T10:00:00Z","pull_request":{"merged_at":"2022-08-22T10:00:00Z"}}"#,
                "x|merged 2022-08-22",
            ),
            (pull, r#"{"title":"x","state":"closed","pull_request":{"merged_at":null}}"#, "x|closed"),
            (pull, r#"{"title":"x","state":"melted"}"#, "-"),
            (pull, r#"{"title":"","state":"open"}"#, "-"),
            (pull, "[[[[", "-"),
            (
                "doi:10.1145/1.2",
                r#"{"message":{"title":["On <i>E. coli</i> &amp; more"],"issued":{"date-parts":[[2017,6]]}}}"#,
                "On E. coli & more|2017",
            ),
            ("doi:10.1145/1.2", r#"{"message":{"title":["a < b"],"issued":{"date-parts":[[null]]}}}"#, "a < b|"),
            ("doi:10.1145/1.2", r#"{"message":{"title":[]}}"#, "-"),
            ("arXiv:1706.03762", "<feed/>", "-"),
            ("arXiv:1706.03762", "<html>&nbsp;</html>", "-"),
            ("arXiv:1706.03762", "<!DOCTYPE x [<!ENTITY a \"aa\">]><x>&a;</x>", "-"),
            ("arXiv:1706.03762", r#"<feed xmlns="http://www.w3.org/2005/Atom"></feed>"#, "|"),
        ] {
            assert_eq!(answered(key, answer), expected, "{answer}");
        }
    }

    #[test]
    fn papers_of_one_answer_keep_their_titles() {
        let keys = ["arXiv:1706.0376", "arXiv:1706.03762", "arXiv:cs/0112017"].map(str::to_owned);
        let entry = |id: &str, title: &str| {
            format!(
                "<entry><id>http://arxiv.org/abs/{id}</id><title>{title}</title><published>2017-06-12T17:57:34Z</published></entry>"
            )
        };
        let entries = entry("1706.03762v7", "Attention\n  Is All") + &entry("cs/0112017v1", "旧 &lt;b&gt;");
        let answer = format!(r#"<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>"#);
        let titles = Service::Arxiv.read(&answer, &keys, TODAY).expect("titles");
        let shown: Vec<String> = titles.iter().map(|(key, title)| format!("{key}={}", title.text())).collect();
        assert_eq!(shown, ["arXiv:1706.0376=", "arXiv:1706.03762=Attention Is All", "arXiv:cs/0112017=旧 <b>"]);
    }
}
