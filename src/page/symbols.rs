//! Symbols beside the text, in Unicode and in ASCII.

use ratatui::symbols::border;

/// Symbols beside the text. Each is a single column wide, except the task boxes.
///
/// Most of the Unicode set is of ambiguous width, like Chinese quotes: a terminal set to draw
/// such characters wide needs [`Symbols::ascii`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    pub paper: &'static str,
    pub incident: &'static str,
    pub pull_request: &'static str,
    pub issue: &'static str,
    pub book: &'static str,
    pub tool: &'static str,
    pub life: &'static str,
    pub link: &'static str,
    pub undated: &'static str,
    pub veiled: &'static str,
    pub image: &'static str,
    /// Bullets by depth of the list, the last for all deeper lists.
    pub bullets: [&'static str; 3],
    pub quote: &'static str,
    /// Horizontal line of a rule and under a table's header.
    pub rule: &'static str,
    pub ellipsis: &'static str,
    /// Mark before the second and later parts of a line of code.
    pub continuation: &'static str,
    pub task_open: &'static str,
    pub task_done: &'static str,
    /// Bars from lowest to highest.
    pub strip: [&'static str; 8],
    /// Weeks of a heat map, by their number of entries: those without a hit, and those with one.
    pub shades: [&'static str; 4],
    pub hits: [&'static str; 4],
    /// Week of the selected entry in the heat map.
    pub here: &'static str,
    /// Bar at the left edge of the selected row.
    pub selection: &'static str,
    pub prompt: &'static str,
    pub required: &'static str,
    pub excluded: &'static str,
    /// Separator of the parts of a breadcrumb.
    pub within: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub border: border::Set<'static>,
}

impl Symbols {
    pub const fn unicode() -> Symbols {
        Symbols {
            paper: "◆",
            incident: "▲",
            pull_request: "⑂",
            issue: "◉",
            book: "▤",
            tool: "⚙",
            life: "·",
            link: "↗",
            undated: "?",
            veiled: "▒",
            image: "▣",
            bullets: ["•", "◦", "▪"],
            quote: "▎",
            rule: "─",
            ellipsis: "…",
            continuation: "↳",
            task_open: "☐",
            task_done: "☑",
            strip: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
            shades: ["·", "░", "▒", "▓"],
            hits: ["▂", "▄", "▆", "█"],
            here: "◆",
            selection: "▌",
            prompt: "❯",
            required: "●",
            excluded: "○",
            within: "›",
            previous: "←",
            next: "→",
            border: border::ROUNDED,
        }
    }

    /// Returns a set of printable ASCII only. Its task boxes are three columns wide.
    pub const fn ascii() -> Symbols {
        Symbols {
            paper: "P",
            incident: "!",
            pull_request: "R",
            issue: "I",
            book: "B",
            tool: "T",
            life: ".",
            link: ">",
            undated: "?",
            veiled: "#",
            image: "@",
            bullets: ["*", "-", "+"],
            quote: "|",
            rule: "-",
            ellipsis: "~",
            continuation: "\\",
            task_open: "[ ]",
            task_done: "[x]",
            strip: [".", ":", "-", "=", "+", "*", "#", "@"],
            shades: [".", ":", "-", "="],
            hits: ["+", "*", "#", "@"],
            here: "X",
            selection: ">",
            prompt: ">",
            required: "+",
            excluded: "-",
            within: ">",
            previous: "<",
            next: ">",
            border: ASCII_BORDER,
        }
    }
}

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    fn singles(symbols: &Symbols) -> Vec<&'static str> {
        let border = symbols.border;
        let mut all = vec![
            symbols.paper,
            symbols.incident,
            symbols.pull_request,
            symbols.issue,
            symbols.book,
            symbols.tool,
            symbols.life,
            symbols.link,
            symbols.undated,
            symbols.veiled,
            symbols.image,
            symbols.quote,
            symbols.rule,
            symbols.ellipsis,
            symbols.continuation,
            symbols.selection,
            symbols.here,
            symbols.prompt,
            symbols.required,
            symbols.excluded,
            symbols.within,
            symbols.previous,
            symbols.next,
            border.top_left,
            border.top_right,
            border.bottom_left,
            border.bottom_right,
            border.vertical_left,
            border.vertical_right,
            border.horizontal_top,
            border.horizontal_bottom,
        ];
        all.extend(symbols.bullets);
        all.extend(symbols.strip);
        all.extend(symbols.shades.into_iter().chain(symbols.hits));
        all
    }

    #[test]
    fn symbols_are_one_column_wide() {
        for symbol in singles(&Symbols::unicode()).into_iter().chain(["☐", "☑"]) {
            assert_eq!(symbol.width(), 1, "{symbol}");
        }
        for symbol in singles(&Symbols::ascii()) {
            assert!(symbol.width_cjk() == 1 && symbol.is_ascii(), "{symbol}");
        }
    }
}
