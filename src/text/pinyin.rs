//! Pinyin: Chinese found by how it sounds, typed in letters.
//!
//! Each Han character of a text may be typed by a reading of it, whole or by its initial, and
//! letters and digits by themselves: `rongqi` and `rq` are 容器, `ebpfkgc` is eBPF 可观测. Nothing of
//! this enters the index: a text is read and compared.

use super::is_han;
use pinyin::{Pinyin, ToPinyinMulti};
use std::{ops::Range, sync::LazyLock};

/// Letters that stand for the sound of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    letters: Vec<u8>,
    /// Only whole syllables, and of each character only the reading it mostly has.
    whole: bool,
}

/// Letters that are looked at: a longer word is no abbreviation.
const LONGEST: usize = 32;

impl Sound {
    /// The sound that `word` spells; `None` for a word that spells none. With `whole`, initials do
    /// not stand for a character, nor do its rarer readings: 不方 can be read `fu pang`, and who
    /// types `fupan` hardly means it.
    pub fn new(word: &str, whole: bool) -> Option<Sound> {
        let letters: Vec<u8> = word.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
        let spells = letters.len() > 1
            && letters.len() <= LONGEST
            && letters.iter().all(u8::is_ascii_alphanumeric)
            && letters.iter().any(u8::is_ascii_lowercase);
        let sound = Sound { letters, whole };
        (spells && (!whole || sound.is_syllables())).then_some(sound)
    }

    /// The sound of a text of Han characters, by their first readings.
    pub fn of(han: &str) -> Option<Sound> {
        let letters: Option<Vec<&str>> = han.chars().map(|c| readings(c).first().copied()).collect();
        let letters = letters?.concat();
        (han.chars().count() > 1 && letters.len() <= LONGEST)
            .then(|| Sound { letters: letters.into_bytes(), whole: true })
    }

    /// Whether the letters are syllables and nothing else.
    fn is_syllables(&self) -> bool {
        let mut ends = 1_u64;
        for at in 0..self.letters.len() {
            if ends & 1 << at != 0 {
                let begun = SYLLABLES.iter().filter(|syllable| self.letters[at..].starts_with(syllable.as_bytes()));
                begun.for_each(|syllable| ends |= 1 << (at + syllable.len()));
            }
        }
        ends & 1 << self.letters.len() != 0
    }

    /// Whether `text` sounds so by the first reading of each character, which is the usual one.
    pub fn is_usual_for(&self, text: &str) -> bool {
        let own = |c: char| if c.is_ascii_alphanumeric() { Some(c.to_ascii_lowercase().to_string()) } else { None };
        let sound = |c: char| readings(c).first().map(|reading| (*reading).to_owned()).or_else(|| own(c));
        let sounds: String = text.chars().filter_map(sound).collect();
        sounds.as_bytes().starts_with(&self.letters)
    }

    /// The places of `text` that sound so, leftmost first, not overlapping: on character
    /// boundaries, with a Han character in each.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        let mut from = 0;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let starts = at >= from && (is_han(c) || !before.is_ascii_alphanumeric());
            before = c;
            if starts
                && may_begin(c, self.letters[0])
                && let Some(end) = self.end(&text[at..])
            {
                places.push(at..at + end);
                from = at + end;
            }
        }
        places
    }

    /// Where the match ends that begins `text`: the first place at which all letters are used.
    ///
    /// Letters used so far are bits, since several numbers of them may be possible at once; in
    /// `han` are those with a Han character among what they stand for.
    fn end(&self, text: &str) -> Option<usize> {
        let all = 1_u64 << self.letters.len();
        let (mut han, mut latin) = (0_u64, 1_u64);
        for (at, c) in text.char_indices() {
            let (mut next_han, mut next_latin) = (0, 0);
            if c == ' ' {
                (next_han, next_latin) = (han, latin & !1);
            } else if c.is_ascii_alphanumeric() {
                let same = self.positions(c.to_ascii_lowercase() as u8);
                (next_han, next_latin) = ((han & same) << 1, (latin & same) << 1);
            } else {
                let used = han | latin;
                for typed in (0..self.letters.len()).filter(|typed| used & 1 << typed != 0) {
                    next_han |= self.after(c, typed);
                }
            }
            let end = at + c.len_utf8();
            let inside = c.is_ascii_alphanumeric() && text[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
            if next_han & all != 0 && !inside && c != ' ' {
                return Some(end);
            }
            (han, latin) = (next_han, next_latin);
            if han | latin == 0 {
                return None;
            }
        }
        None
    }

    /// The places of a letter, as bits.
    fn positions(&self, letter: u8) -> u64 {
        self.letters.iter().enumerate().filter(|(_, own)| **own == letter).fold(0, |bits, (at, _)| bits | 1 << at)
    }

    /// Letters used after `c` has stood for some of those from `typed` on, as bits.
    fn after(&self, c: char, typed: usize) -> u64 {
        let rest = &self.letters[typed..];
        let mut used = 0;
        let readings = readings(c);
        for reading in readings.iter().take(if self.whole { 1 } else { readings.len() }) {
            if reading.as_bytes().starts_with(rest) && !self.whole {
                used |= 1 << self.letters.len();
            }
            let shorter = [initial(reading), &reading[..1]];
            let steps = std::iter::once(*reading).chain(shorter.into_iter().filter(|_| !self.whole));
            for step in steps.filter(|step| rest.starts_with(step.as_bytes())) {
                used |= 1 << (typed + step.len());
            }
        }
        used
    }
}

/// The consonants that a syllable begins with, for those of two letters.
fn initial(reading: &str) -> &str {
    if reading.starts_with(['z', 'c', 's']) && reading[1..].starts_with('h') { &reading[..2] } else { &reading[..1] }
}

fn may_begin(c: char, letter: u8) -> bool {
    if c.is_ascii() {
        return c.to_ascii_lowercase() as u8 == letter;
    }
    let at = (c as usize).wrapping_sub(FIRST);
    LETTERS.get(at).is_some_and(|letters| letter.is_ascii_lowercase() && letters & 1 << (letter - b'a') != 0)
}

/// Code of the first character of the block that the tables cover: the CJK Unified Ideographs.
const FIRST: usize = 0x4E00;
const LAST: usize = 0x9FFF;

/// The readings of `c` without tones, each once; ü is typed as v.
fn readings(c: char) -> Vec<&'static str> {
    let typed = |reading: Pinyin| match reading.plain() {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        plain => plain,
    };
    let mut readings: Vec<&'static str> =
        c.to_pinyin_multi().into_iter().flat_map(|readings| readings.into_iter().map(typed)).collect();
    let mut known = Vec::with_capacity(readings.len());
    readings.retain(|reading| {
        !known.contains(reading) && reading.is_ascii() && !reading.is_empty() && {
            known.push(*reading);
            true
        }
    });
    readings
}

/// For each character of the block the letters that its readings begin with, a bit each.
static LETTERS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let letters = |code: usize| {
        let readings = char::from_u32(code as u32).map(readings).unwrap_or_default();
        readings.iter().fold(0, |letters, reading| letters | 1 << (reading.as_bytes()[0] - b'a'))
    };
    (FIRST..=LAST).map(letters).collect()
});

/// Every syllable that is the first reading of some character.
static SYLLABLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let first = |code: usize| char::from_u32(code as u32).and_then(|c| readings(c).first().copied());
    let mut syllables: Vec<&str> = (FIRST..=LAST).filter_map(first).collect();
    syllables.sort_unstable();
    syllables.dedup();
    syllables
});

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(word: &str, text: &str, expected: &[&str]) {
        let found = Sound::new(word, false).map_or(Vec::new(), |sound| sound.places(text));
        let found: Vec<&str> = found.into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, expected, "{word} in {text}");
    }

    #[test]
    fn sounds_in_full_and_by_initials() {
        check("rongqi", "用容器跑容器", &["容器", "容器"]);
        check("rq", "用容器", &["容器"]);
        check("rongq", "用容器", &["容器"]);
        check("ebpfkgc", "用 eBPF 可观测性", &["eBPF 可观测"]);
        check("fupan", "复盘与覆盘", &["复盘", "覆盘"]);
        check("xianliu", "网关限流", &["限流"]);
        check("zhongqing", "重庆与重启", &["重庆"]);
        check("chongqing", "重庆与重启", &["重庆"]);
        check("sgfp", "事故复盘", &["事故复盘"]);
        check("shgfp", "事故复盘", &["事故复盘"]);
        check("lvyou", "旅游", &["旅游"]);
        check("pr1331", "PR1331 合并", &[]);
        check("k8sjq", "K8s 集群", &["K8s 集群"]);
        check("rq", "容 器", &["容 器"]);
        check("rq", "容。器", &[]);
        check("r", "容器", &[]);
        check("bpfkgc", "eBPF 可观测", &[]);
    }

    #[test]
    fn whole_syllables_leave_initials_aside() {
        let whole = |word: &str| Sound::new(word, true);
        assert!(whole("rongqi").is_some_and(|sound| sound.places("容器与人情").len() == 1));
        assert!(whole("fupan").is_some_and(|sound| sound.places("不方便，还伴，复盘").len() == 1));
        for word in ["anananananananananananananananax", "rongq", "rq", "lazy", "kubernetes", "r", "nerdctl"] {
            assert_eq!(whole(word), None, "{word}");
        }
        assert_eq!(Sound::of("覆盘").map(|sound| sound.places("复盘、反盘")), Some(std::iter::once(0..6).collect()));
        assert_eq!(Sound::of("a盘"), None);
        let usual = |word: &str, text: &str| Sound::new(word, false).is_some_and(|sound| sound.is_usual_for(text));
        assert!(usual("fupan", "复盘") && usual("rongq", "容器") && !usual("fupan", "包方"));
    }

    proptest! {
        #[test]
        fn places_are_on_character_boundaries(word in "[a-z0-9]{1,8}", text in "[\\PC容器复盘可观测 ]{0,30}") {
            for sound in [Sound::new(&word, false), Sound::new(&word, true), Sound::of(&text)].into_iter().flatten() {
                for place in sound.places(&text) {
                    prop_assert!(text.get(place).is_some_and(|found| found.chars().any(is_han)));
                }
            }
        }
    }
}
