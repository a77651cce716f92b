//! Code: highlights its syntax, and fits its lines to a width.
//!
//! Grammars are compiled into the program and unpacked for the first block of code with a language.
//! Gives roles, never colours.

use super::super::role::Role;
use super::super::wrap::{Line, TextSpan, chop, width};
use std::{ops::Range, sync::LazyLock};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Bytes of code on a page that are highlighted: some hundred lines. The rest stays plain, since a
/// grammar takes some microseconds a byte and the screen waits for it.
pub(super) const MOST: usize = 16 * 1024;

/// Bytes of the longest line that is highlighted. Longer ones are data or minified, and grammars
/// backtrack on them.
const LONGEST_LINE: usize = 1000;

/// Names of languages that the grammars do not know, with those that they do.
const ALIASES: &[(&str, &str)] = &[
    ("console", "bash"),
    ("docker", "dockerfile"),
    ("golang", "go"),
    ("hcl", "tf"),
    ("json5", "json"),
    ("jsonc", "json"),
    ("jsx", "js"),
    ("node", "js"),
    ("plsql", "sql"),
    ("postgres", "sql"),
    ("postgresql", "sql"),
    ("mysql", "sql"),
    ("python3", "py"),
    ("sh-session", "bash"),
    ("shell", "bash"),
    ("shell-session", "bash"),
    ("systemd", "ini"),
    ("terminal", "bash"),
    ("vimscript", "vim"),
];

/// Scopes of the grammars with their roles, special ones before general ones. A part without a role
/// has that of the part around it.
const PARTS: &[(&str, Role)] = &[
    ("comment", Role::Comment),
    ("meta.interpolation", Role::Code),
    ("string", Role::String),
    ("constant", Role::Number),
    ("keyword.operator", Role::Code),
    ("keyword", Role::Keyword),
    ("storage", Role::Keyword),
    ("entity.name", Role::Name),
    ("entity.other.attribute-name", Role::Name),
    ("support", Role::Name),
    ("variable.function", Role::Name),
    ("markup.inserted", Role::Added),
    ("markup.deleted", Role::Removed),
];

struct Grammars {
    syntaxes: SyntaxSet,
    parts: Vec<(Scope, Role)>,
}

static GRAMMARS: LazyLock<Grammars> = LazyLock::new(|| Grammars {
    syntaxes: two_face::syntax::extra_newlines(),
    parts: PARTS.iter().filter_map(|(name, role)| Some((Scope::new(name).ok()?, *role))).collect(),
});

impl Grammars {
    /// Finds the grammar of the language that `info`, the words after the fence, begins with.
    fn of(&self, info: &str) -> Option<&SyntaxReference> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_');
        let name = info.trim_start_matches(|c: char| !is_name(c));
        let name = name[..name.find(|c| !is_name(c)).unwrap_or(name.len())].to_ascii_lowercase();
        let known = match ALIASES.iter().find(|(alias, _)| *alias == name) {
            Some((_, known)) => known,
            None => name.as_str(),
        };
        let found = self.syntaxes.find_syntax_by_token(known)?;
        (found.name != self.syntaxes.find_syntax_plain_text().name).then_some(found)
    }

    fn role(&self, stack: &ScopeStack) -> Role {
        let part = |scope: &Scope| self.parts.iter().find(|(part, _)| part.is_prefix_of(*scope));
        stack.as_slice().iter().rev().find_map(part).map_or(Role::Code, |(_, role)| *role)
    }
}

/// Cuts `code`, in the language that `info` names, into parts with roles: from the first byte to the
/// last, without gaps. The bytes that are highlighted are taken from `budget`.
pub(super) fn parts(info: &str, code: &str, budget: &mut usize) -> Vec<(Range<usize>, Role)> {
    let whole = || vec![(0..code.len(), Role::Code)];
    if info.trim().is_empty() || code.is_empty() || *budget == 0 {
        return whole();
    }
    let grammars = &*GRAMMARS;
    let Some(syntax) = grammars.of(info) else { return whole() };
    let mut parts = Vec::new();
    let (mut state, mut stack) = (ParseState::new(syntax), ScopeStack::new());
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        if line.len() > LONGEST_LINE {
            push(&mut parts, at..at + line.len(), Role::Code);
            at += line.len();
            continue;
        }
        let Some(left) = budget.checked_sub(line.len()) else {
            *budget = 0;
            break;
        };
        *budget = left;
        let Ok(turns) = state.parse_line(line, &grammars.syntaxes) else { break };
        let mut from = at;
        for (place, turn) in turns {
            let place = at + place.min(line.len());
            push(&mut parts, from..place, grammars.role(&stack));
            from = place;
            if stack.apply(&turn).is_err() {
                return whole();
            }
        }
        at += line.len();
        push(&mut parts, from..at, grammars.role(&stack));
    }
    push(&mut parts, at..code.len(), Role::Code);
    parts
}

/// Lists the words after the fences of code in `markdown`, roughly: also in lists and quotes.
pub fn languages(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.lines().filter_map(language)
}

/// Returns the words after a fence of code.
fn language(line: &str) -> Option<&str> {
    let at = line.find("```").or_else(|| line.find("~~~"))?;
    let (margin, fence) = line.split_at(at);
    if !margin.chars().all(|c| c.is_whitespace() || matches!(c, '>' | '-' | '*')) {
        return None;
    }
    let words = fence.trim_start_matches(['`', '~']).trim();
    (!words.is_empty()).then_some(words)
}

/// Adds a part, and joins it to the last one if the role is the same.
fn push(parts: &mut Vec<(Range<usize>, Role)>, place: Range<usize>, role: Role) {
    match parts.last_mut() {
        _ if place.is_empty() => {}
        Some((last, same)) if *same == role => last.end = place.end,
        _ => parts.push((place, role)),
    }
}

/// Fits lines of code to `room` columns and pads them to one width. The margin shows `continuation`
/// where a line continues; without that sign there is no margin.
pub(super) fn lines(spans: &[TextSpan], room: usize, continuation: &str) -> Vec<Line> {
    let (margin, sign) = match continuation {
        "" => (String::new(), String::new()),
        sign => (" ".repeat(width(sign) + 1), format!("{sign} ")),
    };
    let mut lines = Vec::new();
    for line in split_lines(spans) {
        for (place, mut piece) in chop(&line, room - width(&margin)).into_iter().enumerate() {
            piece.spans.insert(0, TextSpan::new(if place == 0 { &margin } else { &sign }, Role::Dim));
            lines.push(piece);
        }
    }
    let widest = lines.iter().map(Line::width).max().unwrap_or(0);
    for line in &mut lines {
        line.spans.push(TextSpan::new(" ".repeat(widest - line.width()), Role::Code));
        line.spans.retain(|span| !span.text.is_empty());
    }
    lines
}

/// Returns the spans of each line, without the line feeds.
fn split_lines(spans: &[TextSpan]) -> Vec<Vec<TextSpan>> {
    let mut lines = vec![Vec::new()];
    for span in spans {
        for (place, text) in span.text.split('\n').enumerate() {
            if place > 0 {
                lines.push(Vec::new());
            }
            if let (Some(line), false) = (lines.last_mut(), text.is_empty()) {
                line.push(span.with_text(text));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(info: &str, code: &str) -> String {
        let part = |(place, role): (Range<usize>, Role)| match role {
            Role::Code => code[place].to_owned(),
            role => format!("{role:?}[{}]", &code[place]),
        };
        parts(info, code, &mut MOST.clone()).into_iter().map(part).collect()
    }

    #[test]
    fn parts_of_code_have_roles() {
        for (info, code, expected) in [
            ("go", "return 42 // 注释", "Keyword[return] Number[42] Comment[// 注释]"),
            ("golang {linenos=table}", "x := \"容器\"", "x := String[\"容器\"]"),
            ("{.rust .numberLines}", "let x = 'a';", "Keyword[let] x = String['a'];"),
            ("diff", "-old\n+new\n", "Removed[-old\n]Added[+new\n]"),
            ("toml", "a = true", "Name[a] = Number[true]"),
            ("SQL", "select 1;", "Keyword[select] Number[1];"),
            ("text", "return 42", "return 42"),
            ("没有这种语言", "return 42", "return 42"),
            ("", "return 42", "return 42"),
            ("go", "", ""),
        ] {
            assert_eq!(roles(info, code), expected, "{info}: {code}");
        }
    }

    #[test]
    fn every_alias_leads_to_a_grammar() {
        for (alias, name) in ALIASES {
            assert!(GRAMMARS.of(alias).is_some(), "{alias} {name}");
        }
        for name in PARTS {
            assert!(Scope::new(name.0).is_ok(), "{}", name.0);
        }
    }

    #[test]
    fn parts_are_all_of_the_code_however_long() {
        let long_line = format!("x = \"{}\"\nreturn 1\n", "容器 ".repeat(5_000));
        let long_block = "if x { return \"容器\" } // 注释\n".repeat(30_000);
        let hostile = "((((((((((".repeat(20_000) + "\n" + &"\"\\".repeat(400) + "\n";
        for code in [long_line, long_block, hostile] {
            for info in ["go", "python", "md", "html", "perl", "vim", "bash"] {
                let parts = parts(info, &code, &mut MOST.clone());
                let mut at = 0;
                for (place, _) in &parts {
                    assert_eq!(place.start, at, "{info}");
                    at = place.end;
                }
                assert_eq!(at, code.len(), "{info}");
                // Highlighting is bounded, so a longer text has no more parts.
                assert!(parts.len() < MOST, "{info}: {}", parts.len());
            }
        }
    }

    #[test]
    fn a_page_has_one_budget() {
        let mut budget = 20;
        assert_eq!(parts("go", "return 1\nreturn 2\n", &mut budget).len(), 8);
        assert_eq!((parts("go", "return 1", &mut budget).len(), budget), (1, 0));
    }

    #[test]
    fn languages_stand_after_fences() {
        let markdown = "```go\nx\n```\n- a\n  ~~~~ rust,ignore\n  x ```\n> ```sh\n``` ```\n`````";
        assert_eq!(languages(markdown).collect::<Vec<_>>(), ["go", "rust,ignore", "sh", "```"]);
    }

    #[test]
    fn line_after_a_long_one_is_highlighted_again() {
        let code = format!("{}\nreturn 1", "x".repeat(LONGEST_LINE + 1));
        assert!(roles("go", &code).ends_with("Keyword[return] Number[1]"));
    }
}
