//! Papers by the URLs of their publishers.

use super::web::{WebUrl, without_www};
use crate::text::regex;
use regex::Regex;
use std::sync::LazyLock;

/// The canonical id of the paper at `url`: `arXiv:…`, `doi:…`, `usenix:osdi22/zhong`,
/// `openreview:…`, or the URL without its scheme. `None` when it is not a paper.
pub fn of(url: &WebUrl<'_>, host: &str) -> Option<String> {
    let path = url.path();
    match host {
        "arxiv.org" | "export.arxiv.org" | "browse.arxiv.org" | "ar5iv.org" | "ar5iv.labs.arxiv.org" => arxiv(path),
        "doi.org" | "dx.doi.org" => doi(path),
        "dl.acm.org" | "link.springer.com" | "onlinelibrary.wiley.com" | "tandfonline.com" | "queue.acm.org" => {
            doi(path).or_else(|| path.contains("citation.cfm").then(|| plain(url)))
        }
        "usenix.org" => usenix(path),
        "openreview.net" => {
            let id = url.parameters().find(|(key, _)| key == "id")?.1;
            matches!(path, "/forum" | "/pdf").then(|| format!("openreview:{id}"))
        }
        "ieeexplore.ieee.org" => path.contains("/document/").then(|| plain(url)),
        "vldb.org"
        | "cidrdb.org"
        | "sigops.org"
        | "sigmod.org"
        | "hotcrp.org"
        | "jmlr.org"
        | "papers.nips.cc"
        | "proceedings.neurips.cc"
        | "proceedings.mlr.press"
        | "aclanthology.org"
        | "eprint.iacr.org"
        | "hal.science"
        | "papers.ssrn.com"
        | "biorxiv.org"
        | "medrxiv.org"
        | "research.google.com"
        | "static.googleusercontent.com" => is_publication(path).then(|| plain(url)),
        "research.google" => path.starts_with("/pubs/").then(|| plain(url)),
        "microsoft.com" => path.contains("/research/publication/").then(|| plain(url)),
        "semanticscholar.org" => path.starts_with("/paper/").then(|| plain(url)),
        "nature.com" | "science.org" => {
            (path.starts_with("/articles/") || path.starts_with("/doi/")).then(|| plain(url))
        }
        "pdos.csail.mit.edu" | "cs.stanford.edu" | "people.csail.mit.edu" => {
            (path.contains("/papers/") && is_pdf(path)).then(|| plain(url))
        }
        _ => None,
    }
}

/// Venue and year of a paper from its id: `usenix:osdi22/zhong` is OSDI 2022. `None` for DOIs.
pub fn venue(id: &str) -> Option<(String, u16)> {
    static SHORT: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^usenix:([a-z]+)(\d{2})(?:/|$)|^(arXiv):(\d{2})\d{2}\.|^(jmlr)\.org/papers/v(\d{1,2})/")
    });
    static LONG: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^cidrdb\.org/(cidr)(20\d{2})/|^sigops\.org/.*/([a-z]+)/((?:19|20)\d{2})/|^(?:papers\.nips|proceedings\.neurips)\.cc/(paper)[a-z_]*/((?:19|20)\d{2})/|^(eprint)\.iacr\.org/((?:19|20)\d{2})/|^vldb\.org/(pvldb)/vol(\d{1,2})/",
        )
    });
    let found = if id.contains(".org/") || id.contains(".cc/") { LONG.captures(id) } else { None };
    let found = found.or_else(|| SHORT.captures(id))?;
    let mut parts = found.iter().skip(1).flatten().map(|part| part.as_str());
    let (name, year) = (parts.next()?, parts.next()?);
    Some(match name {
        "arXiv" => ("arXiv".to_owned(), century(year)?),
        "paper" => ("NeurIPS".to_owned(), year.parse().ok()?),
        "eprint" => ("ePrint".to_owned(), year.parse().ok()?),
        // The first volume of the proceedings is that of 2008.
        "pvldb" => ("VLDB".to_owned(), 2007 + year.parse::<u16>().ok()?),
        // The first volume of the journal is that of 2000.
        "jmlr" => ("JMLR".to_owned(), 1999 + year.parse::<u16>().ok()?),
        _ if year.len() == 4 => (name.to_uppercase(), year.parse().ok()?),
        _ => (name.to_uppercase(), century(year)?),
    })
}

/// Two digits of a year: USENIX began in 1975, and arXiv with such ids in 2007.
fn century(digits: &str) -> Option<u16> {
    let year: u16 = digits.parse().ok()?;
    Some(if year >= 75 { 1900 + year } else { 2000 + year })
}

fn arxiv(path: &str) -> Option<String> {
    static ID: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^/(?:abs|pdf|html|ftp/arxiv/papers|format|ps)/(?:\d{4}/)?((?:[a-z-]+(?:\.[A-Z]{2})?/)?\d{4,7}(?:\.\d{4,5})?)(?:v\d+)?(?:\.pdf)?/?$",
        )
    });
    Some(format!("arXiv:{}", &ID.captures(path)?[1]))
}

fn doi(path: &str) -> Option<String> {
    static DOI: LazyLock<Regex> = LazyLock::new(|| regex(r"(10\.\d{4,9}/[^\s?#]+?)(?:\.pdf)?/?$"));
    let doi = DOI.captures(path)?[1].to_lowercase();
    let of_arxiv = doi.strip_prefix("10.48550/arxiv.");
    Some(of_arxiv.map_or_else(|| format!("doi:{doi}"), |id| format!("arXiv:{id}")))
}

/// `/conference/osdi22/presentation/zhong`, `/system/files/conference/fast17/fast17-vangoor.pdf`
/// and the older forms of both: one id for the page and the file of a paper. The page of a whole
/// conference counts as its proceedings.
fn usenix(path: &str) -> Option<String> {
    static PAGE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^/conference/([a-z0-9-]+)/(?:[a-z-]+/)*presentation/([A-Za-z0-9_-]+)/?$"));
    static FILE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^/system/files/(?:conference/[a-z0-9-]+/|nsdi[^/]*/)?([a-z]+\d{2})[-_]?(?:paper[-_])?([A-Za-z0-9_-]+)\.pdf$",
        )
    });
    static LEGACY: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^/(?:legacy/)?(?:events?|publications/library/proceedings)/([a-z]+\d{2})/.*?([A-Za-z0-9_-]+)(?:\.pdf|\.html|/)?$",
        )
    });
    static CONFERENCE: LazyLock<Regex> = LazyLock::new(|| regex(r"^/conference/([a-z]+\d{2})(?:/[a-z-]+)?/?$"));
    if let Some(found) = PAGE.captures(path).or_else(|| FILE.captures(path)).or_else(|| LEGACY.captures(path)) {
        return Some(format!("usenix:{}/{}", &found[1], found[2].to_lowercase()));
    }
    if let Some(found) = CONFERENCE.captures(path) {
        return Some(format!("usenix:{}", &found[1]));
    }
    is_pdf(path).then(|| format!("usenix.org{path}"))
}

fn is_publication(path: &str) -> bool {
    path.len() > 1 && (is_pdf(path) || path.bytes().any(|byte| byte.is_ascii_digit()))
}

fn is_pdf(path: &str) -> bool {
    path.len() > 4 && path.is_char_boundary(path.len() - 4) && path[path.len() - 4..].eq_ignore_ascii_case(".pdf")
}

fn plain(url: &WebUrl<'_>) -> String {
    without_www(url.without_scheme_and_fragment()).trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{RefKind, classify};
    use super::*;

    #[test]
    fn papers_and_their_venues() {
        for (url, id, expected) in [
            (
                "https://www.usenix.org/conference/osdi22/presentation/zhong",
                "usenix:osdi22/zhong",
                Some(("OSDI", 2022)),
            ),
            (
                "https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter",
                "usenix:fast16/harter",
                Some(("FAST", 2016)),
            ),
            ("https://www.usenix.org/system/files/osdi18-moritz.pdf", "usenix:osdi18/moritz", Some(("OSDI", 2018))),
            (
                "https://www.usenix.org/system/files/conference/fast17/fast17-vangoor.pdf",
                "usenix:fast17/vangoor",
                Some(("FAST", 2017)),
            ),
            ("https://www.usenix.org/conference/nsdi22/technical-sessions", "usenix:nsdi22", Some(("NSDI", 2022))),
            ("https://dl.acm.org/doi/abs/10.1145/3343737.3343742", "doi:10.1145/3343737.3343742", None),
            ("https://doi.org/10.1145/3343737.3343742", "doi:10.1145/3343737.3343742", None),
            ("https://arxiv.org/abs/2002.11528", "arXiv:2002.11528", Some(("arXiv", 2020))),
            ("https://arxiv.org/pdf/2210.00714.pdf", "arXiv:2210.00714", Some(("arXiv", 2022))),
            ("https://openreview.net/forum?id=abc", "openreview:abc", None),
            (
                "http://www.vldb.org/pvldb/vol13/p3411-armbrust.pdf",
                "vldb.org/pvldb/vol13/p3411-armbrust.pdf",
                Some(("VLDB", 2020)),
            ),
            (
                "https://www.cidrdb.org/cidr2023/papers/p1.pdf",
                "cidrdb.org/cidr2023/papers/p1.pdf",
                Some(("CIDR", 2023)),
            ),
            (
                "https://sigops.org/s/conferences/hotos/2021/papers/hotos21-s01.pdf",
                "sigops.org/s/conferences/hotos/2021/papers/hotos21-s01.pdf",
                Some(("HOTOS", 2021)),
            ),
            (
                "https://papers.nips.cc/paper/2017/file/x.pdf",
                "papers.nips.cc/paper/2017/file/x.pdf",
                Some(("NeurIPS", 2017)),
            ),
            ("https://eprint.iacr.org/2019/953", "eprint.iacr.org/2019/953", Some(("ePrint", 2019))),
            ("https://ar5iv.org/abs/1706.03762", "arXiv:1706.03762", Some(("arXiv", 2017))),
        ] {
            let target = classify(url).expect(url);
            assert_eq!((target.kind, target.id.as_str()), (RefKind::Paper, id), "{url}");
            let expected = expected.map(|(name, year): (&str, u16)| (name.to_owned(), year));
            assert_eq!(venue(&target.id), expected, "{url}");
        }
    }

    #[test]
    fn pages_about_papers_are_links() {
        for url in ["https://www.usenix.org/about", "https://arxiv.org/list/cs.OS/recent", "https://www.nature.com/"] {
            assert_eq!(classify(url).expect(url).kind, RefKind::Link, "{url}");
        }
    }
}
