//! Titles of references, fetched from a server on this machine that answers well, badly or not at all.

use crate::cli::{Place, sennight};
use jiff::civil::date;
use sennight::{
    fetch::{FetchSummary, Fetcher, Service},
    insight::titles::Titles,
};
use std::{
    cell::RefCell,
    fs,
    io::{Read, Write},
    net::TcpListener,
    process::Output,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};
use url::Url;

/// Speaks HTTP as badly as it is told to, on a port of its own.
struct Server {
    url: String,
    /// The requests so far, each with its headers.
    asked: Arc<Mutex<Vec<String>>>,
}

/// Answers each request, by its target and number, with these bytes; with none it never answers.
fn serve(answer: impl Fn(&str, usize) -> Vec<u8> + Send + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let requests = asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let nth = {
                let mut requests = requests.lock().expect("one thread");
                requests.push(head);
                requests.len() - 1
            };
            let bytes = answer(&target, nth);
            // Byte by byte, as over a bad line; a client may have heard enough.
            let _ = stream.set_nodelay(true);
            if bytes.is_empty() {
                let _ = stream.read(&mut byte);
            } else if bytes.len() < 4000 {
                let _ = bytes.iter().try_for_each(|byte| stream.write_all(&[*byte]));
            } else {
                let _ = stream.write_all(&bytes);
            }
        }
    });
    Server { url, asked }
}

impl Server {
    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("one thread").clone()
    }

    /// What was asked for, without headers.
    fn targets(&self) -> Vec<String> {
        self.asked().iter().filter_map(|head| Some(head.split(' ').nth(1)?.to_owned())).collect()
    }
}

fn http(status: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (headers, length) = (headers.concat(), body.len());
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into()
}

fn good() -> Vec<u8> {
    http("200 OK", &[], r#"{"title":"Lazy loading","state":"open","closed_at":null}"#)
}

/// What came of asking, what was handed over, and the seconds that would have been waited.
struct Run {
    fetched: FetchSummary,
    titles: Titles,
    waited: Vec<u64>,
}

impl Run {
    /// Counts and reasons.
    fn shown(&self) -> String {
        let FetchSummary { titled, missing, failed, stops } = &self.fetched;
        let counts = format!("{titled} {missing} {failed}");
        let stops = stops.iter().map(ToString::to_string);
        [counts].into_iter().chain(stops).collect::<Vec<_>>().join(" ")
    }
}

/// Asks `server` for the pull requests of these numbers, as fast as it answers.
fn fetch(server: &str, numbers: std::ops::Range<u32>) -> Run {
    let waited = RefCell::new(Vec::new());
    let sleep = |time: Duration| waited.borrow_mut().extend((time.as_secs() > 0).then_some(time.as_secs()));
    let url = Url::parse(server).expect("a URL");
    let network = Fetcher {
        homes: Service::ALL.map(|service| (service, url.clone())),
        token: Some("secret".to_owned()),
        timeout: Duration::from_millis(900),
        today: date(2026, 3, 1),
        sleep: &sleep,
    };
    let keys: Vec<String> = numbers.map(|number| format!("github.com/a/b#{number}")).collect();
    let mut titles = Titles::default();
    let mut keep = |fresh: Vec<_>| {
        titles.0.extend(fresh);
        Ok(())
    };
    let fetched = network.fetch(&keys, &mut keep, &mut |_| {}).expect("kept");
    Run { fetched, titles, waited: waited.into_inner() }
}

fn fetch_of(answer: impl Fn(&str, usize) -> Vec<u8> + Send + 'static, numbers: std::ops::Range<u32>) -> Run {
    fetch(&serve(answer).url, numbers)
}

#[test]
fn a_good_server_is_asked_once_for_each() {
    let server = serve(|_, _| good());
    let run = fetch(&server.url, 1..4);
    assert_eq!((run.shown().as_str(), run.waited.len()), ("3 0 0", 0));
    let paths = ["/repos/a/b/issues/1", "/repos/a/b/issues/2", "/repos/a/b/issues/3"];
    assert_eq!(server.targets(), paths);
    assert!(server.asked().iter().all(|head| head.to_lowercase().contains("authorization: bearer secret")));
    assert_eq!(run.titles.0["github.com/a/b#2"].text(), "Lazy loading");
}

#[test]
fn what_is_not_there_is_known_to_be_missing() {
    for status in ["404 Not Found", "410 Gone", "451 Unavailable For Legal Reasons"] {
        let run = fetch_of(move |_, _| http(status, &[], "{}"), 1..3);
        assert_eq!(run.shown(), "0 2 0", "{status}");
        assert!(run.titles.0.values().all(|title| title.title.is_none()));
    }
}

#[test]
fn a_short_limit_is_waited_for_and_a_long_one_ends_the_run() {
    let short = |_: &str, nth| if nth == 1 { http("429 Too Many", &[("Retry-After", "7")], "") } else { good() };
    let run = fetch_of(short, 1..4);
    assert_eq!((run.shown().as_str(), run.waited), ("3 0 0", vec![7]));

    let headers = [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "4102444800")];
    let run = fetch_of(move |_, nth| if nth < 2 { good() } else { http("403 Forbidden", &headers, "") }, 1..9);
    let shown = run.shown();
    assert!(shown.starts_with("2 0 0 GitHub allows no more requests before 2"), "{shown}");
    assert_eq!((run.titles.0.len(), run.waited.len()), (2, 0));

    // Said with the last good answer: nobody asks to be refused.
    let body = r#"{"title":"x","state":"open"}"#;
    let server = serve(move |_, _| http("200 OK", &headers, body));
    assert!(fetch(&server.url, 1..9).shown().starts_with("1 0 0 GitHub allows no more"));
    assert_eq!(server.asked().len(), 1);
    assert_eq!(fetch(&server.url, 1..2).shown(), "1 0 0", "the last one needs no more requests");

    let run = fetch_of(|_, _| http("429 Too Many", &[("Retry-After", "3")], ""), 1..9);
    assert!(run.shown().starts_with("0 0 0 GitHub allows no more"), "{}", run.shown());
}

#[test]
fn a_failing_server_is_tried_again_and_then_left_alone() {
    let once = |_: &str, nth| if nth == 0 { http("500 Internal Server Error", &[], "") } else { good() };
    let run = fetch_of(once, 1..3);
    assert_eq!((run.shown().as_str(), run.waited), ("2 0 0", vec![1]));

    let server = serve(|_, _| http("502 Bad Gateway", &[], "<html>"));
    let run = fetch(&server.url, 1..100);
    assert!(run.shown().starts_with("0 0 3 GitHub at 127.0.0.1:"), "{}", run.shown());
    assert!(run.shown().ends_with("gives no usable answer: status 502"), "{}", run.shown());
    assert_eq!((server.asked().len(), run.waited), (9, vec![1, 4, 1, 4, 1, 4]));
}

#[test]
fn refused_reference_does_not_block_others() {
    let run = fetch_of(|target, _| if target.ends_with("/2") { http("403 Forbidden", &[], "") } else { good() }, 1..4);
    assert_eq!((run.shown().as_str(), run.titles.0.len()), ("2 0 1", 2));
    let run = fetch_of(|_, _| http("401 Unauthorized", &[], "{}"), 1..4);
    assert_eq!(run.shown(), "0 0 0 GitHub does not accept the token");
}

#[test]
fn garbage_becomes_no_title() {
    let huge = format!(r#"{{"title":"{}","state":"open"}}"#, "长".repeat(700_000));
    for garbage in [
        http("200 OK", &[], "{\"title\":"),
        http("200 OK", &[], "[]"),
        http("200 OK", &[], ""),
        http("200 OK", &[], &"[".repeat(100_000)),
        http("200 OK", &[], &huge),
        http("200 OK", &[], r#"{"title":"\u001b[2J\u0007","state":"open"}"#),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n\xff\xfe\x00\x80\x1b".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"title\":".to_vec(),
        b"\x00\x01\x02 what\r\n\r\n".to_vec(),
        b"HTTP/1.1 999999 ?\r\n\r\n".to_vec(),
    ] {
        let shown = String::from_utf8_lossy(&garbage).chars().take(80).collect::<String>();
        let run = fetch_of(move |_, nth| if nth == 0 { garbage.clone() } else { good() }, 1..3);
        assert_eq!((run.shown().as_str(), run.titles.0.len()), ("1 0 1", 1), "{shown:?}");
    }
}

#[test]
fn redirects_are_followed_but_not_for_ever() {
    let moved = |target: &str, _| {
        if target == "/repositories/7/issues/1" {
            good()
        } else {
            http("301 Moved Permanently", &[("Location", "/repositories/7/issues/1")], "")
        }
    };
    assert_eq!(fetch_of(moved, 1..2).shown(), "1 0 0");
    let server = serve(|target, _| http("302 Found", &[("Location", target)], ""));
    assert_eq!(fetch(&server.url, 1..2).shown(), "0 0 1");
    assert!(server.asked().len() < 10);
    for elsewhere in ["file:///etc/passwd", "gopher://x/", "http://", "\u{1}"] {
        let run = fetch_of(move |_, _| http("302 Found", &[("Location", elsewhere)], ""), 1..2);
        assert_eq!(run.fetched.titled, 0, "{elsewhere}");
    }
    // The token stays with its server.
    let other = serve(|_, _| good());
    let there = other.url.replace("127.0.0.1", "localhost");
    let run = fetch_of(move |_, _| http("302 Found", &[("Location", &format!("{there}/x"))], ""), 1..2);
    assert_eq!(run.shown(), "1 0 0");
    assert!(!other.asked()[0].contains("secret"), "{:?}", other.asked());
}

#[test]
fn silence_and_absence_are_said() {
    let run = fetch_of(|_, _| Vec::new(), 1..3);
    assert!(run.shown().contains("cannot reach GitHub at 127.0.0.1:"), "{}", run.shown());
    assert!(run.shown().ends_with("no answer within 0.9 s"), "{}", run.shown());
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address");
    let run = fetch(&format!("http://{gone}"), 1..3);
    assert!(run.shown().starts_with("0 0 0 cannot reach GitHub"), "{}", run.shown());
    assert!(run.waited.is_empty());
}

const NOTE: &str = "# 2024年6月第二周周报\n\n1， 看了 [PR1](https://github.com/a/b/pull/1) 与 [PR2](https://github.com/a/b/pull/2)\n2. <https://arxiv.org/abs/1706.03762>、<https://doi.org/10.1145/1.2>\n3. 别处的 [MR](https://gitlab.com/a/b/-/merge_requests/9)\n";

/// Answers as all three services would, with titles that mean harm.
fn services(target: &str, _: usize) -> Vec<u8> {
    let hostile = r"\u001b]0;owned\u0007\u001b[2J限流\u202e\n 网关\u0000 👩‍💻";
    let body = if target.starts_with("/repos/a/b/issues/1") {
        format!(r#"{{"title":"{hostile}","state":"closed","pull_request":{{"merged_at":"2022-08-22T10:00:00Z"}}}}"#)
    } else if target.starts_with("/query") {
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>http://arxiv.org/abs/1706.03762v7</id><title>Attention &#x202e;Is All</title><published>2017-06-12T17:57:34Z</published></entry></feed>".to_owned()
    } else if target.starts_with("/works/10.1145%2F1.2") {
        r#"{"message":{"title":["On <i>lists</i>"],"issued":{"date-parts":[[2019,6]]}}}"#.to_owned()
    } else {
        return http("404 Not Found", &[], "{}");
    };
    http("200 OK", &[], &body)
}

fn fetch_titles(place: &Place, server: &str, arguments: &[&str]) -> Output {
    let mut command = sennight(place.folder.path());
    for service in Service::ALL {
        command.env(service.variable(), server);
    }
    command.env("SENNIGHT_STATE", "state").args(["fetch-titles", "--log", "notes"]).args(arguments);
    command.output().expect("the program runs")
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn titles_are_kept_and_shown_beside_references() {
    let place = Place::new(&[("2024-06-week2.md", NOTE.as_bytes())]);
    let server = serve(services);
    let (code, stdout, stderr) = said(&fetch_titles(&place, &server.url, &[]));
    assert_eq!((code, stderr.as_str()), (Some(0), "sennight: 3 fetched, 1 not found\n"));
    insta::assert_snapshot!(stdout, @"
    github.com/a/b#1 限流 网关 👩‍💻 merged 2022-08-22
    github.com/a/b#2 not found
    arXiv:1706.03762 Attention Is All 2017
    doi:10.1145/1.2 On lists 2019
    ");
    assert!(server.asked().iter().all(|head| head.contains("user-agent: sennight/")), "{:?}", server.asked());

    // Nothing is asked twice.
    let before = server.asked().len();
    for arguments in [&[][..], &["--again"]] {
        let (code, _, stderr) = said(&fetch_titles(&place, &server.url, arguments));
        assert_eq!((code, stderr.as_str()), (Some(0), "sennight: all 4 titles are cached already\n"));
    }
    assert_eq!(server.asked().len(), before);

    let run = |arguments: &[&str]| {
        let mut command = sennight(place.folder.path());
        command.env("SENNIGHT_STATE", "state").args(["--log", "notes"]).args(arguments);
        let (code, stdout, stderr) = said(&command.output().expect("the program runs"));
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{arguments:?}");
        stdout
    };
    insta::assert_snapshot!(run(&["refs"]), @"
    1 pr         a/b#1 限流 网关 👩‍💻 (merged 2022-08-22) 2024-06-03 https://github.com/a/b/pull/1
    1 pr         a/b#2 2024-06-03 https://github.com/a/b/pull/2
    1 mr         a/b#9 2024-06-03 https://gitlab.com/a/b/-/merge_requests/9
    1 paper      arXiv:1706.03762 Attention Is All (2017) 2024-06-03 https://arxiv.org/abs/1706.03762
    1 paper      doi:10.1145/1.2 On lists (2019) 2024-06-03 https://doi.org/10.1145/1.2
    ");
    let refs: serde_json::Value =
        serde_json::from_str(&run(&["refs", "--format", "json", "--kind", "pr"])).expect("JSON");
    let row = refs.as_array().expect("rows").iter().find(|row| row["id"] == "a/b#1").expect("a row");
    assert_eq!((row["title"].as_str(), row["state"].as_str()), (Some("限流 网关 👩‍💻"), Some("merged")));
    assert!(run(&["refs", "--format", "markdown"]).contains("On lists (2019)"));
    let bibliography = run(&["refs", "--format", "bibtex"]);
    assert!(bibliography.contains("title = {{Attention Is All}}") && bibliography.contains("year = {2019}"));
    stands_elsewhere(&run);
    assert_eq!(server.asked().len(), before, "only fetch-titles asks");
    let file = fs::read_to_string(place.folder.path().join("state/titles.json")).expect("the file");
    assert!(!file.contains('\u{1b}') && !file.contains("\\u001b") && file.contains("\"asked\": \""), "{file}");
}

/// Titles stand wherever references do.
fn stands_elsewhere(run: &dyn Fn(&[&str]) -> String) {
    let json = |arguments: &[&str]| -> serde_json::Value { serde_json::from_str(&run(arguments)).expect("JSON") };
    let of = |value: &serde_json::Value| (value["title"].to_string(), value["state"].to_string());
    let merged = ("\"限流 网关 👩‍💻\"".to_owned(), "\"merged\"".to_owned());

    let found = json(&["search", "--format", "json", "看了"]);
    assert_eq!(of(&found[0]["refs"][0]), merged);
    assert_eq!(found[0]["refs"][1].get("title"), None, "what is not known is not there");
    let key = found[0]["key"].as_str().expect("a key");
    insta::assert_snapshot!(run(&["show", key]).lines().filter(|line| line.starts_with("pr ")).collect::<Vec<_>>().join("\n"), @"
    pr     a/b#1 限流 网关 👩‍💻 (merged 2022-08-22) https://github.com/a/b/pull/1
    pr     a/b#2 https://github.com/a/b/pull/2
    ");
    assert_eq!(of(&json(&["show", "--format", "json", key])["refs"][0]), merged);
    assert_eq!(of(&json(&["export", "--format", "json"])[0]["entries"][0]["refs"][0]), merged);

    assert_eq!(of(&json(&["thread", "--format", "json", "a/b#1"])["topic"]), merged);
    let thread = run(&["thread", "--format", "markdown", "a/b#1"]);
    let head = "# [a/b#1](<https://github.com/a/b/pull/1>) 限流 网关 👩‍💻 (merged 2022-08-22)\n";
    assert!(thread.starts_with(head), "{thread}");

    assert_eq!(of(&json(&["stats", "--format", "json"])["changes"][0]), merged);
    let report = run(&["stats", "--format", "markdown"]);
    assert!(report.contains("(<https://arxiv.org/abs/1706.03762>) Attention Is All (2017)\n"), "{report}");
    let review = run(&["stats"]);
    assert!(review.contains("  1×  a/b#1  限流 网关 👩‍💻  merged 2022-08-22\n"), "{review}");
    assert!(review.contains("  1×  doi:10.1145/1.2  On lists  2019\n"), "{review}");
}

#[test]
fn fetch_resumes_where_the_last_ended() {
    let place = Place::new(&[("2024-06-week2.md", NOTE.as_bytes())]);
    let (code, stdout, stderr) = said(&fetch_titles(&place, &serve(services).url, &["--limit", "1"]));
    assert_eq!((code, stdout.lines().count(), stderr.as_str()), (Some(0), 1, "sennight: 1 fetched, 3 left\n"));

    let headers = [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "4102444800")];
    let server = serve(move |_, _| http("403 Forbidden", &headers, "{}"));
    let (code, stdout, stderr) = said(&fetch_titles(&place, &server.url, &["看了"]));
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("GitHub allows no more requests before 2"), "{stderr}");
    assert!(stderr.contains("help: run it again then"), "{stderr}");

    let server = serve(services);
    let (code, _, stderr) = said(&fetch_titles(&place, &server.url, &[]));
    assert_eq!((code, stderr.as_str()), (Some(0), "sennight: 2 fetched, 1 not found\n"));
    assert!(!server.targets().contains(&"/repos/a/b/issues/1".to_owned()), "{:?}", server.targets());
}

#[test]
fn what_cannot_be_done_is_said() {
    let place = Place::new(&[("2024-06-week2.md", NOTE.as_bytes()), ("b.md", "# b\n\n无链接\n".as_bytes())]);
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address");
    let (code, stdout, stderr) = said(&fetch_titles(&place, &format!("http://{gone}"), &[]));
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(
        stderr.contains("cannot reach Crossref at 127.0.0.1:") && stderr.contains("when the network works"),
        "{stderr}"
    );
    assert!(!place.folder.path().join("state/titles.json").exists());

    let (code, _, stderr) = said(&fetch_titles(&place, "nowhere", &[]));
    assert!(code == Some(2) && stderr.contains("SENNIGHT_GITHUB_API is not a URL"), "{stderr}");
    let (code, _, stderr) = said(&fetch_titles(&place, &format!("http://{gone}"), &["无链接"]));
    assert!(code == Some(1) && stderr.contains("these entries link to no pull request"), "{stderr}");

    // A file of titles that cannot be read is left alone, and hinders nothing else.
    let file = place.folder.path().join("state/titles.json");
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    for damaged in ["{", "\0", r#"{"version":9,"titles":{}}"#] {
        fs::write(&file, damaged).expect("written");
        let server = serve(services);
        assert_eq!(fetch_titles(&place, &server.url, &[]).status.code(), Some(2), "{damaged}");
        assert!(server.asked().is_empty());
        let mut refs = sennight(place.folder.path());
        refs.env("SENNIGHT_STATE", "state").args(["refs", "--log", "notes"]);
        let (code, stdout, stderr) = said(&refs.output().expect("the program runs"));
        assert!(code == Some(0) && stdout.contains("a/b#1") && stderr.contains("cannot read the titles"), "{stderr}");
        assert_eq!(fs::read_to_string(&file).expect("read"), damaged);
    }
}
