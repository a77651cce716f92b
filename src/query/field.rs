//! The fields of the query language: every name and alias, and the values of those that take only
//! a few.
//!
//! Parsing, completion, notices and facts all read this one table.

use super::{
    EntryPart, Order,
    fact::{FactField, things_had},
    period,
};
use crate::{note::Kind, text};

/// Field of the query language, named before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueryField {
    Tag,
    Kind,
    In(EntryPart),
    During,
    After,
    Before,
    Order,
    Fact(FactField),
}

/// Names of each field, folded. The first is offered by completion and by "did you mean".
const FIELDS: [(QueryField, &[&str]); 18] = [
    (QueryField::Tag, &["tag", "tags", "标签"]),
    (QueryField::Kind, &["kind", "type", "类型"]),
    (QueryField::In(EntryPart::Section), &["in", "section", "章节"]),
    (QueryField::In(EntryPart::Title), &["title", "标题"]),
    (QueryField::In(EntryPart::Path), &["path", "file", "路径"]),
    (QueryField::During, &["date", "on", "week", "日期", "时间"]),
    (QueryField::After, &["after", "since", "之后"]),
    (QueryField::Before, &["before", "until", "之前"]),
    (QueryField::Order, &["sort", "order", "排序"]),
    (QueryField::Fact(FactField::Pr), &["pr", "合并请求"]),
    (QueryField::Fact(FactField::Issue), &["issue", "议题"]),
    (QueryField::Fact(FactField::Repo), &["repo", "仓库"]),
    (QueryField::Fact(FactField::Cve), &["cve", "漏洞"]),
    (QueryField::Fact(FactField::Rfc), &["rfc", "标准"]),
    (QueryField::Fact(FactField::Host), &["host", "网站"]),
    (QueryField::Fact(FactField::Source), &["source", "来源"]),
    (QueryField::Fact(FactField::Has), &["has", "含有"]),
    (QueryField::Fact(FactField::Is), &["is", "是"]),
];

/// Lists the main name of each field.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter().map(|(_, names)| names[0])
}

impl QueryField {
    /// Looks up a field by any of its names, in any case and width.
    pub(super) fn from_name(name: &str) -> Option<QueryField> {
        let name = text::fold(name);
        let (field, _) = FIELDS.into_iter().find(|(_, names)| names.contains(&name.as_str()))?;
        Some(field)
    }

    /// Returns the main name that `name`, which names no field, misspells by one slip. More slips make
    /// fields of ordinary words (`resource:`), and two letters are too few to be recognized.
    pub(super) fn nearest(name: &str) -> Option<&'static str> {
        let name = text::fold(name);
        names().find(|known| known.len() > 2 && text::slips(&name, known) == Some(1))
    }

    /// Describes a value of the field, for “… is not a date”.
    pub(super) fn what(self) -> &'static str {
        match self {
            QueryField::Tag => "a tag",
            QueryField::Kind => "a kind",
            QueryField::After | QueryField::Before | QueryField::During => "a date",
            QueryField::In(_) => "text",
            QueryField::Order => "an order",
            QueryField::Fact(FactField::Has) => "something an entry can have",
            QueryField::Fact(FactField::Is) => "something an entry can be",
            QueryField::Fact(
                FactField::Pr
                | FactField::Issue
                | FactField::Repo
                | FactField::Cve
                | FactField::Rfc
                | FactField::Host
                | FactField::Source,
            ) => "a reference",
        }
    }

    /// Lists the values the field takes, or nothing if there are more than a few.
    pub(super) fn values(self) -> Vec<&'static str> {
        match self {
            QueryField::Kind => Kind::names().map(|(name, _)| name).collect(),
            QueryField::After | QueryField::Before | QueryField::During => period::WORDS.to_vec(),
            QueryField::Order => Order::ALL.iter().map(|order| order.name()).collect(),
            QueryField::Fact(FactField::Has) => things_had(),
            QueryField::Fact(FactField::Is) => {
                let kinds = Kind::ALL.iter().map(|kind| kind.name());
                kinds.chain(["bookmarked", "undated"]).collect()
            }
            QueryField::Tag
            | QueryField::In(_)
            | QueryField::Fact(
                FactField::Pr
                | FactField::Issue
                | FactField::Repo
                | FactField::Cve
                | FactField::Rfc
                | FactField::Host
                | FactField::Source,
            ) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{log::Log, query::complete};

    #[test]
    fn every_alias_completes_what_the_main_name_completes() {
        let log = Log::from_entries([
            "## 技术\n\n- [x](https://github.com/containerd/nerdctl/pull/1) #nerdctl",
            "## 2024-02-03\n\n- 乙",
        ]);
        let values_of = |name: &str, start: &str| -> Vec<String> {
            let text = format!("{name}:{start}");
            let candidates = complete(&text, text.len(), &log).map_or(Vec::new(), |found| found.candidates);
            candidates.iter().map(|candidate| candidate[name.len()..].to_owned()).collect()
        };
        for (field, names) in FIELDS {
            let start = match field {
                QueryField::Tag | QueryField::Fact(FactField::Pr | FactField::Issue | FactField::Repo) => "n",
                QueryField::After | QueryField::Before | QueryField::During => "l",
                QueryField::In(_) => "技",
                QueryField::Kind => "p",
                QueryField::Order => "o",
                QueryField::Fact(FactField::Has) => "im",
                QueryField::Fact(FactField::Is) => "und",
                QueryField::Fact(FactField::Source) => "t",
                QueryField::Fact(FactField::Cve | FactField::Rfc | FactField::Host) => "",
            };
            let expected = values_of(names[0], start);
            let takes_any_text = matches!(
                field,
                QueryField::In(EntryPart::Title | EntryPart::Path)
                    | QueryField::Fact(FactField::Cve | FactField::Rfc | FactField::Host)
            );
            assert_eq!(expected.is_empty(), takes_any_text, "{}:{start}", names[0]);
            for alias in names {
                assert_eq!(QueryField::from_name(alias), Some(field), "{alias}");
                assert_eq!(values_of(alias, start), expected, "{alias}:{start}");
            }
        }
        assert_eq!(values_of("week", "this-y"), [":this-year"]);
        assert_eq!(values_of("时间", "上"), [":上周"]);
    }

    #[test]
    fn no_name_is_of_two_fields() {
        let names: Vec<&str> = FIELDS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), distinct.len());
    }
}
