//! Fetching titles of references, when asked to and at no other time.
//!
//! One request after the other, seldom enough for each service; limits are heeded, passing failures
//! tried again, and each answer is handed over at once, so that a run that ends early has lost nothing.
//! All that is read from the network is bounded and cleaned.
//!
//! Of the `gh` program only the token is borrowed, once: with it these requests are those that `gh api`
//! would make, while a process for each would hide limits, redirects and failures behind its exit code.

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

/// Bytes of an answer that are read.
const LARGEST: u64 = 1024 * 1024;

/// Pauses between the tries of one request.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// How long `gh` may take to name its token: it may have to ask a keyring.
const GH: Duration = Duration::from_secs(10);

/// How long a limit is waited for; a longer one ends the run.
const PATIENCE: Duration = Duration::from_secs(60);

/// Answers in a row that cannot be used, after which a service is left alone.
const FAILURES: usize = 3;

/// How titles are asked for.
pub struct Fetcher<'f> {
    /// Where each service is.
    pub homes: [(Service, Url); 3],
    /// Who asks: GitHub answers 60 requests an hour without, and 5000 with one.
    pub token: Option<String>,
    /// How long one request may take, connecting included.
    pub timeout: Duration,
    pub today: Date,
    pub sleep: &'f dyn Fn(Duration),
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct FetchSummary {
    /// Those that have a title.
    pub titled: usize,
    /// Those that are not there, or may not be seen.
    pub missing: usize,
    /// Answers that could not be used: asked for again next time.
    pub failed: usize,
    /// Why services were left before all was asked.
    pub stops: Vec<FetchStop>,
}

/// Why a service was left alone.
#[derive(Debug, thiserror::Error)]
pub enum FetchStop {
    #[error("{service} allows no more requests before {}", local(*.until))]
    Limited { service: Service, until: Timestamp },
    #[error("cannot reach {service} at {host}: {why}")]
    Unreachable { service: Service, host: String, why: String },
    #[error("{service} does not accept the token")]
    Refused { service: Service },
    #[error("{service} at {host} gives no answer that can be used: {why}")]
    Useless { service: Service, host: String, why: String },
}

impl FetchStop {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            FetchStop::Limited { service: Service::GitHub, .. } => {
                "run it again then, it asks only for what is missing; with GITHUB_TOKEN, or gh signed in, more is allowed"
            }
            FetchStop::Limited { .. } => "run it again then: it asks only for what is missing",
            FetchStop::Unreachable { .. } => {
                "titles need a network, everything else works without; what was fetched is kept: run it again later"
            }
            FetchStop::Refused { .. } => "correct or unset GITHUB_TOKEN, or sign in with gh auth login",
            FetchStop::Useless { .. } => {
                "run it again later: what was fetched is kept; sennight fetch-titles --help says who is asked"
            }
        }
    }
}

fn local(time: Timestamp) -> String {
    time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// An answer to one request, of any status.
struct ServiceResponse {
    status: u16,
    body: String,
    /// No more requests until then.
    limit: Option<Timestamp>,
}

/// Why there is no answer.
enum RequestError {
    /// There is one that cannot be used; another request may be answered.
    Useless(String),
    /// It may pass.
    Passing(FetchStop),
    Stop(FetchStop),
}

impl Fetcher<'_> {
    /// Asks for `keys`, service by service, and hands each answer to `keep` as it comes. `progress` is told
    /// how many keys have been asked for.
    ///
    /// # Errors
    ///
    /// Only when `keep` fails. What the network does stands in the result.
    pub fn fetch(
        &self,
        keys: &[String],
        keep: &mut dyn FnMut(Vec<(String, Title)>) -> Result<()>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<FetchSummary> {
        let mut fetched = FetchSummary::default();
        let mut done = 0;
        for (service, home) in &self.homes {
            let asked: Vec<String> = keys.iter().filter(|key| Service::of(key) == *service).cloned().collect();
            let agent = self.agent(home);
            let mut failures = 0;
            for (nth, batch) in asked.chunks(service.batch()).enumerate() {
                if nth > 0 {
                    (self.sleep)(service.interval());
                }
                let failed = match self.titles(&agent, *service, home, batch) {
                    Ok((titles, limit)) => {
                        fetched.titled += titles.iter().filter(|(_, title)| title.title.is_some()).count();
                        fetched.missing += titles.iter().filter(|(_, title)| title.title.is_none()).count();
                        keep(titles)?;
                        failures = 0;
                        let is_last = (nth + 1) * service.batch() >= asked.len();
                        limit.filter(|_| !is_last).and_then(|until| self.wait(*service, until).err())
                    }
                    Err(RequestError::Useless(why)) => {
                        fetched.failed += batch.len();
                        failures += 1;
                        let host = home.authority().to_owned();
                        (failures >= FAILURES).then_some(FetchStop::Useless { service: *service, host, why })
                    }
                    Err(RequestError::Passing(stop) | RequestError::Stop(stop)) => Some(stop),
                };
                done += batch.len();
                progress(done);
                if let Some(stop) = failed {
                    fetched.stops.push(stop);
                    break;
                }
            }
        }
        Ok(fetched)
    }

    fn agent(&self, home: &Url) -> Agent {
        Agent::config_builder()
            .user_agent(concat!("sennight/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(self.timeout))
            .timeout_connect(Some(self.timeout / 3))
            .http_status_as_error(false)
            .https_only(home.scheme() == "https")
            .max_redirects(5)
            // A repository with another name is a redirect on the same host.
            .redirect_auth_headers(RedirectAuthHeaders::SameHost)
            .build()
            .into()
    }

    /// The titles of `batch`, and the limit that was reached with it.
    #[allow(clippy::type_complexity)] // said once
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
                (Err(RequestError::Passing(_)), Some(pause)) => {
                    (self.sleep)(pause);
                    continue;
                }
                (Err(failure), _) => return Err(failure),
            };
            match (answer.status, answer.limit, pause) {
                (200, limit, _) => {
                    let titles = service.read(&answer.body, batch, self.today);
                    let why = || RequestError::Useless("it holds no title".to_owned());
                    return titles.map(|titles| (titles, limit)).ok_or_else(why);
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

    /// Waits until a limit is over, if that is soon.
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
        let failure = |error: ureq::Error| {
            let unreachable = |why| FetchStop::Unreachable { service, host: url.authority().to_owned(), why };
            let late = format!("no answer within {} s", self.timeout.as_secs_f32());
            match error {
                ureq::Error::HostNotFound => RequestError::Stop(unreachable("no such host, or no network".to_owned())),
                ureq::Error::ConnectionFailed | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
                    RequestError::Stop(unreachable("it cannot be connected to".to_owned()))
                }
                ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                    RequestError::Passing(unreachable(error.to_string()))
                }
                ureq::Error::Timeout(_) => RequestError::Passing(unreachable(late)),
                // Cut short, or no answer of HTTP.
                ureq::Error::Io(error)
                    if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) =>
                {
                    RequestError::Useless(error.to_string())
                }
                ureq::Error::Io(error) => RequestError::Stop(unreachable(error.to_string())),
                other => RequestError::Useless(other.to_string()),
            }
        };
        let mut response = request.call().map_err(failure)?;
        let limit = limit(response.headers(), Timestamp::now());
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(failure)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(ServiceResponse { status: response.status().as_u16(), body, limit })
    }
}

/// Nobody on the way sees what is sent to `url`.
fn is_private(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || is_here
}

/// Until when no more requests are allowed, as `Retry-After` or `X-RateLimit-*` have it.
fn limit(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok().filter(|value| *value >= 0);
    if let Some(seconds) = number("retry-after") {
        return Timestamp::from_second(now.as_second().saturating_add(seconds)).ok();
    }
    let reset = number("x-ratelimit-reset").filter(|_| number("x-ratelimit-remaining") == Some(0))?;
    Timestamp::from_second(reset).ok()
}

/// The services at their homes, or where `variable` of the environment says, and a token for GitHub.
///
/// # Errors
///
/// When a variable holds no URL that can be asked.
pub fn homes(variable: impl Fn(&str) -> Option<String>) -> Result<[(Service, Url); 3]> {
    let home = |service: Service| {
        let name = service.variable();
        let Some(text) = variable(name).filter(|text| !text.is_empty()) else {
            return Ok((service, Url::parse(service.home())?));
        };
        let url = Url::parse(&text).with_context(|| format!("{name} holds no URL: “{text}”"))?;
        ensure!(
            matches!(url.scheme(), "http" | "https") && url.has_host(),
            "{name} is neither http nor https: “{text}”"
        );
        Ok((service, url))
    };
    let [github, arxiv, crossref] = Service::ALL;
    Ok([home(github)?, home(arxiv)?, home(crossref)?])
}

/// `gh` was asked for its token, and has not answered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("gh has not named its token within {} s: GitHub is asked without one, 60 times an hour at most", .0.as_secs())]
pub struct TokenTimeout(Duration);

impl TokenTimeout {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        "set GITHUB_TOKEN, or see what gh auth status says"
    }
}

/// The token of the environment; else that of the `gh` program, which is for GitHub itself alone.
///
/// # Errors
///
/// When `gh` does not answer. That it is not there, or not signed in, is no error.
pub fn token(github: &Url, variable: impl Fn(&str) -> Option<String>) -> Result<Option<String>, TokenTimeout> {
    let set = |name| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let is_home = github.as_str().trim_end_matches('/') == Service::GitHub.home();
    let token = match set("GITHUB_TOKEN").or_else(|| set("GH_TOKEN")) {
        None if is_home => token_of("gh".as_ref(), GH)?,
        set => set,
    };
    Ok(token.filter(|token| token.bytes().all(|b| b.is_ascii_graphic())))
}

/// What the `gh` program signs its own requests with; nothing where it is not signed in.
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
            assert_eq!(limit(&map, now).map(Timestamp::as_second), expected, "{headers:?}");
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
        assert!(silent.to_string().starts_with("gh has not named its token"));
        assert!(!done.exists());
        assert_eq!(token_of(folder.path().join("none").as_os_str(), GH), Ok(None));
    }
}
