//! Patterns for text in which Latin and Han stand side by side.

use regex::{Regex, RegexSet};

/// A pattern of this crate as a regex.
///
/// `\d`, `\s` and `\b` mean ASCII's: text is folded before numbers are read, and in 漏洞CVE-2024-1
/// a word begins where Latin does. Unicode's would also cost: of the 25 ms until a first answer
/// 15 went into compiling its tables, once for each pattern.
///
/// # Panics
///
/// When `pattern` is none; all are constants, and tests use each.
pub fn regex(pattern: &str) -> Regex {
    Regex::new(&in_ascii(pattern)).expect("a pattern of this crate")
}

/// Several patterns at once, as [`regex()`] reads each.
///
/// # Panics
///
/// As [`regex()`].
pub fn regex_set<S: AsRef<str>>(patterns: &[S]) -> RegexSet {
    RegexSet::new(patterns.iter().map(|pattern| in_ascii(pattern.as_ref()))).expect("patterns of this crate")
}

fn in_ascii(pattern: &str) -> String {
    let pattern = pattern.replace(r"\d", "[0-9]").replace(r"\D", "[^0-9]");
    pattern.replace(r"\s", r"[\t-\r ]").replace(r"\b", r"(?-u:\b)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_where_latin_does() {
        assert_eq!(regex(r"\bCVE-\d+").find("漏洞CVE-2024").map(|found| found.as_str()), Some("CVE-2024"));
        assert!(!regex(r"^\d$").is_match("٣"));
        assert!(regex(r"a[^)\s]b").is_match("a.b") && !regex(r"a[^)\s]b").is_match("a b"));
    }
}
