//! Decoding: reads bytes as text, with their encoding, line ends and control characters.
//!
//! Sees only the bytes of one file. The text has `\n` line ends and nothing that [`clean`] would drop;
//! anything dropped is reported in Problems.

use crate::text::clean::{clean, is_invisible};
use crate::text::problem::{Code, Problem};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::borrow::Cow;

/// Minimum number of multi-byte characters per faulty byte in a file that still counts as UTF-8: the fault of
/// a tool, not another encoding. GBK read as UTF-8 has a faulty byte at every second character.
const FAULTY_SHARE: usize = 50;

/// Bytes examined to tell text from other files, as `git` does (8000 in xdiff-interface.c).
const SNIFFED: usize = 8000;

/// Decodes a file, or returns the Problem that says why it is not text.
pub fn decode(bytes: &[u8]) -> Result<(String, Vec<Problem>), Problem> {
    let mut problems = Vec::new();
    let text = to_unicode(bytes, &mut problems)?;
    Ok((without_controls(&text, &mut problems), problems))
}

fn to_unicode(bytes: &[u8], problems: &mut Vec<Problem>) -> Result<String, Problem> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return Ok(decode_as(encoding, &bytes[bom..], problems));
    }
    if is_binary(bytes) {
        return Err(Problem::new(0, Code::Binary, "not text: the file holds binary data and is left out"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) if is_faulty_utf8(bytes) => Ok(decode_as(UTF_8, bytes, problems)),
        Err(_) => Ok(decode_as(guess(bytes), bytes, problems)),
    }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8], problems: &mut Vec<Problem>) -> String {
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    if encoding != UTF_8 {
        problems.push(Problem::new(0, Code::Encoding, format!("read as {}", encoding.name())));
    }
    if bad {
        let line = 1 + text.split('\u{fffd}').next().map_or(0, |before| before.matches('\n').count());
        let message = format!("some bytes are no text in {}: shown as \u{fffd}", encoding.name());
        problems.push(Problem::new(line as u32, Code::BadBytes, message));
    }
    text.into_owned()
}

/// Guesses the legacy encoding. GBK and GB2312 are subsets of GB18030.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    match detector.guess(None, chardetng::Utf8Detection::Deny).name() {
        "GBK" => GB18030,
        name => Encoding::for_label(name.as_bytes()).unwrap_or(GB18030),
    }
}

/// Returns true for mostly well-formed multi-byte UTF-8 with a few faulty bytes.
fn is_faulty_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    bad * FAULTY_SHARE <= good || bad <= 2 && bad < good
}

/// Returns true if more than one in ten of the first bytes is a control byte. Text with a few stray NULs
/// is still text.
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(SNIFFED)];
    let controls = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    controls * 10 > head.len()
}

/// Normalizes line ends to `\n` and removes characters that must not be shown.
fn without_controls(text: &str, problems: &mut Vec<Problem>) -> String {
    let cleaned = match clean(text) {
        Cow::Borrowed(_) => return text.to_owned(),
        // Some characters needed checking, but all are fine.
        Cow::Owned(cleaned) if cleaned == text => return cleaned,
        Cow::Owned(cleaned) => cleaned,
    };
    if let Some(at) = text.find(is_suspicious) {
        let line = 1 + text[..at].matches('\n').count() as u32;
        let message = "control or invisible characters were left out";
        problems.push(Problem::new(line, Code::ControlCharacters, message));
    }
    cleaned
}

/// Returns true for characters whose removal is worth a Problem.
fn is_suspicious(c: char) -> bool {
    c < ' ' && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')
        || c > '~' && (c.is_control() || is_invisible(c) && c != '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# 周报\n\n1. 限流与熔断，还有网关的灰度发布\n2. nerdctl 的 PR\n";

    fn codes(bytes: &[u8]) -> (String, Vec<&'static str>) {
        let (text, problems) = decode(bytes).expect("text");
        (text, problems.iter().map(|problem| problem.code.name()).collect())
    }

    fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let with_bom = |bom: &[u8], bytes: &[u8]| [bom, bytes].concat();
        for (name, bytes) in [
            ("utf-8", TEXT.as_bytes().to_vec()),
            ("bom", with_bom(b"\xef\xbb\xbf", TEXT.as_bytes())),
            ("utf-16le", with_bom(b"\xff\xfe", &utf16(TEXT, u16::to_le_bytes))),
            ("utf-16be", with_bom(b"\xfe\xff", &utf16(TEXT, u16::to_be_bytes))),
            ("gb18030", GB18030.encode(TEXT).0.into_owned()),
            ("crlf", TEXT.replace('\n', "\r\n").into_bytes()),
            ("cr", TEXT.replace('\n', "\r").into_bytes()),
        ] {
            assert_eq!(codes(&bytes).0, TEXT, "{name}");
        }
    }

    #[test]
    fn one_bad_byte_costs_one_character() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.insert(9, 0xff);
        let (text, codes) = codes(&bytes);
        assert_eq!(text.replace('\u{fffd}', ""), TEXT);
        assert_eq!(codes, ["bad-bytes"]);
    }

    #[test]
    fn nul_bytes_inside_text_are_removed_and_reported() {
        assert_eq!(codes(b"one\n\ntwo words, \0three"), ("one\n\ntwo words, three".into(), vec!["control-characters"]));
    }

    #[test]
    fn binary_files_are_rejected() {
        for bytes in
            [b"\0".as_slice(), b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0"]
        {
            assert_eq!(decode(bytes).expect_err("binary").code, Code::Binary, "{bytes:?}");
        }
        assert_eq!(decode(b""), Ok((String::new(), Vec::new())));
    }
}
