//! Sentences in two languages, made from patterns whose gaps are filled from the vocabularies.

use super::{random::Random, words::Words};

/// Patterns of Chinese clauses. Gaps: `n` noun phrase, `N` noun, `l` noun from daily life, `k` Latin
/// name, `v` verb, `a` adjective, `p` person, `t` time, `d` adverb, `#` number.
const HAN: [&str; 44] = [
    "{d}{v}了{n}",
    "{v}了{n}的{N}",
    "把{n}从{N}迁到了{N}",
    "把{N}和{N}拆开，{n}就{a}了",
    "给{n}加了{N}",
    "{n}的{N}还是很{a}",
    "{n}比想象的{a}",
    "{t}{v}{n}，结果是{N}的问题",
    "由于{n}{a}，{N}又要重新{v}",
    "发现{n}不是{N}，而是{N}",
    "和{p}一起{v}{n}",
    "{p}说{n}不用{v}",
    "试了一下{k}，{n}{a}多了",
    "{k}的{n}写得很{a}",
    "用{k}{v}{n}，省了{#}%的{N}",
    "{n}在{N}的时候会丢{N}",
    "{N}从{#}毫秒降到了{#}毫秒",
    "{t}的{N}一共{#}个，{a}的有{#}个",
    "想清楚了{n}为什么{a}",
    "没有{v}{n}，下周继续",
    "{n}终于{v}完了",
    "先{v}{N}，再{v}{N}，最后{v}{N}",
    "如果{n}{a}，就不需要{N}",
    "{n}只有在{N}{a}时才会出现",
    "看了《{N}{N}》，讲{n}的部分最{a}",
    "读完了《{N}的{N}》",
    "{l}很{a}",
    "{t}去了{l}，{d}{v}了{l}",
    "和{p}去{l}，路上聊{n}",
    "{l}和{l}都没有{v}",
    "这{#}天一直在{v}{n}",
    "{k}升级到新版本以后{n}{a}了",
    "线上的{n}被{p}{v}了",
    "{n}的文档里没有写{N}",
    "复盘{n}：{N}{a}导致{N}失败，回滚后恢复",
    "下周计划{v}{n}",
    "为什么{n}要先{v}{N}？",
    "又一次被{n}的{N}骗了",
    "{n}，或者说{N}，其实就是{N}",
    "在{k}里{v}{N}要注意{n}",
    "目前{n}是{a}的",
    "关于{n}的讨论{d}结束了",
    "{p}问我{n}和{N}有什么区别",
    "不再{v}{n}了",
];

const ENGLISH: [&str; 36] = [
    "{V} the {n}",
    "{V} the {n} so that the {N} is no longer {a}",
    "{V} and {V} the {n} with {p}",
    "moved the {N} from {k} to {k}",
    "the {n} is {a} when the {N} is {a}",
    "it turns out that the {n} was a {N} all along",
    "{k} has a {a} {N} now",
    "tried {k} for the {n}: {a}, but good enough",
    "the {N} went from {#} ms to {#} ms",
    "{#}% of the {n} was {N}",
    "why does the {n} need a {N}?",
    "a {a} write-up of how they {V} their {n}",
    "talked to {p} about the {n}",
    "{p} {V} the {n} {t}",
    "we should not {v} the {N} before the {N}",
    "no {n} this week",
    "if the {N} is {a}, {v} the {n} first",
    "started to {v} the {n}, {d}",
    "read about {n} and {N}",
    "a small tool to {v} {N} files",
    "the {n} is documented, but the {N} is not",
    "{d} {V} the {N} of the {n}",
    "next week: {v} the {n}",
    "finished a book on {N} and {N}",
    "went for a walk {t} and thought about the {n}",
    "slept well, {V} nothing",
    "they {V} {#} of {#} {N} rows",
    "every {N} has its {n}",
    "the {n} does not {v} under {k}",
    "postmortem: a {a} {N} took down the {n} for {#} minutes",
    "my {N} is still {a}",
    "there are {#} ways to {v} a {n}, and {p} knows most of them",
    "wrote a test for the {n}",
    "{k} and {k} disagree about what a {N} is",
    "it is hard to {v} what you cannot {v}",
    "the release notes of {k} mention the {n}",
];

const TIMES: [&str; 10] = ["周一", "周三", "周五", "昨天", "上周", "晚上", "这个月", "早上", "月底", "凌晨"];
const HOW: [&str; 9] = ["顺手", "重新", "终于", "简单", "和大家", "花了一天", "勉强", "偷偷", "认真"];
const TIMES_ENGLISH: [&str; 7] = ["on Monday", "last week", "yesterday", "at night", "today", "this month", "again"];
const HOW_ENGLISH: [&str; 6] = ["slowly", "finally", "once more", "in the end", "carefully", "by hand"];

/// Number of nouns that are too frequent to be the topic of a week.
const COMMON: usize = 12;

/// Column after which a line broken by hand ends.
const LINE: usize = 34;

/// Text that one person writes in one week.
pub struct Prose<'w> {
    pub words: &'w Words,
    pub random: Random,
    pub text: String,
    /// Ranks of the nouns that this week is about; they recur, as words do in real notes.
    pub topics: Vec<usize>,
    /// Offset of the person's favourite names.
    pub turn: usize,
    /// Puts blanks between Han and Latin.
    pub spaced: bool,
    /// Breaks long lines, even within words, and indents the next line by this many blanks.
    pub broken: Option<usize>,
    column: usize,
}

impl<'w> Prose<'w> {
    pub fn new(words: &'w Words, mut random: Random, turn: usize, spaced: bool) -> Prose<'w> {
        let topics = (0..random.between(4, 8)).map(|_| random.word_rank() + COMMON).collect();
        Prose { words, random, text: String::new(), topics, turn, spaced, broken: None, column: 0 }
    }

    /// Writes `text` as it is.
    pub fn raw(&mut self, text: &str) {
        self.text.push_str(text);
        self.column = match text.rfind('\n') {
            Some(at) => text[at..].chars().count() - 1,
            None => self.column + text.chars().count(),
        };
    }

    /// Writes words, with blanks between scripts and line breaks where they are due.
    pub fn put(&mut self, words: &str) {
        let mut last = self.text.chars().next_back().unwrap_or('\n');
        for c in words.chars() {
            if self.spaced && (is_han(last) && c.is_ascii_alphanumeric() || last.is_ascii_alphanumeric() && is_han(c)) {
                self.text.push(' ');
                self.column += 1;
            }
            if let Some(indent) = self.broken.filter(|_| self.column >= LINE && is_han(last) && is_han(c)) {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n(' ', indent));
                self.column = 0;
            }
            self.text.push(c);
            self.column += 1;
            last = c;
        }
    }

    /// Writes `clauses` clauses without a full stop.
    pub fn sentence(&mut self, han: bool, clauses: usize) {
        let start = self.text.len();
        for nth in 0..clauses {
            if nth > 0 {
                let joint = match (han, self.random.below(6)) {
                    _ if self.text.ends_with('？') => "",
                    _ if self.text.ends_with('?') => " ",
                    (true, 0) => "；",
                    (true, _) => "，",
                    (false, 0) => "; ",
                    (false, 1..=3) => ", and ",
                    (false, _) => ", ",
                };
                self.put(joint);
            }
            self.clause(han);
        }
        if !han && self.random.percent(60) {
            let first = self.text[start..].chars().next().filter(char::is_ascii_lowercase);
            if let Some(first) = first {
                self.text.replace_range(start..=start, first.to_ascii_uppercase().encode_utf8(&mut [0; 4]));
            }
        }
    }

    pub fn clause(&mut self, han: bool) {
        let mut pattern =
            if han { HAN[self.random.below(HAN.len())] } else { ENGLISH[self.random.below(ENGLISH.len())] };
        while let Some((before, rest)) = pattern.split_once('{') {
            self.put(before);
            let (gap, after) = rest.split_once('}').unwrap_or((rest, ""));
            if han {
                self.han_gap(gap);
            } else {
                self.english_gap(gap);
            }
            pattern = after;
        }
        self.put(pattern);
    }

    fn han_gap(&mut self, gap: &str) {
        let words = self.words;
        match gap {
            "n" => self.something(),
            "N" => self.noun(true),
            "l" => {
                let nth = self.random.favourite(words.han_life.len(), self.turn);
                self.put(words.han_life[nth]);
            }
            "k" => self.name(),
            "v" => {
                let nth = self.random.rank(words.han_verbs.len());
                self.put(words.han_verbs[nth]);
            }
            "a" => {
                let nth = self.random.rank(words.han_adjectives.len());
                self.put(words.han_adjectives[nth]);
            }
            "p" => {
                let surname = self.random.one_of(&words.surnames);
                let who = if self.random.percent(50) { format!("老{surname}") } else { format!("小{surname}") };
                self.put(&who);
            }
            "t" => self.one_of(&TIMES),
            "d" => self.one_of(&HOW),
            _ => self.number(),
        }
    }

    /// Writes a noun phrase.
    fn something(&mut self) {
        match self.random.below(10) {
            0..4 => self.noun(true),
            4..6 => {
                self.noun(true);
                self.noun(true);
            }
            6 => {
                let nth = self.random.rank(self.words.han_adjectives.len());
                self.put(self.words.han_adjectives[nth]);
                self.put("的");
                self.noun(true);
            }
            7 => {
                self.name();
                self.put("的");
                self.noun(true);
            }
            8 => {
                self.noun(true);
                self.put("和");
                self.noun(true);
            }
            _ => self.noun(false),
        }
    }

    fn english_gap(&mut self, gap: &str) {
        let words = self.words;
        match gap {
            "n" if self.random.percent(30) => {
                self.one_of(&words.adjectives);
                self.put(" ");
                self.noun(false);
            }
            "n" if self.random.percent(30) => {
                self.noun(false);
                self.put(" ");
                self.noun(false);
            }
            "n" | "N" => self.noun(false),
            "k" => self.name(),
            "v" => self.one_of(&words.verbs),
            "V" => {
                let verb = self.random.one_of(&words.verbs);
                self.put(verb);
                self.put(if verb.ends_with('e') { "d" } else { "ed" });
            }
            "a" => self.one_of(&words.adjectives),
            "p" => self.one_of(&words.people),
            "t" => self.one_of(&TIMES_ENGLISH),
            "d" => self.one_of(&HOW_ENGLISH),
            _ => self.number(),
        }
    }

    fn one_of(&mut self, list: &[&str]) {
        let word = self.random.one_of(list);
        self.put(word);
    }

    fn number(&mut self) {
        let number = self.random.rank(90) + 2;
        self.put(&number.to_string());
    }

    /// Writes a noun, often one of the week's topics.
    pub fn noun(&mut self, han: bool) {
        let rank = if self.random.percent(30) { self.random.one_of(&self.topics) } else { self.random.word_rank() };
        let mut noun = String::new();
        if han {
            self.words.han_noun(rank, &mut noun);
        } else {
            self.words.noun(rank, &mut noun);
        }
        self.put(&noun);
    }

    /// Writes a Latin name: a real project, a made-up project, or code.
    fn name(&mut self) {
        match self.random.below(10) {
            0..7 => {
                let nth = self.random.favourite(self.words.names.len(), self.turn);
                self.put(self.words.names[nth]);
            }
            7..9 => {
                let mut name = String::new();
                self.words.project(self.random.word_rank(), &mut name);
                name[..1].make_ascii_uppercase();
                self.put(&name);
            }
            _ => {
                let mut code = String::new();
                self.words.noun(self.random.word_rank(), &mut code);
                code.push_str(self.random.one_of(&["()", " -v", "::new", ".toml", "_total", "=0"]));
                self.put(&format!("`{code}`"));
            }
        }
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
