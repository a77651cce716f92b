//! Tags: the topics of an entry, each with its evidence.
//!
//! The rules are data (`assets/tags.toml`, then the user's). Sees the words, links and front matter
//! it is given; knows nothing of files, notes or time.

use super::{kind::Kind, name::NameKind};
use crate::reference::without_www;
use crate::text::{fold, is_han};
use daachorse::DoubleArrayAhoCorasick;
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, fmt, ops::Range};

/// The built-in topics. Commented: the file is the manual of its format.
pub const DEFAULT_RULES: &str = include_str!("../../assets/tags.toml");

/// A tag in its one canonical spelling.
///
/// Invariant: non-empty, no leading `#`, no white space, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Tag {
    /// Canonical form of `raw`, or `None` when nothing of it can be a tag.
    pub fn new(raw: &str) -> Option<Tag> {
        let name = crate::text::clean_line(raw.trim().trim_matches(['#', '＃', '/'])).into_owned();
        (!name.is_empty() && !name.contains(char::is_whitespace) && name.chars().count() <= LONGEST)
            .then_some(Tag(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters of a tag; a longer "tag" is a sentence behind a stray `#`.
const LONGEST: usize = 40;

/// Number of tags up to which a linear search for duplicates is used.
const FEW: usize = 16;

/// Topic rules ready for use.
pub struct TagRules {
    tags: Vec<TagRule>,
    /// Folded canonical name or alias to the index of its tag.
    names: HashMap<String, usize>,
    /// Finds words, by their number in `patterns`; `None` without any.
    words: Option<DoubleArrayAhoCorasick<u32>>,
    patterns: Vec<Pattern>,
    repos: HashMap<String, usize>,
    /// Owners of repositories, with the tag of all their repositories.
    owners: HashMap<String, usize>,
    /// Hosts, each with path prefixes and their tags.
    urls: HashMap<String, Vec<(String, usize)>>,
}

struct TagRule {
    name: String,
    parent: Option<usize>,
}

impl fmt::Debug for TagRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TagRules").field("tags", &self.tags.len()).finish_non_exhaustive()
    }
}

/// A word that gives tags.
struct Pattern {
    tags: Vec<usize>,
    /// True when the word matches only as a whole word, as Latin words do.
    alone: bool,
}

/// Error in topic rules.
#[derive(Debug, thiserror::Error)]
pub enum TagRulesError {
    #[error("the topic rules are not valid TOML")]
    Toml(#[from] toml::de::Error),
    #[error("the topic “{0}” names a parent that is not a topic: “{1}”")]
    Parent(String, String),
    #[error("“{0}” cannot be a topic: its name must have no spaces and no #")]
    Name(String),
    #[error("the topics have too many words: {0}")]
    Words(daachorse::errors::DaachorseError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TagsFile {
    #[serde(default)]
    tag: Vec<TagDefinition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TagDefinition {
    name: String,
    parent: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    repos: Vec<String>,
    #[serde(default)]
    urls: Vec<String>,
}

/// Parts of an entry that can give it tags.
#[derive(Debug, Clone, Copy)]
pub struct TagInput<'a> {
    /// The entry's own words with its title; no quotations, no code blocks.
    pub words: &'a str,
    /// Repositories linked, as `owner/repo`, with their host.
    pub repos: &'a [(&'a str, &'a str)],
    /// URLs linked.
    pub urls: &'a [&'a str],
    /// Tags of the note's front matter.
    pub front: &'a [String],
}

/// A tag given to an entry, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagReason<'r> {
    pub name: Cow<'r, str>,
    pub why: TagWhy<String>,
}

/// Evidence for a tag, with texts of type `T`. [`fmt::Display`] prints it for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TagWhy<T> {
    /// A hashtag in the text, as it is written there, without the `#`.
    Hashtag(T),
    FrontMatter,
    /// A link to a repository or page that a rule names, as `host/path`.
    Link(T),
    /// A word of the text that a rule names, folded.
    Word(T),
    Kind(Kind),
    /// A name that no rule knows and that recurs in several notes.
    Recurrence(Recurrence<T>),
}

/// Evidence for a discovered tag: a name, as it is written most often, and where it recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence<T> {
    pub kind: NameKind,
    pub spelling: T,
    /// Number of notes, or of days of a note with dated sections, that mention it.
    pub places: u32,
}

impl Recurrence<String> {
    /// Borrows the spelling.
    pub(crate) fn borrowed(&self) -> Recurrence<&str> {
        Recurrence { kind: self.kind, spelling: &self.spelling, places: self.places }
    }
}

impl<T> TagWhy<T> {
    /// Converts the text by `convert`.
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> TagWhy<U> {
        match self {
            TagWhy::Hashtag(name) => TagWhy::Hashtag(convert(name)),
            TagWhy::FrontMatter => TagWhy::FrontMatter,
            TagWhy::Link(target) => TagWhy::Link(convert(target)),
            TagWhy::Word(word) => TagWhy::Word(convert(word)),
            TagWhy::Kind(kind) => TagWhy::Kind(kind),
            TagWhy::Recurrence(Recurrence { kind, spelling, places }) => {
                TagWhy::Recurrence(Recurrence { kind, spelling: convert(spelling), places })
            }
        }
    }
}

impl<T: fmt::Display> fmt::Display for TagWhy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TagWhy::Hashtag(name) => write!(f, "#{name} in the text"),
            TagWhy::FrontMatter => f.write_str("front matter"),
            TagWhy::Link(target) => write!(f, "link {target}"),
            TagWhy::Word(word) => write!(f, "the word “{word}”"),
            TagWhy::Kind(kind) => write!(f, "it is of kind {}", kind.name()),
            TagWhy::Recurrence(recurrence) => recurrence.fmt(f),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Recurrence<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} “{}” recurs, {} times", self.kind.name(), self.spelling, self.places)
    }
}

impl TagRules {
    /// Reads rules in the format of `assets/tags.toml`. A second rule of the same name adds to the first.
    pub fn parse(text: &str) -> Result<TagRules, TagRulesError> {
        let file: TagsFile = toml::from_str(text)?;
        let mut rules = TagRules {
            tags: Vec::new(),
            names: HashMap::new(),
            words: None,
            patterns: Vec::new(),
            repos: HashMap::new(),
            owners: HashMap::new(),
            urls: HashMap::new(),
        };
        for tag in &file.tag {
            let name = Tag::new(&tag.name).filter(|name| name.as_str() == tag.name);
            let name = name.ok_or_else(|| TagRulesError::Name(tag.name.clone()))?;
            if let std::collections::hash_map::Entry::Vacant(free) = rules.names.entry(fold(&tag.name)) {
                free.insert(rules.tags.len());
                rules.tags.push(TagRule { name: name.0, parent: None });
            }
        }
        let mut words = BTreeMap::new();
        for tag in &file.tag {
            rules.learn(tag, &mut words)?;
        }
        if !words.is_empty() {
            let numbered = words.keys().zip(0..);
            rules.words = Some(DoubleArrayAhoCorasick::with_values(numbered).map_err(TagRulesError::Words)?);
        }
        let pattern = |(word, tags): (String, Vec<usize>)| Pattern { tags, alone: !word.chars().any(is_han) };
        rules.patterns = words.into_iter().map(pattern).collect();
        Ok(rules)
    }

    fn learn(&mut self, tag: &TagDefinition, words: &mut BTreeMap<String, Vec<usize>>) -> Result<(), TagRulesError> {
        let at = self.names[&fold(&tag.name)];
        if let Some(parent) = &tag.parent {
            let unknown = || TagRulesError::Parent(tag.name.clone(), parent.clone());
            self.tags[at].parent = Some(*self.names.get(&fold(parent)).ok_or_else(unknown)?);
        }
        for word in tag.aliases.iter().chain([&tag.name]).map(|word| fold_word(word)) {
            self.names.entry(word.replace(' ', "-")).or_insert(at);
            if word.chars().count() > 1 {
                let tags = words.entry(word).or_default();
                if !tags.contains(&at) {
                    tags.push(at);
                }
            }
        }
        for repo in &tag.repos {
            let repo = repo.to_lowercase();
            match repo.strip_suffix("/*") {
                Some(owner) => self.owners.insert(owner.to_owned(), at),
                None => self.repos.insert(repo, at),
            };
        }
        for url in &tag.urls {
            let (host, path) = url.split_once('/').unwrap_or((url, ""));
            self.urls.entry(host.to_lowercase()).or_default().push((path.to_owned(), at));
        }
        Ok(())
    }

    /// The rules that come with sennight.
    pub fn built_in() -> TagRules {
        TagRules::parse(DEFAULT_RULES).expect("assets/tags.toml is tested")
    }

    pub fn len(&self) -> usize {
        self.tags.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The canonical spelling of a tag written in any way, by alias if it is one.
    pub fn canonical(&self, raw: &str) -> Option<String> {
        let tag = Tag::new(raw)?;
        let leaf = tag.as_str().rsplit('/').next().unwrap_or(tag.as_str());
        Some(match self.names.get(&fold(tag.as_str())).or_else(|| self.names.get(&fold(leaf))) {
            Some(at) => self.tags[*at].name.clone(),
            None => tag.0,
        })
    }

    /// Reports whether `folded` is a name or alias of a topic, folded.
    pub fn knows(&self, folded: &str) -> bool {
        self.names.contains_key(folded)
    }

    /// Names and aliases of all topics, folded, each with the canonical name.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(name, at)| (name.as_str(), self.tags[*at].name.as_str()))
    }

    /// The topics above `name`, nearest first; at most 8, so that a cycle ends.
    pub fn parents(&self, name: &str) -> Vec<&str> {
        let mut above = Vec::new();
        let mut at = self.names.get(&fold(name)).and_then(|at| self.tags[*at].parent);
        while let Some(parent) = at.filter(|_| above.len() < 8) {
            above.push(self.tags[parent].name.as_str());
            at = self.tags[parent].parent;
        }
        above
    }

    /// The tags of an entry, in order of the strength of their evidence, each once.
    pub fn tags<'r>(&'r self, evidence: &TagInput<'_>) -> Vec<TagReason<'r>> {
        let mut given: Vec<TagReason<'r>> = Vec::new();
        let mut known = HashSet::new();
        let mut give = |name: Cow<'r, str>, why: TagWhy<&[&str]>| {
            let is_new = match given.len() {
                ..FEW => given.iter().all(|given| given.name != name),
                FEW => {
                    known.extend(given.iter().map(|given| given.name.clone()));
                    known.insert(name.clone())
                }
                _ => known.insert(name.clone()),
            };
            if is_new {
                given.push(TagReason { name, why: why.map(<[&str]>::concat) });
            }
        };
        let tag = |at: usize| Cow::Borrowed(self.tags[at].name.as_str());
        for raw in hashtags(evidence.words) {
            if let Some(name) = self.canonical(raw) {
                give(name.into(), TagWhy::Hashtag(&[raw]));
            }
        }
        for raw in evidence.front {
            if let Some(name) = self.canonical(&raw.replace(' ', "-")) {
                give(name.into(), TagWhy::FrontMatter);
            }
        }
        for (repo, host) in evidence.repos {
            for at in self.of_repo(repo) {
                give(tag(at), TagWhy::Link(&[host, "/", repo]));
            }
        }
        for url in evidence.urls {
            if let Some((at, host, path)) = self.of_url(url) {
                give(tag(at), TagWhy::Link(&[host, "/", path]));
            }
        }
        let folded = fold_word(evidence.words);
        for (at, word) in self.of_words(&folded) {
            give(tag(at), TagWhy::Word(&[word]));
        }
        given
    }

    /// The topic of a repository, then that of its owner.
    fn of_repo(&self, repo: &str) -> impl Iterator<Item = usize> {
        let owner = repo.split('/').next().unwrap_or(repo);
        [self.repos.get(repo), self.owners.get(owner)].into_iter().flatten().copied()
    }

    /// The topic of a URL, with the host and the beginning of the path that tell it.
    fn of_url<'u>(&'u self, url: &'u str) -> Option<(usize, &'u str, &'u str)> {
        let scheme = memchr::memchr(b':', url.as_bytes())?;
        let rest = match url[scheme..].strip_prefix("://") {
            Some(rest) => rest,
            None => url.split_once("://")?.1,
        };
        let rest = without_www(rest);
        let (host, path) = match memchr::memchr(b'/', rest.as_bytes()) {
            Some(slash) => (&rest[..slash], &rest[slash + 1..]),
            None => (rest, ""),
        };
        let is_lower = host.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let known = if is_lower { self.urls.get(host) } else { self.urls.get(&host.to_lowercase()) };
        let (prefix, at) = known?.iter().find(|(prefix, _)| path.starts_with(prefix.as_str()))?;
        Some((*at, host, prefix))
    }

    /// Topics named in `folded` text, each once, with the word that names it.
    fn of_words<'t>(&self, folded: &'t str) -> Vec<(usize, &'t str)> {
        let Some(words) = &self.words else { return Vec::new() };
        let matches: Vec<(&Pattern, Range<usize>)> = words
            .find_overlapping_iter(folded)
            .map(|found| (&self.patterns[found.value() as usize], found.start()..found.end()))
            .filter(|(pattern, place)| !pattern.alone || stands_alone(folded, place.clone()))
            .collect();
        let within = within_longer(&matches);
        let mut found: Vec<(usize, &str)> = Vec::new();
        for ((pattern, place), is_within) in matches.into_iter().zip(within) {
            for tag in pattern.tags.iter().filter(|_| pattern.alone || !is_within) {
                if found.iter().all(|(other, _)| other != tag) {
                    found.push((*tag, &folded[place.clone()]));
                }
            }
        }
        found
    }
}

/// Tells for each match whether it is within a longer one. Han has no word borders, so the longest
/// phrase is the word that was meant: 缓存行 is not about 缓存.
fn within_longer(matches: &[(&Pattern, Range<usize>)]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..matches.len()).collect();
    order.sort_unstable_by_key(|nth| (matches[*nth].1.start, std::cmp::Reverse(matches[*nth].1.end)));
    let mut within = vec![false; matches.len()];
    let mut longest: Option<&Range<usize>> = None;
    for nth in order {
        let place = &matches[nth].1;
        match longest {
            Some(longer) if place.end <= longer.end => within[nth] = longer != place,
            _ => longest = Some(place),
        }
    }
    within
}

/// Folds like [`fold()`], with the hyphens of compounds as blanks: `docker-compose` is `docker compose`.
fn fold_word(text: &str) -> String {
    let folded = fold(text);
    if folded.contains('-') { folded.replace('-', " ") } else { folded }
}

/// No Latin letter or digit touches a letter or digit of the word on either side, and what
/// follows does not make it another name, as `++` and `#` do. `C++` itself may end in anything.
fn stands_alone(text: &str, place: Range<usize>) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = &text[place.clone()];
    let (before, after) = (&text[..place.start], &text[place.end..]);
    let glued = |inner: Option<char>, outer: Option<char>| inner.is_some_and(is_word) && outer.is_some_and(is_word);
    let other_name = word.ends_with(is_word) && (after.starts_with("++") || after.starts_with('#'));
    !glued(word.chars().next(), before.chars().next_back())
        && !glued(word.chars().next_back(), after.chars().next())
        && !other_name
}

/// `#标签` and `#tag` in running text, without the `#`. Numbers (`#12`), colours and anchors are none.
pub fn hashtags(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(['#', '＃']).filter_map(move |(at, sign)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| !c.is_whitespace() && !crate::text::is_cjk_punctuation(c) && c != '(') {
            return None;
        }
        let rest = &text[at + sign.len()..];
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '+'))).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['/', '-']);
        let is_tag = name.chars().any(char::is_alphabetic) && !is_colour(name) && !is_numbered(name);
        is_tag.then_some(name)
    })
}

/// `#37可以看到`: a number, and the sentence that goes on. A year is no such number.
fn is_numbered(name: &str) -> bool {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < name.len() && rest.starts_with(is_han) && !(name.len() - rest.len() == 4 && rest.starts_with('年'))
}

fn is_colour(name: &str) -> bool {
    matches!(name.len(), 3 | 6 | 8)
        && name.bytes().all(|byte| byte.is_ascii_hexdigit())
        && name.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "
        [[tag]]
        name = \"containers\"
        aliases = [\"容器\"]
        [[tag]]
        name = \"nerdctl\"
        parent = \"containers\"
        repos = [\"containerd/nerdctl\"]
        [[tag]]
        name = \"eBPF\"
        aliases = [\"bpf\"]
        urls = [\"ebpf.io\"]
        [[tag]]
        name = \"service-mesh\"
        aliases = [\"service mesh\", \"服务网格\"]
        [[tag]]
        name = \"C++\"
        [[tag]]
        name = \"CI\"
        [[tag]]
        name = \"moby\"
        repos = [\"moby/*\"]
        [[tag]]
        name = \"BuildKit\"
        repos = [\"moby/buildkit\"]
        [[tag]]
        name = \"networks\"
        aliases = [\"容器网络\", \"CI 网络\"]
    ";

    fn check(words: &str, expected: &[&str]) {
        let rules = TagRules::parse(RULES).expect("rules");
        let given = rules.tags(&TagInput { words, repos: &[], urls: &[], front: &[] });
        assert_eq!(given.iter().map(|given| &*given.name).collect::<Vec<_>>(), expected, "{words}");
    }

    #[test]
    fn words_are_whole_words_in_latin_and_substrings_in_han() {
        check("EBPF 与容器化", &["eBPF", "containers"]);
        check("webpf", &[]);
        check("容器网络", &["networks"]);
        check("容器网络里的容器", &["networks", "containers"]);
        check("CI 网络", &["CI", "networks"]);
        check("把 Service Mesh 和服务网格", &["service-mesh"]);
        check("#nerdctl 的 #周末 计划 #12 #fff000", &["nerdctl", "周末"]);
        check("见 #37可以看到，#2024年终总结", &["2024年终总结"]);
        check("C#语言", &[]);
        check("service-mesh 与 Service-Mesh", &["service-mesh"]);
        check("用C++写，C++20 也行", &["C++"]);
        check("CI/CD、CI++、CI#", &["CI"]);
        check("CI++", &[]);
    }

    #[test]
    fn links_and_front_matter_give_tags_with_their_reason() {
        let rules = TagRules::parse(RULES).expect("rules");
        let repos = [("containerd/nerdctl", "github.com")];
        let urls = ["https://ebpf.io/what"];
        let front = ["Service Mesh".to_owned(), "别的".to_owned()];
        let given = rules.tags(&TagInput { words: "", repos: &repos, urls: &urls, front: &front });
        let shown: Vec<_> = given.iter().map(|given| format!("{}: {}", given.name, given.why)).collect();
        assert_eq!(
            shown,
            [
                "service-mesh: front matter",
                "别的: front matter",
                "nerdctl: link github.com/containerd/nerdctl",
                "eBPF: link ebpf.io/",
            ]
        );
        assert_eq!(rules.parents("nerdctl"), ["containers"]);
        assert_eq!(rules.canonical("containers/nerdctl").as_deref(), Some("nerdctl"));
    }

    #[test]
    fn a_repository_has_its_own_topic_and_that_of_its_owner() {
        let rules = TagRules::parse(RULES).expect("rules");
        let repos = [("moby/buildkit", "github.com")];
        let given = rules.tags(&TagInput { words: "", repos: &repos, urls: &[], front: &[] });
        assert_eq!(given.iter().map(|given| &*given.name).collect::<Vec<_>>(), ["BuildKit", "moby"]);
    }

    #[test]
    fn the_built_in_rules_are_sound_and_many() {
        let rules = TagRules::built_in();
        assert!(rules.len() >= 200, "{}", rules.len());
    }

    #[test]
    fn bad_rules_say_what_is_wrong() {
        for (text, expected) in [
            ("[[tag]]\nname = \"a b\"", "“a b” cannot be a topic"),
            ("[[tag]]\nname = \"a\"\nparent = \"x\"", "names a parent that is not a topic: “x”"),
            ("[[tag]]\nnome = \"a\"", "unknown field"),
        ] {
            let error = TagRules::parse(text).expect_err("bad");
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            assert!(format!("{error}: {cause}").contains(expected), "{error}: {cause}");
        }
    }
}
