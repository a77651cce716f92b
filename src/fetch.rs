//! Fetching titles of references from GitHub, arXiv and Crossref, only on request.
//!
//! Requests are made one after another, at the pace each service allows. Rate limits are respected,
//! temporary failures retried, and each answer is stored at once, so that an interrupted run loses nothing.
//! Everything read from the network is bounded and cleaned.
//!
//! The `gh` program is only asked for its token. A `gh api` process for each request would hide limits,
//! redirects and failures behind its exit code.

mod file;
mod service;

pub use file::{TitlesFile, kept};
pub use service::Service;

use crate::files::git::watched;
use crate::insight::titles::Title;
use anyhow::{Context, Result, ensure};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::{
    ffi::OsStr,
    io::{self, Read},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use ureq::{Agent, Timeout, config::RedirectAuthHeaders, http::HeaderMap};
use url::Url;

/// Bytes that are read of an answer.
const LARGEST: u64 = 1024 * 1024;

/// Pauses between the tries of one request.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// Time limit for `gh` to print its token: it may have to ask a keyring.
const GH: Duration = Duration::from_secs(10);

/// The longest wait for a rate limit; a longer limit ends the run.
const PATIENCE: Duration = Duration::from_secs(60);

/// Unusable answers in a row after which a service is not asked any more.
const FAILURES: usize = 3;

/// A client for all services.
pub struct Fetcher<'f> {
    /// The base URL of each service.
    pub homes: [(Service, Url); 3],
    /// The GitHub token. GitHub allows 60 requests an hour without one, and 5000 with one.
    pub token: Option<String>,
    /// Time limit of one request, connecting included.
    pub timeout: Duration,
    pub today: Date,
    pub sleep: &'f dyn Fn(Duration),
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct FetchSummary {
    /// Number of titles fetched.
    pub titled: usize,
    /// Number of references that do not exist or are not public.
    pub missing: usize,
    /// Number of references with unusable answers; the next run asks again.
    pub failed: usize,
    /// Reasons for which services were not asked for everything.
    pub stops: Vec<FetchStop>,
}

/// A reason not to ask a service any more.
#[derive(Debug, thiserror::Error)]
pub enum FetchStop {
    #[error("{service} allows no more requests before {}", local(*.until))]
    Limited { service: Service, until: Timestamp },
    #[error("cannot reach {service} at {host}: {why}")]
    Unreachable { service: Service, host: String, why: String },
    #[error("{service} does not accept the token")]
    Refused { service: Service },
    #[error("{service} at {host} gives no usable answer: {why}")]
    Useless { service: Service, host: String, why: String },
}

impl FetchStop {
    /// Advice to the user, as one sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            FetchStop::Limited { service: Service::GitHub, .. } => {
                "run it again then: it fetches only what is missing; with GITHUB_TOKEN, or after gh auth login, GitHub allows more"
            }
            FetchStop::Limited { .. } => "run it again then: it fetches only what is missing",
            FetchStop::Unreachable { .. } => {
                "run it again when the network works: it fetches only what is missing; everything else works offline"
            }
            FetchStop::Refused { .. } => "correct or unset GITHUB_TOKEN, or sign in with gh auth login",
            FetchStop::Useless { .. } => {
                "run it again later: it fetches only what is missing; sennight fetch-titles --help lists the services"
            }
        }
    }
}

fn local(time: Timestamp) -> String {
    time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// An answer of any status to one request.
struct ServiceResponse {
    status: u16,
    body: String,
    /// Time until which no more requests are allowed.
    limit: Option<Timestamp>,
}

/// A request without a usable answer.
enum RequestError {
    /// The answer cannot be used, with the reason. Other requests may still work.
    Useless(String),
    /// A temporary failure, worth a retry.
    Temporary(FetchStop),
    Stop(FetchStop),
}

impl FetchSummary {
    fn count(&mut self, titles: &[(String, Title)]) {
        for (_, title) in titles {
            match title.title {
                Some(_) => self.titled += 1,
                None => self.missing += 1,
            }
        }
    }
}

impl Fetcher<'_> {
    /// Fetches the titles of `keys`, service by service, and passes each answer to `store` as it comes.
    /// `progress` gets the number of keys done.
    ///
    /// # Errors
    ///
    /// Only when `store` fails. Failures of the network are part of the result.
    pub fn fetch(
        &self,
        keys: &[String],
        store: &mut dyn FnMut(Vec<(String, Title)>) -> Result<()>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<FetchSummary> {
        let mut summary = FetchSummary::default();
        let mut done = 0;
        for (service, home) in &self.homes {
            let keys: Vec<String> = keys.iter().filter(|key| Service::of(key) == *service).cloned().collect();
            let agent = self.agent(home);
            let mut failures = 0;
            for (nth, batch) in keys.chunks(service.batch()).enumerate() {
                if nth > 0 {
                    (self.sleep)(service.interval());
                }
                let mut stop = None;
                match self.titles(&agent, *service, home, batch) {
                    Ok((titles, limit)) => {
                        summary.count(&titles);
                        store(titles)?;
                        failures = 0;
                        let is_last = (nth + 1) * service.batch() >= keys.len();
                        if let Some(until) = limit
                            && !is_last
                        {
                            stop = self.wait(*service, until).err();
                        }
                    }
                    Err(RequestError::Useless(why)) => {
                        summary.failed += batch.len();
                        failures += 1;
                        if failures >= FAILURES {
                            let host = home.authority().to_owned();
                            stop = Some(FetchStop::Useless { service: *service, host, why });
                        }
                    }
                    Err(RequestError::Temporary(reason) | RequestError::Stop(reason)) => stop = Some(reason),
                }
                done += batch.len();
                progress(done);
                if let Some(stop) = stop {
                    summary.stops.push(stop);
                    break;
                }
            }
        }
        Ok(summary)
    }

    fn agent(&self, home: &Url) -> Agent {
        Agent::config_builder()
            .user_agent(concat!("sennight/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(self.timeout))
            .timeout_connect(Some(self.timeout / 3))
            .http_status_as_error(false)
            .https_only(home.scheme() == "https")
            .max_redirects(5)
            // A renamed repository is a redirect on the same host.
            .redirect_auth_headers(RedirectAuthHeaders::SameHost)
            .build()
            .into()
    }

    /// The titles of `batch`, and the rate limit reached by it, if any.
    #[allow(clippy::type_complexity)] // used once
    fn titles(
        &self,
        agent: &Agent,
        service: Service,
        home: &Url,
        batch: &[String],
    ) -> Result<(Vec<(String, Title)>, Option<Timestamp>), RequestError> {
        let missing = || batch.iter().map(|key| (key.clone(), Title::missing(self.today))).collect();
        let Some(url) = service.url(home, batch) else { return Ok((missing(), None)) };
        let mut pauses = PAUSES.into_iter();
        loop {
            let pause = pauses.next();
            let answer = match (self.request(agent, service, &url), pause) {
                (Ok(answer), _) => answer,
                (Err(RequestError::Temporary(_)), Some(pause)) => {
                    (self.sleep)(pause);
                    continue;
                }
                (Err(failure), _) => return Err(failure),
            };
            match (answer.status, answer.limit, pause) {
                (200, limit, _) => {
                    let titles = service.read(&answer.body, batch, self.today);
                    let Some(titles) = titles else {
                        return Err(RequestError::Useless("it has no title".to_owned()));
                    };
                    return Ok((titles, limit));
                }
                // Gone, or gone for legal reasons.
                (404 | 410 | 451, limit, _) => return Ok((missing(), limit)),
                (401, ..) if self.token.is_some() => return Err(RequestError::Stop(FetchStop::Refused { service })),
                (403 | 429, Some(until), Some(_)) => self.wait(service, until).map_err(RequestError::Stop)?,
                (403 | 429, Some(until), None) => {
                    return Err(RequestError::Stop(FetchStop::Limited { service, until }));
                }
                (429 | 500..=599, _, Some(pause)) => (self.sleep)(pause),
                (status, ..) => return Err(RequestError::Useless(format!("status {status}"))),
            }
        }
    }

    /// Waits until a rate limit is over; an error if that takes too long.
    fn wait(&self, service: Service, until: Timestamp) -> Result<(), FetchStop> {
        let left = Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default();
        if left > PATIENCE {
            return Err(FetchStop::Limited { service, until });
        }
        (self.sleep)(left + Duration::from_secs(1));
        Ok(())
    }

    fn request(&self, agent: &Agent, service: Service, url: &Url) -> Result<ServiceResponse, RequestError> {
        let mut request = agent.get(url.as_str());
        if service == Service::GitHub {
            request = request.header("Accept", "application/vnd.github+json");
            if let Some(token) = self.token.as_ref().filter(|_| is_private(url)) {
                request = request.header("Authorization", format!("Bearer {token}"));
            }
        }
        let mut response = request.call().map_err(|error| self.request_error(service, url, error))?;
        let limit = rate_limit(response.headers(), Timestamp::now());
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec();
        let body = body.map_err(|error| self.request_error(service, url, error))?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(ServiceResponse { status: response.status().as_u16(), body, limit })
    }

    fn request_error(&self, service: Service, url: &Url, error: ureq::Error) -> RequestError {
        let unreachable = |why| FetchStop::Unreachable { service, host: url.authority().to_owned(), why };
        match error {
            ureq::Error::HostNotFound => RequestError::Stop(unreachable("no such host, or no network".to_owned())),
            ureq::Error::ConnectionFailed | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
                RequestError::Stop(unreachable("cannot connect".to_owned()))
            }
            ureq::Error::Timeout(_) => {
                let why = format!("no answer within {} s", self.timeout.as_secs_f32());
                RequestError::Temporary(unreachable(why))
            }
            ureq::Error::Io(error) => match error.kind() {
                io::ErrorKind::ConnectionReset => RequestError::Temporary(unreachable(error.to_string())),
                // An answer that is cut short or is not HTTP.
                io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => RequestError::Useless(error.to_string()),
                _ => RequestError::Stop(unreachable(error.to_string())),
            },
            other => RequestError::Useless(other.to_string()),
        }
    }
}

/// Tests for a URL to which a token may be sent: nobody on the way can read it.
fn is_private(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || is_here
}

/// The time until which no more requests are allowed, from `Retry-After` or `X-RateLimit-*`.
fn rate_limit(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    if let Some(seconds) = number_in(headers, "retry-after") {
        return Timestamp::from_second(now.as_second().saturating_add(seconds)).ok();
    }
    if number_in(headers, "x-ratelimit-remaining") != Some(0) {
        return None;
    }
    Timestamp::from_second(number_in(headers, "x-ratelimit-reset")?).ok()
}

fn number_in(headers: &HeaderMap, name: &str) -> Option<i64> {
    let number = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    if number >= 0 { Some(number) } else { None }
}

/// The base URL of each service: that in its environment variable, else its own.
///
/// # Errors
///
/// When a variable is not an `http` or `https` URL.
pub fn homes(variable: impl Fn(&str) -> Option<String>) -> Result<[(Service, Url); 3]> {
    let home = |service: Service| {
        let name = service.variable();
        let Some(text) = variable(name).filter(|text| !text.is_empty()) else {
            return Ok((service, Url::parse(service.home())?));
        };
        let url = Url::parse(&text).with_context(|| format!("{name} is not a URL: “{text}”"))?;
        ensure!(
            matches!(url.scheme(), "http" | "https") && url.has_host(),
            "{name} is neither http nor https: “{text}”"
        );
        Ok((service, url))
    };
    let [github, arxiv, crossref] = Service::ALL;
    Ok([home(github)?, home(arxiv)?, home(crossref)?])
}

/// The error of a `gh` that has not printed its token in time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("gh has not printed its token within {} s; using GitHub without one, at most 60 requests an hour", .0.as_secs())]
pub struct TokenTimeout(Duration);

impl TokenTimeout {
    /// Advice to the user, as one sentence.
    pub fn hint(&self) -> &'static str {
        "set GITHUB_TOKEN, or check gh auth status"
    }
}

/// The token in the environment, else that of the `gh` program, which is used for GitHub itself only.
///
/// # Errors
///
/// When `gh` does not answer in time. A `gh` that is missing or not signed in is no error.
pub fn token(github: &Url, variable: impl Fn(&str) -> Option<String>) -> Result<Option<String>, TokenTimeout> {
    let set = |name| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let is_home = github.as_str().trim_end_matches('/') == Service::GitHub.home();
    let token = match set("GITHUB_TOKEN").or_else(|| set("GH_TOKEN")) {
        None if is_home => token_of("gh".as_ref(), GH)?,
        set => set,
    };
    Ok(token.filter(|token| token.bytes().all(|b| b.is_ascii_graphic())))
}

/// The token that the `gh` program uses for its own requests; `None` if it is not signed in.
fn token_of(gh: &OsStr, longest: Duration) -> Result<Option<String>, TokenTimeout> {
    let mut command = Command::new(gh);
    command.args(["auth", "token", "--hostname", "github.com"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(child) = command.spawn() else { return Ok(None) };
    let start = Instant::now();
    let token = watched(child, longest, |output| {
        let mut text = String::new();
        output.take(4096).read_to_string(&mut text).ok()?;
        Some(text)
    });
    if token.is_none() && start.elapsed() >= longest {
        return Err(TokenTimeout(longest));
    }
    Ok(token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_from_headers() {
        let now = Timestamp::from_second(1_000_000).expect("a time");
        for (headers, expected) in [
            (vec![("retry-after", "30")], Some(1_000_030)),
            (vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1000300")], Some(1_000_300)),
            (vec![("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", "1000300")], None),
            (vec![("x-ratelimit-remaining", "0")], None),
            (vec![("retry-after", "9223372036854775807")], None),
            (vec![("retry-after", "-5")], None),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], None),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.insert(*name, value.parse().expect("a value"));
            }
            assert_eq!(rate_limit(&map, now).map(Timestamp::as_second), expected, "{headers:?}");
        }
    }

    #[test]
    fn tokens_go_where_nobody_listens() {
        for (url, expected) in [
            ("https://api.github.com", true),
            ("http://127.0.0.1:8080", true),
            ("http://localhost", true),
            ("http://[::1]:1", true),
            ("http://github.example", false),
        ] {
            assert_eq!(is_private(&Url::parse(url).expect("a URL")), expected, "{url}");
        }
        let elsewhere = Url::parse("https://git.example/api/v3").expect("a URL");
        assert_eq!(token(&elsewhere, |_| None), Ok(None), "the token of gh is for GitHub alone");
        let given = |name: &str| (name == "GITHUB_TOKEN").then(|| " abc\n".to_owned());
        assert_eq!(token(&elsewhere, given), Ok(Some("abc".to_owned())));
        assert_eq!(token(&elsewhere, |_| Some("a\nX-Evil: 1".to_owned())), Ok(None));
    }

    #[test]
    fn services_can_be_elsewhere() {
        let homes =
            homes(|name| (name == "SENNIGHT_ARXIV_API").then(|| "http://127.0.0.1:1/x".to_owned())).expect("homes");
        assert_eq!(homes[1].1.as_str(), "http://127.0.0.1:1/x");
        for wrong in ["x", "file:///etc/passwd", "data:,x"] {
            assert!(super::homes(|_| Some(wrong.to_owned())).is_err(), "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn gh_is_asked_for_its_token() {
        use std::{fs, os::unix::fs::PermissionsExt};
        let folder = tempfile::tempdir().expect("a folder");
        let gh = folder.path().join("gh");
        let write = |script: &str| {
            fs::write(&gh, format!("#!/bin/sh\n{script}\n")).expect("written");
            fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).expect("executable");
        };
        for (script, expected) in [
            ("echo abc $1 $2", Some("abc auth token")),
            ("echo x; exit 1", None),
            ("echo 'no oauth token found' >&2; exit 1", None),
            ("true", None),
            ("printf '\\377\\n'", None),
            ("kill -9 $$", None),
        ] {
            write(script);
            assert_eq!(token_of(gh.as_os_str(), GH), Ok(expected.map(str::to_owned)), "{script}");
        }
        // One that hangs, and what it started holds its output open.
        let done = folder.path().join("done");
        write(&format!("(sleep 60; echo > '{}') & wait", done.display()));
        let silent = token_of(gh.as_os_str(), Duration::from_millis(50)).expect_err("it hangs");
        assert!(silent.to_string().starts_with("gh has not printed its token"));
        assert!(!done.exists());
        assert_eq!(token_of(folder.path().join("none").as_os_str(), GH), Ok(None));
    }
}
