//! Pinyin: finds Chinese text by its pronunciation, typed in letters.
//!
//! Each Han character may be typed by one of its readings, in full or by its initial; letters and digits
//! stand for themselves: `rongqi` and `rq` match 容器, `ebpfkgc` matches eBPF 可观测. The index holds no
//! pinyin: texts are compared directly, or composed from characters that are known to be adjacent.

use super::{bigrams::Bigrams, is_han};
use foldhash::{HashMap, HashMapExt};
use pinyin::{Pinyin, ToPinyinMulti};
use std::{cmp::Reverse, collections::BinaryHeap, ops::Range, sync::LazyLock};

/// Letters that spell the pronunciation of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinyinPattern {
    letters: Vec<u8>,
    /// True to match only whole syllables, and only the most common reading of each character.
    whole: bool,
}

/// Maximum number of letters; a longer word is no abbreviation.
const LONGEST: usize = 32;

impl PinyinPattern {
    /// The pattern that `word` spells, if it can be pinyin. With `whole`, neither initials nor rarer
    /// readings match: 不方 can be read `fu pang`, but `fupan` hardly means that.
    pub fn new(word: &str, whole: bool) -> Option<PinyinPattern> {
        let letters: Vec<u8> = word.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
        let spells = letters.len() > 1
            && letters.len() <= LONGEST
            && letters.iter().all(u8::is_ascii_alphanumeric)
            && letters.iter().any(u8::is_ascii_lowercase);
        let sound = PinyinPattern { letters, whole };
        (spells && (!whole || sound.is_syllables())).then_some(sound)
    }

    /// The pattern of a text of Han characters, by their first readings.
    pub fn of(han: &str) -> Option<PinyinPattern> {
        let letters: Option<Vec<&str>> = han.chars().map(|c| readings(c).first().copied()).collect();
        let letters = letters?.concat();
        (han.chars().count() > 1 && letters.len() <= LONGEST)
            .then(|| PinyinPattern { letters: letters.into_bytes(), whole: true })
    }

    /// Returns true if the letters consist of whole syllables.
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

    /// Returns true if `text` begins with these letters when each character has its first, usual reading.
    pub fn is_usual_for(&self, text: &str) -> bool {
        let mut sounds = String::new();
        for c in text.chars() {
            if let Some(reading) = readings(c).first() {
                sounds.push_str(reading);
            } else if c.is_ascii_alphanumeric() {
                sounds.push(c.to_ascii_lowercase());
            }
        }
        sounds.as_bytes().starts_with(&self.letters)
    }

    /// Places in `text` that match, leftmost first and without overlaps. They are on character
    /// boundaries, and each contains a Han character.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for place in self.all_places(text) {
            if places.last().is_none_or(|last| last.end <= place.start) {
                places.push(place);
            }
        }
        places
    }

    /// Places in `text` that match, including overlapping ones: the shortest from each character.
    pub fn all_places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let mut before = ' ';
        text.char_indices().filter_map(move |(at, c)| {
            let starts = is_han(c) || !before.is_ascii_alphanumeric();
            before = c;
            let end = (starts && may_begin(c, self.letters[0])).then(|| self.end(&text[at..]))?;
            end.map(|end| at..at + end)
        })
    }

    /// The end of the match at the start of `text`: the first place at which all letters are used.
    ///
    /// Bit `n` is set if `n` letters may have been used so far, since several counts can be possible. Counts
    /// in `han` include a Han character, those in `latin` do not.
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

    /// The positions of `letter` in the pattern, as bits.
    fn positions(&self, letter: u8) -> u64 {
        self.letters.iter().enumerate().filter(|(_, own)| **own == letter).fold(0, |bits, (at, _)| bits | 1 << at)
    }

    /// Counts of used letters after `c` has matched some of those from `typed` on, as bits.
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

/// A search for texts that match a pattern, composed of characters that are known to be adjacent; the
/// likeliest come first.
///
/// Not all of them occur: 甲乙 and 乙丙 do not make 甲乙丙.
pub struct Chains<'s> {
    sound: &'s PinyinPattern,
    pairs: &'s Bigrams,
    /// The letters that each character seen so far can match, or `None` if it matches none.
    steps: HashMap<char, Option<Steps>>,
    begun: BinaryHeap<Chain>,
    /// All links made so far; most chains share theirs with others.
    links: Vec<ChainLink>,
    looked_at: usize,
}

/// Counts of letters used after a character, as bits, indexed by the count before it.
struct Steps {
    after: Box<[u64]>,
    /// Counts of letters, as bits, after which the character can match.
    from: u64,
}

/// A text in the making. Likelier ones compare greater.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Chain {
    /// Number of words that are spelled in letters. The characters beside such a word are not known, so
    /// nearly anything seems possible with one: these chains come last.
    words: Reverse<usize>,
    /// Maximum number of entries that contain it.
    most: u32,
    /// Counts of used letters, as bits.
    used: u64,
    /// The last character, if it is Han.
    last: Option<char>,
    /// Index of the last link.
    link: u32,
}

/// The last part of a chain, and the index of the link before it.
#[derive(Clone, Copy)]
struct ChainLink {
    before: u32,
    part: ChainPart,
}

#[derive(Clone, Copy)]
enum ChainPart {
    Han(char),
    /// A range of the letters, as typed.
    Word(u8, u8),
}

/// The index that stands for no link.
const NONE: u32 = u32::MAX;

/// Maximum number of chains to examine. This takes a few milliseconds, and only long runs of initials need more.
const MOST_CHAINS: usize = 50_000;

impl Steps {
    fn new(sound: &PinyinPattern, c: char) -> Option<Steps> {
        let after: Box<[u64]> = (0..sound.letters.len()).map(|typed| sound.after(c, typed)).collect();
        let from = after.iter().enumerate().fold(0, |from, (typed, used)| from | u64::from(*used != 0) << typed);
        (from != 0).then_some(Steps { after, from })
    }

    /// Counts of letters used after the character, given those before it.
    fn used(&self, mut before: u64) -> u64 {
        before &= self.from;
        let mut used = 0;
        while before != 0 {
            used |= self.after[before.trailing_zeros() as usize];
            before &= before - 1;
        }
        used
    }
}

impl<'s> Chains<'s> {
    /// Starts a search for texts that consist of adjacent characters in `pairs`.
    pub fn new(sound: &'s PinyinPattern, pairs: &'s Bigrams) -> Chains<'s> {
        Chains { sound, pairs, steps: HashMap::new(), begun: BinaryHeap::new(), links: Vec::new(), looked_at: 0 }
    }

    /// The next text and the maximum number of entries that contain it, in descending order; texts without
    /// words in letters come first. `is_word` returns true if letters are a word of some entry.
    pub fn next(&mut self, is_word: &mut dyn FnMut(&str) -> bool) -> Option<(String, u32)> {
        if self.looked_at == 0 {
            let nothing = Chain { words: Reverse(0), most: u32::MAX, used: 1, last: None, link: NONE };
            self.add_words(&nothing, is_word);
            self.add_any(&nothing);
        }
        while self.looked_at < MOST_CHAINS {
            self.looked_at += 1;
            let chain = self.begun.pop()?;
            if chain.used & self.all() != 0 {
                let text = self.text(chain.link);
                if text.chars().any(is_han) {
                    return Some((text, chain.most));
                }
            }
            match chain.last {
                Some(last) => {
                    let (pairs, wanted) = (self.pairs, self.wanted(&chain));
                    for (c, times) in pairs.behind(last).iter().filter(|(c, _)| begins(*c) & wanted != 0) {
                        self.add(&chain, *c, *times);
                    }
                    self.add_words(&chain, is_word);
                }
                None => self.add_any(&chain),
            }
        }
        None
    }

    /// The bit of the count at which all letters are used.
    fn all(&self) -> u64 {
        1 << self.sound.letters.len()
    }

    /// Extends the chain by any character.
    fn add_any(&mut self, chain: &Chain) {
        let (pairs, wanted) = (self.pairs, self.wanted(chain));
        for c in pairs.chars().iter().filter(|c| begins(**c) & wanted != 0) {
            self.add(chain, *c, u32::MAX);
        }
    }

    /// The letters that may come next, one bit each (see [`bit`]).
    fn wanted(&self, chain: &Chain) -> u64 {
        let next = self.sound.letters.iter().enumerate().filter(|(typed, _)| chain.used & 1 << typed != 0);
        next.fold(0, |wanted, (_, letter)| wanted | bit(*letter))
    }

    /// Adds a link and returns its index.
    fn link(&mut self, before: u32, part: ChainPart) -> u32 {
        self.links.push(ChainLink { before, part });
        self.links.len() as u32 - 1
    }

    /// The text of the chain that ends with `link`.
    fn text(&self, mut link: u32) -> String {
        let mut parts = Vec::new();
        while link != NONE {
            let ChainLink { before, part } = self.links[link as usize];
            parts.push(part);
            link = before;
        }
        let mut text = String::new();
        for part in parts.into_iter().rev() {
            match part {
                ChainPart::Han(c) => text.push(c),
                ChainPart::Word(from, to) => {
                    let letters = &self.sound.letters[usize::from(from)..usize::from(to)];
                    text.extend(letters.iter().map(|letter| char::from(*letter)));
                }
            }
        }
        text
    }

    /// Extends the chain by `c` if that uses letters; at most `times` entries contain the pair.
    fn add(&mut self, chain: &Chain, c: char, times: u32) {
        let sound = self.sound;
        let steps = self.steps.entry(c).or_insert_with(|| Steps::new(sound, c));
        let used = steps.as_ref().map_or(0, |steps| steps.used(chain.used));
        if used != 0 {
            let link = self.link(chain.link, ChainPart::Han(c));
            let (words, most) = (chain.words, chain.most.min(times));
            self.begun.push(Chain { words, most, used, last: Some(c), link });
        }
    }

    /// Extends the chain by each word that the next letters spell as they are.
    fn add_words(&mut self, chain: &Chain, is_word: &mut dyn FnMut(&str) -> bool) {
        let letters = str::from_utf8(&self.sound.letters).unwrap_or_default();
        for start in (0..letters.len()).filter(|start| chain.used & 1 << start != 0) {
            for end in start + 1..=letters.len() {
                if is_word(&letters[start..end]) {
                    let words = Reverse(chain.words.0 + 1);
                    let link = self.link(chain.link, ChainPart::Word(start as u8, end as u8));
                    self.begun.push(Chain { words, most: chain.most, used: 1 << end, last: None, link });
                }
            }
        }
    }
}

/// The initial of a syllable: one letter, or two for `zh`, `ch` and `sh`.
fn initial(reading: &str) -> &str {
    if reading.starts_with(['z', 'c', 's']) && reading[1..].starts_with('h') { &reading[..2] } else { &reading[..1] }
}

fn may_begin(c: char, letter: u8) -> bool {
    begins(c) & bit(letter) != 0
}

/// The letters that the readings of `c` may begin with, one bit each.
fn begins(c: char) -> u64 {
    if c.is_ascii() {
        return bit(c.to_ascii_lowercase() as u8);
    }
    LETTERS.get((c as usize).wrapping_sub(FIRST)).map_or(0, |letters| u64::from(*letters))
}

/// The bit of a lower-case letter or digit.
fn bit(letter: u8) -> u64 {
    match letter {
        b'a'..=b'z' => 1 << (letter - b'a'),
        b'0'..=b'9' => 1 << (26 + letter - b'0'),
        _ => 0,
    }
}

/// Code point of the first character that the tables cover: the CJK Unified Ideographs.
const FIRST: usize = 0x4E00;
const LAST: usize = 0x9FFF;

/// The readings of `c` without tones or duplicates; ü is typed as v.
fn readings(c: char) -> Vec<&'static str> {
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

/// A reading as it is typed, with v for ü.
fn typed(reading: Pinyin) -> &'static str {
    match reading.plain() {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        plain => plain,
    }
}

/// First letters of the readings of each character of the block, one bit each.
static LETTERS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut table = Vec::with_capacity(LAST - FIRST + 1);
    for code in FIRST..=LAST {
        let readings = char::from_u32(code as u32).map(readings).unwrap_or_default();
        table.push(readings.iter().fold(0, |letters, reading| letters | 1 << (reading.as_bytes()[0] - b'a')));
    }
    table
});

/// Every syllable that is the first reading of some character.
static SYLLABLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let chars = (FIRST..=LAST).filter_map(|code| char::from_u32(code as u32));
    let mut syllables: Vec<&str> = chars.filter_map(|c| readings(c).first().copied()).collect();
    syllables.sort_unstable();
    syllables.dedup();
    syllables
});

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(word: &str, text: &str, expected: &[&str]) {
        let found = PinyinPattern::new(word, false).map_or(Vec::new(), |sound| sound.places(text));
        let found: Vec<&str> = found.into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, expected, "{word} in {text}");
    }

    #[test]
    fn text_is_found_by_full_pinyin_and_by_initials() {
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
    fn whole_syllables_do_not_match_initials() {
        let whole = |word: &str| PinyinPattern::new(word, true);
        assert!(whole("rongqi").is_some_and(|sound| sound.places("容器与人情").len() == 1));
        assert!(whole("fupan").is_some_and(|sound| sound.places("不方便，还伴，复盘").len() == 1));
        for word in ["anananananananananananananananax", "rongq", "rq", "lazy", "kubernetes", "r", "nerdctl"] {
            assert_eq!(whole(word), None, "{word}");
        }
        assert_eq!(
            PinyinPattern::of("覆盘").map(|sound| sound.places("复盘、反盘")),
            Some(std::iter::once(0..6).collect())
        );
        assert_eq!(PinyinPattern::of("a盘"), None);
        let usual =
            |word: &str, text: &str| PinyinPattern::new(word, false).is_some_and(|sound| sound.is_usual_for(text));
        assert!(usual("fupan", "复盘") && usual("rongq", "容器") && !usual("fupan", "包方"));
    }

    #[test]
    fn words_of_letters_come_last() {
        // Characters whose readings begin with r and g, which may surround the word `on`.
        let r = "人然让日如若热任认容肉弱软仍忍";
        let found = r.chars().zip("个给跟过高更公国关工够该感果光".chars()).map(|(r, g)| (r, g, 9));
        let pairs = Bigrams::of(found.chain([('容', '器', 1), ('个', '器', 1)]).collect(), Vec::new());
        let sound = PinyinPattern::new("rongq", false).expect("a sound");
        let mut chains = Chains::new(&sound, &pairs);
        let mut texts = std::iter::from_fn(|| chains.next(&mut |letters| ["on", "q"].contains(&letters)));
        assert_eq!(texts.next(), Some(("容器".to_owned(), 1)));
        assert!(texts.any(|(text, _)| text == "人on个器") && texts.all(|(text, _)| text != "on"));
    }

    proptest! {
        #[test]
        fn places_are_on_character_boundaries(word in "[a-z0-9]{1,8}", text in "[\\PC容器复盘可观测 ]{0,30}") {
            for sound in [PinyinPattern::new(&word, false), PinyinPattern::new(&word, true), PinyinPattern::of(&text)].into_iter().flatten() {
                for place in sound.places(&text) {
                    prop_assert!(text.get(place).is_some_and(|found| found.chars().any(is_han)));
                }
            }
        }
    }
}
