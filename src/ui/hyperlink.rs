//! Hyperlinks of the terminal (OSC 8): the sequences before and after the text of a link.
//!
//! The one place where text from notes becomes part of a control sequence: only URLs that the `url`
//! crate has parsed and serialized get there.

use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// Sequence that ends a link.
pub const CLOSE: &str = "\u{1b}]8;;\u{1b}\\";

/// Beginning of every link.
pub const OPEN: &str = "\u{1b}]8;";

/// Bytes of the longest URL that terminals accept (VTE; others accept more).
const LONGEST: usize = 2083;

/// Returns the sequence that begins a link to `url`, if that is a web address fit for a terminal. All
/// cells of one link have the same id, so that they are highlighted together, over line ends too.
pub fn open(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let url = parsed.as_str();
    let is_fit = url.len() <= LONGEST && url.bytes().all(|byte| matches!(byte, b'!'..=b'~'));
    is_fit.then(|| format!("{OPEN}id={:x};{url}\u{1b}\\", xxh3_64(url.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_clean_web_addresses_become_links() {
        for (url, expected) in [
            ("https://a.example/x?y=z#1", Some("https://a.example/x?y=z#1")),
            ("HTTP://A.example", Some("http://a.example/")),
            ("https://例子.example/路 径", Some("https://xn--fsqu00a.example/%E8%B7%AF%20%E5%BE%84")),
            ("https://a.example/\u{1b}]0;x\u{7}\u{9c}", Some("https://a.example/%1B]0;x%07%C2%9C")),
            ("https://a.example/\n\u{202e}", Some("https://a.example/%E2%80%AE")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("img/a.png", None),
            ("https://", None),
            ("", None),
        ] {
            let told = open(url).map(|sequence| {
                sequence.split_once(";http").map(|(_, rest)| format!("http{rest}")).unwrap_or_default()
            });
            assert_eq!(told, expected.map(|url| format!("{url}\u{1b}\\")), "{url}");
        }
        assert_eq!(open(&format!("https://a.example/{}", "x".repeat(LONGEST))), None);
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_the_sequence(tail in "(?s).{0,60}") {
            if let Some(sequence) = open(&format!("https://a.example/{tail}")) {
                let inside = sequence.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix("\u{1b}\\")).expect("a sequence");
                prop_assert!(inside.bytes().all(|byte| byte.is_ascii_graphic()), "{inside:?}");
            }
        }
    }
}
