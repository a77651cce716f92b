//! "Did you mean …?": the known name that a mistyped one is nearest to.

use super::fold;

/// Returns the number of typing errors between `typed` and `known`, both folded, or `None` if there are
/// too many for a misspelling.
///
/// A slip is a character added, left out or replaced, or two swapped. One is forgiven for every
/// three characters typed, and one in shorter names (source: rustc's
/// `find_best_match_for_name`).
pub(crate) fn slips(typed: &str, known: &str) -> Option<usize> {
    let length = typed.chars().count();
    let slips = strsim::osa_distance(typed, known);
    (slips <= length.max(3) / 3 && slips < length).then_some(slips)
}

/// Returns the candidate with the fewest [`slips`], the first of several. Case, width and accents
/// do not count.
pub(crate) fn nearest<'c>(typed: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let typed = fold(typed);
    let mut nearest: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(slips) = slips(&typed, &fold(candidate)) else { continue };
        if nearest.is_none_or(|(fewest, _)| slips < fewest) {
            nearest = Some((slips, candidate));
        }
    }
    nearest.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_names_find_the_nearest_one() {
        let known = ["open", "open-all", "date", "sort", "论文", "relevance", "link-columns"];
        for (typed, expected) in [
            ("opne", Some("open")),
            ("OPEN", Some("open")),
            ("dates", Some("date")),
            ("srt", Some("sort")),
            ("论问", Some("论文")),
            ("relevence", Some("relevance")),
            ("link-colums", Some("link-columns")),
            ("state", None),
            ("std", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known), expected, "{typed}");
        }
    }
}
