//! The papers that entries refer to, as BibTeX.
//!
//! Fields come from ids, labels and fetched titles; nothing is made up. An author is given only if the URL
//! of a paper names one.

use super::{
    Outcome,
    output::{Output, say},
};
use crate::{
    insight::{Titles, thread::Topic, titles::Title},
    log::{Entry, Reference},
    reference::RefKind,
    text::clean_line,
};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// A paper with all its labels.
struct Paper<'a> {
    id: &'a str,
    url: &'a str,
    venue: Option<(String, u16)>,
    labels: Vec<&'a str>,
    known: Option<&'a Title>,
}

/// Writes each paper of `entries` once, in their order.
pub fn run<'a>(out: &mut Output, entries: impl Iterator<Item = Entry<'a>>, titles: &'a Titles) -> Result<Outcome> {
    let mut papers: Vec<Paper<'a>> = Vec::new();
    let mut places: HashMap<Topic, usize> = HashMap::new();
    for found in entries.flat_map(Entry::refs).filter(|found| found.kind == RefKind::Paper) {
        let at = *places.entry(Topic::of(&found)).or_insert_with(|| {
            papers.push(Paper::new(&found, titles));
            papers.len() - 1
        });
        papers[at].labels.push(found.label);
    }
    let mut keys = HashSet::new();
    for paper in &papers {
        out.block(&paper.entry(&mut keys))?;
    }
    if papers.is_empty() {
        say("sennight", "no papers in these entries");
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::Done)
}

impl<'a> Paper<'a> {
    fn new(found: &Reference<'a>, titles: &'a Titles) -> Paper<'a> {
        let known = titles.of(found);
        Paper { id: found.id, url: found.url, venue: found.venue(), labels: Vec::new(), known }
    }

    fn entry(&self, keys: &mut HashSet<String>) -> String {
        let (series, name) = self.id.split_once(':').unwrap_or(("", self.id));
        let author = surname(self.id);
        let conference = if matches!(series, "arXiv" | "doi") { None } else { self.venue.as_ref() };
        let mut fields: Vec<(&str, String)> = Vec::new();
        if let Some(author) = &author {
            fields.push(("author", format!("{author} and others")));
        }
        fields.push(("title", format!("{{{}}}", escaped(&self.title()))));
        if let Some((venue, year)) = conference {
            fields.push(("booktitle", escaped(&format!("{venue} {year}"))));
        }
        if let Some(year) = self.year() {
            fields.push(("year", year));
        }
        let url = match series {
            "arXiv" => {
                fields.push(("eprint", name.to_owned()));
                fields.push(("archiveprefix", "arXiv".to_owned()));
                format!("https://arxiv.org/abs/{name}")
            }
            "doi" => {
                fields.push(("doi", name.to_owned()));
                format!("https://doi.org/{name}")
            }
            _ => self.url.to_owned(),
        };
        let url = clean_line(&url).replace(['{', '}', ' ', '\\'], "");
        if conference.is_none() && series.is_empty() {
            fields.push(("howpublished", format!("\\url{{{url}}}")));
        }
        fields.push(("url", url));
        let kind = if conference.is_some() { "inproceedings" } else { "misc" };
        let mut entry = format!("@{kind}{{{},\n", self.key(author.as_deref(), keys));
        for (name, value) in fields {
            entry.extend(["  ", name, " = {", &value, "},\n"]);
        }
        entry + "}\n\n"
    }

    /// The year of the conference, else that of publication.
    fn year(&self) -> Option<String> {
        if let Some((_, year)) = &self.venue {
            return Some(year.to_string());
        }
        Some(self.known?.day?.year().to_string())
    }

    /// The fetched title, else the most informative label: no URL, no number, no word such as “paper”.
    fn title(&self) -> String {
        if let Some(known) = self.known {
            return known.text();
        }
        let mut best = ((false, 0), self.id.to_owned());
        for label in &self.labels {
            let label = clean_line(label).trim().to_owned();
            let rank = (label.contains(' ') || !label.is_ascii(), label.chars().count());
            if rank >= best.0 && !is_address(&label) && !is_hollow(&label) && label != self.id {
                best = (rank, label);
            }
        }
        let (_, title) = best;
        let bare = title.trim_matches(['《', '》', '“', '”', '"', '「', '」']);
        if bare.contains(['《', '》']) { title } else { bare.to_owned() }
    }

    /// A unique key: `zhong2022osdi`, else the letters and digits of the id.
    fn key(&self, author: Option<&str>, keys: &mut HashSet<String>) -> String {
        let mut key = match (author, &self.venue) {
            (Some(author), Some((venue, year))) => format!("{author}{year}{venue}").to_lowercase(),
            _ => self.id.replace(['/', ':'], "-"),
        };
        if author.is_none() || self.venue.is_none() {
            key.retain(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        }
        if key.is_empty() {
            key.push_str("paper");
        }
        let mut unique = key.clone();
        let mut nth = 2;
        while !keys.insert(unique.clone()) {
            unique = format!("{key}-{nth}");
            nth += 1;
        }
        unique
    }
}

/// The first author, from an id such as `usenix:osdi22/zhong`; `None` for names with a hyphen, of which
/// either part may be the surname.
fn surname(id: &str) -> Option<String> {
    let (_, name) = id.strip_prefix("usenix:")?.split_once('/')?;
    let is_name = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_lowercase());
    is_name.then(|| name[..1].to_uppercase() + &name[1..])
}

/// Tests for a label that is a URL or a host.
fn is_address(label: &str) -> bool {
    label.contains("://") || label.contains('.') && label.is_ascii() && !label.contains(' ')
}

/// Tests for a label that only points: “paper”, `[1]`, “这篇论文”.
fn is_hollow(label: &str) -> bool {
    const POINTING: [&str; 18] = [
        "paper", "pdf", "link", "here", "arxiv", "doi", "this", "the", "论文", "原文", "链接", "这里", "这篇", "地址",
        "文章", "一篇", "这个", "下载",
    ];
    let folded = crate::text::fold(label);
    let rest = POINTING.iter().fold(folded, |rest, word| rest.replace(word, ""));
    rest.chars().filter(|c| c.is_alphabetic()).count() < 2
}

/// Escapes `text` for LaTeX.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', c]),
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, url: &str, labels: &[&str], expected: &str) {
        let venue = crate::reference::venue(id);
        let entry = Paper { id, url, venue, labels: labels.to_vec(), known: None }.entry(&mut HashSet::new());
        assert_eq!(entry, format!("{expected}\n\n"), "{id}");
    }

    #[test]
    fn papers_say_what_their_address_says() {
        check(
            "usenix:osdi22/zhong",
            "https://www.usenix.org/conference/osdi22/presentation/zhong",
            &["usenix.org", "论文", "《XRP: In-Kernel Storage Functions》", "paper"],
            "@inproceedings{zhong2022osdi,
  author = {Zhong and others},
  title = {{XRP: In-Kernel Storage Functions}},
  booktitle = {OSDI 2022},
  year = {2022},
  url = {https://www.usenix.org/conference/osdi22/presentation/zhong},
}",
        );
        check(
            "arXiv:1706.03762",
            "http://ar5iv.org/abs/1706.03762",
            &["[1]", "100% Attention & {more}_\\"],
            "@misc{arXiv-1706.03762,
  title = {{100\\% Attention \\& \\{more\\}\\_\\textbackslash{}}},
  year = {2017},
  eprint = {1706.03762},
  archiveprefix = {arXiv},
  url = {https://arxiv.org/abs/1706.03762},
}",
        );
        check(
            "doi:10.1145/1.2",
            "https://dl.acm.org/doi/10.1145/1.2",
            &["https://dl.acm.org/doi/10.1145/1.2", "这篇论文"],
            "@misc{doi-10.1145-1.2,
  title = {{doi:10.1145/1.2}},
  doi = {10.1145/1.2},
  url = {https://doi.org/10.1145/1.2},
}",
        );
        check(
            "microsoft.com/en-us/research/publication/x",
            "https://microsoft.com/en-us/research/publication/x}",
            &[],
            "@misc{microsoft.com-en-us-research-publication-x,
  title = {{microsoft.com/en-us/research/publication/x}},
  howpublished = {\\url{https://microsoft.com/en-us/research/publication/x}},
  url = {https://microsoft.com/en-us/research/publication/x},
}",
        );
    }

    #[test]
    fn a_fetched_title_is_better_than_a_label() {
        let (asked, day) = (jiff::civil::date(2026, 3, 1), Some(jiff::civil::date(2019, 6, 3)));
        let known = Title::new("On {lists} & 容器 👩‍💻", None, day, asked);
        let paper = |known| {
            let paper =
                Paper { id: "doi:10.1145/1.2", url: "", venue: None, labels: vec!["惰性加载的镜像"], known };
            paper.entry(&mut HashSet::new())
        };
        assert_eq!(
            paper(known.as_ref()),
            "@misc{doi-10.1145-1.2,
  title = {{On \\{lists\\} \\& 容器 👩‍💻}},
  year = {2019},
  doi = {10.1145/1.2},
  url = {https://doi.org/10.1145/1.2},
}

"
        );
        assert!(paper(None).contains("title = {{惰性加载的镜像}}"));
    }

    #[test]
    fn no_two_keys_are_alike() {
        let mut keys = HashSet::new();
        let key = |id| Paper { id, url: "", venue: None, labels: Vec::new(), known: None }.key(None, &mut keys);
        assert_eq!(["a/b", "a:b", "论文", "数"].map(key), ["a-b", "a-b-2", "paper", "paper-2"]);
    }
}
