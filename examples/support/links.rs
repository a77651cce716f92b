//! Links in entries: pull requests, papers, advisories, standards and posts.
//!
//! The repositories and standards exist; numbers, titles and posts are made up. Hosts of posts
//! end in `.example`, which does not resolve.

use super::{random::Random, words::Words};
use std::fmt::Write;

/// Repositories, most mentioned first, with the number of pull requests and issues per year.
const REPOS: [(&str, usize); 40] = [
    ("kubernetes/kubernetes", 11_000),
    ("containerd/nerdctl", 700),
    ("containerd/containerd", 1_100),
    ("rust-lang/rust", 12_000),
    ("cilium/cilium", 4_200),
    ("moby/moby", 4_300),
    ("golang/go", 6_000),
    ("etcd-io/etcd", 1_700),
    ("tokio-rs/tokio", 800),
    ("prometheus/prometheus", 1_300),
    ("grafana/grafana", 9_500),
    ("pingcap/tidb", 6_000),
    ("python/cpython", 13_000),
    ("opencontainers/runc", 420),
    ("moby/buildkit", 650),
    ("envoyproxy/envoy", 4_000),
    ("apache/kafka", 1_800),
    ("istio/istio", 5_500),
    ("systemd/systemd", 3_600),
    ("redis/redis", 1_200),
    ("quickwit-oss/tantivy", 260),
    ("ratatui/ratatui", 500),
    ("BurntSushi/ripgrep", 280),
    ("helix-editor/helix", 2_400),
    ("neovim/neovim", 3_000),
    ("tmux/tmux", 480),
    ("ClickHouse/ClickHouse", 9_000),
    ("facebook/rocksdb", 1_250),
    ("grpc/grpc-go", 750),
    ("kubernetes-sigs/kind", 520),
    ("helm/helm", 2_800),
    ("coredns/coredns", 780),
    ("open-telemetry/opentelemetry-collector", 1_900),
    ("bpftrace/bpftrace", 450),
    ("iovisor/bcc", 520),
    ("microsoft/vscode", 26_000),
    ("denoland/deno", 4_000),
    ("ziglang/zig", 2_600),
    ("nodejs/node", 5_500),
    ("cockroachdb/cockroach", 14_000),
];

const RFCS: [&str; 14] =
    ["9110", "9114", "9000", "8446", "7540", "1035", "8484", "6455", "9113", "7519", "6749", "9293", "8305", "4271"];
const VENUES: [&str; 8] = ["osdi", "nsdi", "fast", "atc", "usenixsecurity", "lisa", "srecon", "hotos"];
const FILED_UNDER: [&str; 8] = ["blog", "posts", "p", "articles", "notes", "archive", "engineering", "weekly"];

/// Context in which a link is written.
pub struct Around<'w> {
    pub words: &'w Words,
    pub year: i16,
    /// Offset of the person's favourites.
    pub turn: usize,
    pub han: bool,
}

/// Link target with its label.
pub struct Link {
    pub url: String,
    /// Text in brackets, or on its own if there is no link.
    pub label: String,
    /// True if the label alone identifies the target, without the URL.
    pub speaks: bool,
}

impl Around<'_> {
    pub fn link(&self, random: &mut Random) -> Link {
        match random.below(100) {
            0..50 => self.thread(random),
            50..58 => self.paper(random),
            58..62 => advisory(self.year, random),
            62..65 => standard(random),
            65..70 => self.release(random),
            _ => self.post(random),
        }
    }

    /// Makes a pull request or an issue with a number that fits its year. In one of 400 labels, two
    /// digits are swapped.
    fn thread(&self, random: &mut Random) -> Link {
        let is_pull = random.percent(65);
        let (repo, a_year) = self.repo(random);
        let number = a_year * self.since(2014) + random.below(a_year) + 10;
        let shown = if random.below(400) == 0 { swapped(number) } else { number };
        let name = repo.rsplit('/').next().unwrap_or(&repo);
        let label = match (random.below(5), is_pull) {
            (0, true) => format!("PR{shown}"),
            (0, false) => format!("Issue {shown}"),
            (1, true) => format!("PR {shown}"),
            (1, false) | (2, _) => format!("#{shown}"),
            (3, _) => format!("{repo}#{shown}"),
            _ => format!("{name}#{shown}"),
        };
        let path = if is_pull { "pull" } else { "issues" };
        Link { url: format!("https://github.com/{repo}/{path}/{number}"), speaks: label.contains('/'), label }
    }

    /// Picks a repository. One in six is in the long tail that a log names once or twice.
    fn repo(&self, random: &mut Random) -> (String, usize) {
        if random.percent(83) {
            let (repo, a_year) = REPOS[random.favourite(REPOS.len(), self.turn)];
            return (repo.to_owned(), a_year);
        }
        let (mut owner, mut name) = (String::new(), String::new());
        let nth = random.word_rank();
        self.words.project(nth, &mut owner);
        self.words.noun(nth.wrapping_mul(7) % 100_000, &mut name);
        (format!("{owner}/{name}"), 40 + nth % 300)
    }

    fn release(&self, random: &mut Random) -> Link {
        let (repo, _) = self.repo(random);
        let version = format!("v{}.{}.{}", random.below(3), self.since(2013), random.rank(12));
        let name = repo.rsplit('/').next().unwrap_or(&repo);
        let label = format!("{name} {version}");
        Link { url: format!("https://github.com/{repo}/releases/tag/{version}"), label, speaks: false }
    }

    fn paper(&self, random: &mut Random) -> Link {
        let year = self.year as usize % 100;
        let url = match random.below(4) {
            0 | 1 => {
                let month = random.between(1, 12);
                format!("https://arxiv.org/abs/{year:02}{month:02}.{:05}", random.between(1, 18_000))
            }
            2 => {
                let mut author = String::new();
                self.words.project(random.word_rank(), &mut author);
                format!("https://www.usenix.org/conference/{}{year:02}/presentation/{author}", random.one_of(&VENUES))
            }
            _ => format!(
                "https://doi.org/10.1145/{}.{}",
                random.between(3_000_000, 3_700_000),
                random.between(3_000_000, 3_700_000)
            ),
        };
        Link { url, label: self.title(random), speaks: false }
    }

    fn post(&self, random: &mut Random) -> Link {
        let (mut host, mut slug) = (String::new(), String::new());
        self.words.project(random.word_rank(), &mut host);
        for nth in 0..random.between(2, 4) {
            if nth > 0 {
                slug.push('-');
            }
            self.words.noun(random.word_rank(), &mut slug);
        }
        let mut url = format!("https://{host}.example/{}/", random.one_of(&FILED_UNDER));
        if random.percent(40) {
            let _ = write!(url, "{}/{:02}/", self.year, random.between(1, 12));
        }
        url.push_str(&slug);
        if random.percent(8) {
            url.push_str("?utm_source=weekly&utm_medium=rss");
        }
        Link { url, label: self.title(random), speaks: false }
    }

    /// Makes a title in the language of its context.
    fn title(&self, random: &mut Random) -> String {
        let mut title = String::new();
        if self.han && random.percent(60) {
            self.words.han_noun(random.word_rank(), &mut title);
            title.push_str(random.one_of(&["的", "中的", "与", "实践：", "里的", "和"]));
            self.words.han_noun(random.word_rank(), &mut title);
            return title;
        }
        title.push_str(random.one_of(&["", "A ", "The ", "Towards ", "On ", "Inside the ", "Notes on "]));
        title.push_str(random.one_of(&self.words.adjectives));
        title.push(' ');
        self.words.noun(random.word_rank(), &mut title);
        title.push_str(random.one_of(&[" in ", " for ", " without ", " and the ", ": a ", " at "]));
        self.words.noun(random.word_rank(), &mut title);
        title
    }

    fn since(&self, year: i16) -> usize {
        usize::try_from(self.year - year).unwrap_or(0)
    }
}

fn advisory(year: i16, random: &mut Random) -> Link {
    let id = format!("CVE-{year}-{}", random.between(1_000, 58_000));
    Link { url: format!("https://nvd.nist.gov/vuln/detail/{id}"), label: id, speaks: true }
}

fn standard(random: &mut Random) -> Link {
    let number = RFCS[random.rank(RFCS.len())];
    Link { url: format!("https://www.rfc-editor.org/rfc/rfc{number}"), label: format!("RFC {number}"), speaks: false }
}

/// Swaps the last two digits.
fn swapped(number: usize) -> usize {
    let (rest, tens, ones) = (number / 100, number / 10 % 10, number % 10);
    rest * 100 + ones * 10 + tens
}
