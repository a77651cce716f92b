//! Markdown as lines of styled text, fitted to a width.
//!
//! Renders what the author wrote: own numbers, own line structure, unknown tags as text. Sees
//! one piece of Markdown and what it is told by [`Style`]; knows no notes, queries or colours.
//! Any input is fine, however deep, and takes time linear in its length.

mod html;
mod inline;
mod table;
mod url;

use super::wrap::{self, Line, Span, width, wrap};
use super::{role::Role, symbols::Symbols};
use crate::log::markdown::options;
use crate::text::{clean, clean_line};
use inline::{Inline, Mark};
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;
use table::Table;

/// Columns that indents leave to the text. What is nested deeper is not indented further; its
/// number or bullet stands in the text.
const LEAST_TEXT: usize = 10;

/// Nesting beyond which numbers and bullets are not shown: nobody writes it, and a line of nothing
/// else would be all markers.
const DEEPEST_MARKER: usize = 16;

/// How Markdown is to be shown.
pub struct Style<'a> {
    /// Columns of the widest line.
    pub width: usize,
    pub symbols: &'a Symbols,
    /// The url of a link reference whose definition stands outside the text at hand.
    pub definitions: &'a dyn Fn(&str) -> Option<String>,
    /// What to mark in a block's text: byte ranges in any order, overlapping or beyond the end.
    /// Asked once for each paragraph, heading, cell or block of code.
    pub highlight: &'a dyn Fn(&str) -> Vec<Range<usize>>,
    /// The kind of thing that a url leads to.
    pub url_role: &'a dyn Fn(&str) -> Role,
}

/// `markdown` in lines of at most `style.width` columns; blank lines stand where the source has
/// them, one for any number.
pub fn render(markdown: &str, style: &Style<'_>) -> Vec<Line> {
    if style.width == 0 {
        return Vec::new();
    }
    let source = clean(markdown);
    let mut definitions = |link: BrokenLink<'_>| definition(&link, style);
    // Subscript is switched on to tell `~`, which stays as it is, from `~~`.
    let options = options() | Options::ENABLE_SUBSCRIPT;
    let parser = Parser::new_with_broken_link_callback(&source, options, Some(&mut definitions));
    let mut renderer = Renderer::new(&source, style);
    for (event, place) in parser.into_offset_iter() {
        renderer.take(event, &place);
    }
    renderer.flush();
    renderer.lines
}

fn definition<'s>(link: &BrokenLink<'_>, style: &Style<'_>) -> Option<(CowStr<'s>, CowStr<'s>)> {
    let footnote = link.reference.starts_with('^');
    let url = if footnote { None } else { (style.definitions)(&link.reference) }?;
    Some((url.into(), "".into()))
}

/// What an open container adds to the beginning of each line.
struct Indent {
    /// Instead of `rest`, on the first line only.
    marker: Option<String>,
    rest: String,
    width: usize,
}

/// A list that is open.
struct List {
    /// The number that the list starts with, of a numbered one.
    first: Option<u64>,
    items: u64,
}

struct Renderer<'a> {
    style: &'a Style<'a>,
    source: &'a str,
    /// Where each line of the source begins, and whether a blank line stands before it.
    starts: Vec<(usize, bool)>,
    lines: Vec<Line>,
    /// Whether a line of text stands since the last blank one.
    unbroken: bool,
    inline: Inline<'a>,
    indents: Vec<Indent>,
    /// For every open item, quote and footnote, whether it has an indent.
    indented: Vec<bool>,
    lists: Vec<List>,
    /// How many of them have bullets.
    bulleted: usize,
    quotes: usize,
    /// The delimiters of emphasis that is none, being part of a url; else empty.
    emphases: Vec<&'a str>,
    urls: Vec<Range<usize>>,
    code: Option<String>,
    html: Option<String>,
    table: Table,
    row: Vec<table::Cell>,
}

impl<'a> Renderer<'a> {
    fn new(source: &'a str, style: &'a Style<'a>) -> Renderer<'a> {
        Renderer {
            style,
            source,
            starts: line_starts(source),
            lines: Vec::new(),
            unbroken: false,
            inline: Inline::new(style),
            indents: Vec::new(),
            indented: Vec::new(),
            lists: Vec::new(),
            bulleted: 0,
            quotes: 0,
            emphases: Vec::new(),
            urls: url::find(source),
            code: None,
            html: None,
            table: Table::default(),
            row: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, place: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, place),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.inline.push(&text),
            },
            Event::Code(code) => self.inline.code(&code),
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.inline.html(&html),
            },
            Event::InlineHtml(html) => self.inline.html(&html),
            Event::FootnoteReference(label) => self.inline.push_as(Role::Dim, &format!("[^{label}]")),
            Event::SoftBreak => self.inline.soft_break(),
            Event::HardBreak => self.inline.hard_break(),
            Event::Rule => self.rule(place),
            Event::TaskListMarker(done) => self.task(done),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.inline.push(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>, place: &Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Table(_) => {
                self.block(place);
                self.start_leaf(tag);
            }
            Tag::List(first) => {
                self.flush();
                self.bulleted += usize::from(first.is_none());
                self.lists.push(List { first, items: 0 });
            }
            Tag::Item => self.start_item(place),
            Tag::BlockQuote(_) => {
                self.block(place);
                self.quotes += 1;
                self.inline.base = Role::Quote;
                let bar = format!("{} ", self.style.symbols.quote);
                self.indent(None, bar);
            }
            Tag::FootnoteDefinition(label) => {
                self.block(place);
                self.indent(Some(format!("[^{}] ", clean_line(&label))), "  ".to_owned());
            }
            Tag::TableHead => self.inline.base_bold = true,
            Tag::Emphasis => self.start_emphasis(Mark::Italic, place.start..place.start + 1),
            Tag::Strong => self.start_emphasis(Mark::Bold, place.start..place.start + 2),
            Tag::Strikethrough => self.inline.open(Mark::Strike),
            Tag::Subscript => self.inline.push("~"),
            Tag::Link { dest_url, .. } => self.inline.open_link(&dest_url),
            Tag::Image { dest_url, .. } => self.inline.open_image(&dest_url),
            _ => {}
        }
    }

    /// The start of a block that holds text.
    fn start_leaf(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => self.code = Some(String::new()),
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::Heading { .. } => (self.inline.base, self.inline.base_bold) = (Role::Heading, true),
            Tag::Table(alignments) => self.table = Table { alignments, ..Table::default() },
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(_) => {
                self.flush();
                (self.inline.base, self.inline.base_bold) = (self.plain_role(), false);
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => {
                let html = self.html.take().unwrap_or_default();
                self.inline.html(html.trim_end());
                self.flush();
            }
            TagEnd::List(_) => {
                let bulleted = self.lists.pop().is_some_and(|list| list.first.is_none());
                self.bulleted -= usize::from(bulleted);
            }
            TagEnd::Item | TagEnd::FootnoteDefinition => self.end_container(),
            TagEnd::BlockQuote(_) => {
                self.end_container();
                self.quotes -= 1;
                self.inline.base = self.plain_role();
            }
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => {
                self.inline.base_bold = false;
                self.table.header = std::mem::take(&mut self.row);
            }
            TagEnd::TableRow => self.table.rows.push(std::mem::take(&mut self.row)),
            TagEnd::TableCell => {
                let cell = self.inline.finish(self.room());
                self.row.push(cell);
            }
            TagEnd::Emphasis => self.end_emphasis(Mark::Italic),
            TagEnd::Strong => self.end_emphasis(Mark::Bold),
            TagEnd::Strikethrough => self.inline.close(Mark::Strike),
            TagEnd::Subscript => self.inline.push("~"),
            TagEnd::Link => self.inline.close_link(),
            TagEnd::Image => self.inline.close_image(),
            _ => {}
        }
    }

    /// Before a block: what came before it is written, and a blank line if the source has one.
    fn block(&mut self, place: &Range<usize>) {
        self.flush();
        let line = self.starts.partition_point(|(start, _)| *start <= place.start);
        let after_blank = line > 0 && self.starts[line - 1].1;
        if after_blank && self.unbroken {
            let mut blank = Line { spans: self.rest() };
            blank.trim_end();
            self.lines.push(blank);
            self.unbroken = false;
        }
    }

    fn write(&mut self, lines: Vec<Line>) {
        self.unbroken |= !lines.is_empty();
        self.lines.extend(lines);
    }

    /// Writes the text gathered so far.
    fn flush(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        let spans = self.inline.finish(self.room());
        let (first, next) = (self.first(), self.rest());
        self.write(wrap(&spans, &first, &next, self.style.width));
    }

    /// Writes lines as they are, behind the indent.
    fn write_indented(&mut self, lines: Vec<Line>) {
        for mut line in lines {
            let mut spans = self.first();
            spans.append(&mut line.spans);
            line.spans = spans;
            self.write(vec![line]);
        }
    }

    fn room(&self) -> usize {
        self.style.width.saturating_sub(self.indents.iter().map(|indent| indent.width).sum())
    }

    fn plain_role(&self) -> Role {
        if self.quotes > 0 { Role::Quote } else { Role::Text }
    }

    /// Opens a container, indented if that leaves room for text. The outermost may take half.
    fn indent(&mut self, marker: Option<String>, rest: String) {
        let wide = width(&rest).max(marker.as_deref().map_or(0, width));
        let least = if self.indents.is_empty() { LEAST_TEXT.min(self.style.width / 2) } else { LEAST_TEXT };
        let fits = self.room() >= wide + least;
        if fits {
            self.indents.push(Indent { marker, rest, width: wide });
        } else if let (Some(marker), true) = (marker, self.indented.len() < DEEPEST_MARKER) {
            self.inline.push_as(Role::Dim, &marker);
        }
        self.indented.push(fits);
    }

    /// Closes a container. One that held nothing shows its marker all the same.
    fn end_container(&mut self) {
        self.flush();
        if self.indented.pop() != Some(true) {
            return;
        }
        if self.indents.last().is_some_and(|indent| indent.marker.is_some()) {
            let mut line = Line { spans: self.first() };
            line.trim_end();
            self.write(vec![line]);
        }
        self.indents.pop();
    }

    /// The indent of the next line; markers are shown once.
    fn first(&mut self) -> Vec<Span> {
        let text: String =
            self.indents.iter_mut().map(|indent| indent.marker.take().unwrap_or_else(|| indent.rest.clone())).collect();
        indent_span(text)
    }

    /// The indent of the lines after it.
    fn rest(&self) -> Vec<Span> {
        indent_span(self.indents.iter().map(|indent| indent.rest.as_str()).collect())
    }

    fn start_item(&mut self, place: &Range<usize>) {
        self.block(place);
        let marker = format!("{} ", self.item_marker(place));
        let rest = " ".repeat(width(&marker));
        self.indent(Some(marker), rest);
    }

    /// The author's own number, unless all items have the same one, which Markdown counts; or
    /// the bullet of this depth.
    fn item_marker(&mut self, place: &Range<usize>) -> String {
        let bullets = self.style.symbols.bullets;
        let Some(List { first, items }) = self.lists.last_mut() else { return String::new() };
        let Some(first) = *first else { return bullets[(self.bulleted - 1).min(bullets.len() - 1)].to_owned() };
        *items += 1;
        let written = &self.source[place.clone()];
        let digits = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let end = if written[digits..].starts_with(')') { ')' } else { '.' };
        let counted = first.saturating_add(*items - 1);
        let number = written[..digits].parse().ok().filter(|number| *number != first).unwrap_or(counted);
        format!("{number}{end}")
    }

    /// The box takes the bullet's place; after a number it stands in the text.
    fn task(&mut self, done: bool) {
        let symbols = self.style.symbols;
        let sign = if done { symbols.task_done } else { symbols.task_open };
        let bulleted = self.lists.last().is_some_and(|list| list.first.is_none());
        let room = self.room();
        match self.indents.last_mut() {
            Some(indent) if bulleted && indent.marker.is_some() && room + indent.width >= 2 * width(sign) => {
                let marker = format!("{sign} ");
                indent.width = width(&marker);
                indent.rest = " ".repeat(indent.width);
                indent.marker = Some(marker);
            }
            _ => self.inline.push_as(Role::Dim, &format!("{sign} ")),
        }
    }

    /// Emphasis, unless its delimiters are part of a url such as `…/__init__.py`.
    fn start_emphasis(&mut self, mark: Mark, delimiter: Range<usize>) {
        let before = self.urls.partition_point(|url| url.end <= delimiter.start);
        if self.urls.get(before).is_some_and(|url| url.start < delimiter.start) {
            let delimiter = self.source.get(delimiter).unwrap_or_default();
            self.inline.push(delimiter);
            self.emphases.push(delimiter);
        } else {
            self.inline.open(mark);
            self.emphases.push("");
        }
    }

    fn end_emphasis(&mut self, mark: Mark) {
        match self.emphases.pop() {
            None | Some("") => self.inline.close(mark),
            Some(delimiter) => self.inline.push(delimiter),
        }
    }

    fn rule(&mut self, place: &Range<usize>) {
        self.block(place);
        let rule = Span::new(self.style.symbols.rule.repeat(self.room()), Role::Dim);
        self.write_indented(vec![Line { spans: vec![rule] }]);
    }

    fn end_table(&mut self) {
        let table = std::mem::take(&mut self.table);
        let lines = table.lines(self.room(), self.style.symbols);
        self.write_indented(lines);
    }

    /// Code keeps its lines and blanks; what is too long goes on behind a mark. The lines are
    /// filled up to a rectangle.
    fn end_code(&mut self) {
        let code = self.code.take().unwrap_or_default();
        if code.is_empty() {
            return;
        }
        self.inline.open(Mark::Code);
        self.inline.push_lines(code.trim_end_matches('\n'));
        self.inline.close(Mark::Code);
        let spans = self.inline.finish(self.room());
        let continuation = if self.room() > LEAST_TEXT { self.style.symbols.continuation } else { "" };
        let lines = code_lines(&spans, self.room(), continuation);
        self.write_indented(lines);
    }
}

/// One span for the whole indent: there may be thousands of lines.
fn indent_span(text: String) -> Vec<Span> {
    if text.is_empty() { Vec::new() } else { vec![Span::new(text, Role::Dim)] }
}

/// Where each line of `source` begins, and whether the line before is blank, be it in a quote.
fn line_starts(source: &str) -> Vec<(usize, bool)> {
    let mut starts = Vec::new();
    let (mut start, mut after_blank) = (0, false);
    for line in source.split_inclusive('\n') {
        starts.push((start, after_blank));
        start += line.len();
        after_blank = line.chars().all(|c| c.is_whitespace() || c == '>');
    }
    starts
}

/// Lines of code in `room` columns, filled up to one width. Behind a margin that holds the sign
/// `continuation` where a line goes on; if there is none, there is no margin.
fn code_lines(spans: &[Span], room: usize, continuation: &str) -> Vec<Line> {
    let (margin, sign) = match continuation {
        "" => (String::new(), String::new()),
        sign => (" ".repeat(width(sign) + 1), format!("{sign} ")),
    };
    let mut lines = Vec::new();
    for line in split_lines(spans) {
        for (place, mut piece) in wrap::chop(&line, room - width(&margin)).into_iter().enumerate() {
            piece.spans.insert(0, Span::new(if place == 0 { &margin } else { &sign }, Role::Dim));
            lines.push(piece);
        }
    }
    let widest = lines.iter().map(Line::width).max().unwrap_or(0);
    for line in &mut lines {
        line.spans.push(Span::new(" ".repeat(widest - line.width()), Role::Code));
        line.spans.retain(|span| !span.text.is_empty());
    }
    lines
}

/// The spans of each line, without the line feeds.
fn split_lines(spans: &[Span]) -> Vec<Vec<Span>> {
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
    use insta::assert_snapshot;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    const UNICODE: Symbols = Symbols::unicode();

    fn shown(markdown: &str, width: usize, hits: &dyn Fn(&str) -> Vec<Range<usize>>) -> Vec<Line> {
        let style = Style {
            width,
            symbols: &UNICODE,
            definitions: &|label| (label == "outside").then(|| "https://example.org/outside".to_owned()),
            highlight: hits,
            url_role: &|url| if url.contains("/pull/") { Role::RefCode } else { Role::RefLink },
        };
        render(markdown, &style)
    }

    fn plain(markdown: &str, width: usize) -> String {
        let lines = shown(markdown, width, &|_| Vec::new());
        lines.iter().map(|line| line.plain().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    /// Every span in brackets behind its role and marks, lines apart by ` / `; blanks in text as they are.
    fn marked(markdown: &str, hit: &str) -> String {
        let hits = |text: &str| text.match_indices(hit).map(|(at, hit)| at..at + hit.len()).collect();
        let lines = shown(markdown, 40, &|text| if hit.is_empty() { Vec::new() } else { hits(text) });
        let span = |span: &Span| {
            let signs = [(span.bold, "*"), (span.italic, "/"), (span.strike, "-")];
            let signs: String = signs.into_iter().filter_map(|(on, sign)| on.then_some(sign)).collect();
            let url = span.url.as_deref().map(|url| format!("→{url}")).unwrap_or_default();
            match span.role {
                Role::Text if signs.is_empty() && url.is_empty() => span.text.clone(),
                role => format!("{role:?}{signs}[{}]{url}", span.text),
            }
        };
        let lines: Vec<String> = lines.iter().map(|line| line.spans.iter().map(span).collect()).collect();
        lines.join(" / ")
    }

    const REPORT: &str = r#"## 技术

1. 把 nerdctl 的镜像拉取改成**惰性加载**，冷启动从 41s 降到 6s，见 https://github.com/containerd/nerdctl/pull/1331，还差
   文档。
2. 读了“Slacker”这篇论文，讨论[镜像的惰性分发](https://example.org/papers/slacker.pdf)：
   1. 启动时只读 6.4% 的数据；
   2. `docker pull` 占了启动时间的 76%。
      - flatten 之后再做快照
        - 每层一个 VMDK
   3. <Namespace名字> 要保留
3. 值班：
   - [x] 升级 *etcd* 到 3.5
   - [ ] ~~回滚~~ 复盘，3~5 天内，10~20 人[^1]

> 慢就是快。
> Slow is smooth, smooth is fast, 这句话要记下来。

![架构图](https://img.example.org/2022/08/architecture-overview.png)

```go
func main() {
	fmt.Println("a rather long line of code, 带中文")
}
```

| 方案 | 冷启动 | 说明 |
|:-----|------:|:----:|
| overlayfs | 41s | 基线 |
| stargz | 6s | 需要转换镜像，对仓库没有要求 |

***

[^1]: 人数见[外面](https://example.org)的表，以及 [outside] 和 [missing]。
"#;

    #[test]
    fn a_week_in_sixty_columns() {
        assert_snapshot!(plain(REPORT, 60), @r#"
        技术

        1. 把 nerdctl 的镜像拉取改成惰性加载，冷启动从 41s 降到 6s，
           见 https://github.com/containerd/nerdctl/pull/1331，还差
           文档。
        2. 读了“Slacker”这篇论文，讨论镜像的惰性分发：
           1. 启动时只读 6.4% 的数据；
           2. docker pull 占了启动时间的 76%。
              • flatten 之后再做快照
                ◦ 每层一个 VMDK
           3. <Namespace名字> 要保留
        3. 值班：
           ☑ 升级 etcd 到 3.5
           ☐ 回滚 复盘，3~5 天内，10~20 人[^1]

        ▎ 慢就是快。Slow is smooth, smooth is fast, 这句话要记下来。

        ▣ 架构图 img.example.org/…re-overview.png

          func main() {
              fmt.Println("a rather long line of code, 带中文")
          }

        方案       冷启动              说明
        ─────────  ──────  ────────────────────────────
        overlayfs     41s              基线
        stargz         6s  需要转换镜像，对仓库没有要求

        ────────────────────────────────────────────────────────────

        [^1] 人数见外面的表，以及 outside 和 [missing]。
        "#);
    }

    #[test]
    fn a_week_in_thirty_six_columns() {
        assert_snapshot!(plain(REPORT, 36), @r#"
        技术

        1. 把 nerdctl 的镜像拉取改成惰性加
           载，冷启动从 41s 降到 6s，见
           github.com/…/1331，还差文档。
        2. 读了“Slacker”这篇论文，讨论镜像的
           惰性分发：
           1. 启动时只读 6.4% 的数据；
           2. docker pull 占了启动时间的
              76%。
              • flatten 之后再做快照
                ◦ 每层一个 VMDK
           3. <Namespace名字> 要保留
        3. 值班：
           ☑ 升级 etcd 到 3.5
           ☐ 回滚 复盘，3~5 天内，10~20 人
             [^1]

        ▎ 慢就是快。Slow is smooth, smooth
        ▎ is fast, 这句话要记下来。

        ▣ 架构图 img.example.org/…erview.png

          func main() {
              fmt.Println("a rather long lin
        ↳ e of code, 带中文")
          }

        方案       冷启动        说明
        ─────────  ──────  ─────────────────
        overlayfs     41s        基线
        ─────────  ──────  ─────────────────
        stargz         6s  需要转换镜像，对
                             仓库没有要求

        ────────────────────────────────────

        [^1] 人数见外面的表，以及 outside 和
          [missing]。
        "#);
    }

    #[test]
    fn a_week_in_twenty_columns() {
        assert_snapshot!(plain(REPORT, 20), @r#"
        技术

        1. 把 nerdctl 的镜像
           拉取改成惰性加
           载，冷启动从 41s
           降到 6s，见
           github.…ll/1331，
           还差文档。
        2. 读了“Slacker”这篇
           论文，讨论镜像的
           惰性分发：
           1. 启动时只读
              6.4% 的数据；
           2. docker pull 占
              了启动时间的
              76%。
              • flatten 之后
                再做快照
                ◦ 每层一个
                  VMDK
           3. <Namespace名
              字> 要保留
        3. 值班：
           ☑ 升级 etcd 到
             3.5
           ☐ 回滚 复盘，3~5
             天内，10~20 人
             [^1]

        ▎ 慢就是快。Slow is
        ▎ smooth, smooth is
        ▎ fast, 这句话要记下
        ▎ 来。

        ▣ 架构图 img.examp…
        erview.png

          func main() {
              fmt.Println("a
        ↳  rather long line
        ↳ of code, 带中文")
          }

        方案: overlayfs
        冷启动: 41s
        说明: 基线

        方案: stargz
        冷启动: 6s
        说明: 需要转换镜像，
          对仓库没有要求

        ────────────────────

        [^1] 人数见外面的
          表，以及 outside
          和 [missing]。
        "#);
    }

    #[test]
    fn blocks_look_like_what_they_are() {
        for (markdown, expected) in [
            ("# 周报 `x`", "Heading*[周报 ]Code*[x]"),
            ("a *b* **c** ~~d~~ ***e***", "a Text/[b] Text*[c] Text-[d] Text*/[e]"),
            ("> 慢\n>\n> > 快", "Dim[▎ ]Quote[慢] / Dim[▎] / Dim[▎ ▎ ]Quote[快]"),
            ("    a\n      bc", "Dim[  ]Code[a]Code[   ] / Dim[  ]Code[  bc]"),
            ("- [x] a", "Dim[☑ ]a"),
            ("1. [ ] a", "Dim[1. ]Dim[☐ ]a"),
            ("a[^1]\n\n[^1]: b", "aDim[[^1]] /  / Dim[[^1] ]b"),
            ("-\n- a", "Dim[•] / Dim[• ]a"),
            ("|a|b|\n|-|-|\n|1|2|", "Text*[a]  Text*[b] / Dim[─  ─] / 1  2"),
        ] {
            assert_eq!(marked(markdown, ""), expected, "{markdown}");
        }
    }

    #[test]
    fn links_know_where_they_lead() {
        for (markdown, expected) in [
            ("[文](https://a.b/pull/1)", "RefCode[文]→https://a.b/pull/1"),
            ("[`x` y](u)", "RefLink[x]→uRefLink[ y]→u"),
            ("见https://a.b/c。", "见RefLink[https://a.b/c]→https://a.b/c。"),
            ("<https://a.b>", "RefLink[https://a.b]→https://a.b"),
            ("[](https://a.b)", "RefLink[https://a.b]→https://a.b"),
            ("[文]()", "文"),
            ("[outside] [inside]", "RefLink[outside]→https://example.org/outside [inside]"),
            ("[x][outside]", "RefLink[x]→https://example.org/outside"),
            ("https://a.b/x/__init__.py *y*", "RefLink[https://a.b/x/__init__.py]→https://a.b/x/__init__.py Text/[y]"),
            ("![图](https://a.b/c.png)", "RefLink[▣ 图]→https://a.b/c.png Dim[https://a.b/c.png]→https://a.b/c.png"),
            ("[![图](i)](u)", "RefLink[▣ 图]→u Dim[i]→i"),
            ("![](i)", "RefLink[▣ ]→iDim[i]→i"),
            ("`https://a.b`", "Code[https://a.b]"),
            (
                "https://example.org/a/very/long/path/to/some/thing",
                "RefLink[example.org/…/thing]→https://example.org/a/very/long/path/to/some/thing",
            ),
        ] {
            assert_eq!(marked(markdown, ""), expected, "{markdown}");
        }
    }

    #[test]
    fn a_match_shows_through_every_look() {
        for (markdown, hit, expected) in [
            ("容器运行时", "运行", "容器Match[运行]时"),
            ("容**器运**行", "器运行", "容Match*[器运]Match[行]"),
            ("[容器](u)", "器", "RefLink[容]→uMatch[器]→u"),
            ("# 周报", "报", "Heading*[周]Match*[报]"),
            ("```\nab\nbc\n```", "b", "Dim[  ]Code[a]Match[b] / Dim[  ]Match[b]Code[c]"),
            ("|甲|\n|-|\n|乙|", "乙", "Text*[甲] / Dim[──] / Match[乙]"),
            (
                "https://example.org/a/very/long/path/to/some/thing",
                "long",
                "RefLink[https://example.org/a/very/]→https://example.org/a/very/long/path/to/some/thingMatch[long]→https://example.org/a/very/long/path/to/some/thingRefLink[/path/to/]→https://example.org/a/very/long/path/to/some/thing / RefLink[some/thing]→https://example.org/a/very/long/path/to/some/thing",
            ),
        ] {
            assert_eq!(marked(markdown, hit), expected, "{markdown}");
        }
    }

    #[test]
    fn careless_ranges_are_put_in_order() {
        let ranges = [(4, 2), (7, 100), (1, 2), (3, 4), (0, 1), (200, 300), (usize::MAX, usize::MAX)];
        let line = &shown("容器运行", 40, &|_| ranges.iter().map(|(start, end)| *start..*end).collect())[0];
        let spans: Vec<(&str, Role)> = line.spans.iter().map(|span| (span.text.as_str(), span.role)).collect();
        assert_eq!(spans, [("容器运行", Role::Match)]);
    }

    #[test]
    fn html_is_a_look_or_it_is_text() {
        for (markdown, expected) in [
            ("a<br>b", "a / b"),
            ("<b>粗</b><i>斜</i><code>码</code>", "Text*[粗]Text/[斜]Code[码]"),
            ("<a href=\"https://a.b/?c&amp;d\">x</a> y", "RefLink[x]→https://a.b/?c&d y"),
            ("x <Namespace名字> y <body>", "x <Namespace名字> y <body>"),
            ("x <!-- y --> z", "x  z"),
            ("<!-- y -->", ""),
            ("<div>\n<b>粗</b>\n</div>", "<div> / Text*[粗] / </div>"),
            ("<b>开\n\n关", "Text*[开] /  / 关"),
        ] {
            assert_eq!(marked(markdown, ""), expected, "{markdown}");
        }
    }

    #[test]
    fn lines_join_and_break_as_written() {
        for (markdown, expected) in [
            ("中文\n中文", "中文中文"),
            ("中文\nabc\ndef，\nx", "中文 abc def，x"),
            ("a  \nb\\\nc", "a\nb\nc"),
            ("a\n[b](u)", "a b"),
            ("a\nb\n\n\n\nc", "a b\n\nc"),
            ("# 题\n文\n- a\n- b\n\n- c", "题\n文\n• a\n• b\n\n• c"),
        ] {
            assert_eq!(plain(markdown, 40), expected, "{markdown}");
        }
    }

    #[test]
    fn items_keep_their_numbers() {
        for (markdown, expected) in [
            ("3. a\n4. b", "3. a\n4. b"),
            ("1. a\n3. b\n7. c", "1. a\n3. b\n7. c"),
            ("1. a\n1. b\n1. c", "1. a\n2. b\n3. c"),
            ("2) a\n   1) b", "2) a\n   1) b"),
            ("12. 一二三四五六", "12. 一二三四五\n    六"),
            ("- a\n  - b\n    - c\n      - d", "• a\n  ◦ b\n    ▪ c\n    ▪ d"),
        ] {
            assert_eq!(plain(markdown, 14), expected, "{markdown}");
        }
    }

    #[test]
    fn hostile_text_is_clean() {
        let lines = shown("a&#27;]0;x&#7;\u{1b}[31m`\u{202e}b`\n\n[c&#x9b;](<u&#27;>)", 40, &|_| Vec::new());
        let all: String = lines
            .iter()
            .flat_map(|line| &line.spans)
            .flat_map(|span| [&span.text, span.url.as_deref().unwrap_or("")].concat().chars().collect::<Vec<_>>())
            .collect();
        assert!(!all.chars().any(|c| c.is_control() || c == '\u{202e}'), "{all:?}");
    }

    #[test]
    fn depth_and_length_are_no_danger() {
        for (unit, count) in [
            ("> ", 100_000),
            ("- ", 100_000),
            ("- a\n", 20_000),
            ("1. ", 100_000),
            ("[", 300_000),
            ("![", 100_000),
            ("[a](", 50_000),
            ("*a ", 50_000),
            ("<", 300_000),
            ("<b>", 50_000),
            ("<!--", 50_000),
            ("`a``b", 30_000),
            ("|a", 30_000),
            ("~a~ ", 50_000),
            ("http://", 50_000),
            ("https://a.b ", 20_000),
            ("中", 100_000),
        ] {
            let text = format!("{}x", unit.repeat(count));
            let begun = Instant::now();
            let lines = shown(&text, 40, &|_| Vec::new());
            assert!(lines.iter().all(|line| line.width() <= 40), "{unit}");
            assert!(begun.elapsed() < Duration::from_secs(10), "{unit}: {:?}", begun.elapsed());
        }
    }

    #[test]
    fn deep_text_keeps_its_room() {
        for unit in ["> ", "- ", "1. "] {
            let lines = shown(&format!("{}一二三四五六七八九十", unit.repeat(60)), 30, &|_| Vec::new());
            assert!(lines.iter().any(|line| line.plain().contains("三四五")), "{lines:#?}");
        }
    }

    const PIECES: &[&str] = &[
        "\n",
        "\n\n",
        "    ",
        "  ",
        " ",
        "> ",
        "- ",
        "* ",
        "3. ",
        "1) ",
        "# ",
        "```\n",
        "`",
        "**",
        "*",
        "_",
        "~~",
        "~",
        "[",
        "](",
        ")",
        "![",
        "[^1]",
        "[^1]: ",
        "|",
        "|-|:-:|\n",
        "---\n",
        "- [ ] ",
        "- [x] ",
        "<b>",
        "</b>",
        "<br>",
        "<a href=x>",
        "<!--",
        "-->",
        "<x>",
        "<div>\n",
        "https://example.org/a/b/c",
        "&amp;",
        "\\",
        "中文",
        "，",
        "“",
        "”",
        "word",
        "👩\u{200d}💻",
        "\u{301}",
        "\t",
        "\u{1b}[3m",
        "[outside]",
    ];

    fn markdown() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_markdown_fits_any_width(text in markdown(), width in 0_usize..80, hits in prop::collection::vec(0_usize..200, 0..6)) {
            let lines = shown(&text, width, &|_| hits.windows(2).map(|pair| pair[0]..pair[1]).collect());
            for line in &lines {
                prop_assert!(line.width() <= width, "{line:?}");
                prop_assert!(line.spans.iter().all(|span| clean_line(&span.text) == span.text.as_str()), "{line:?}");
            }
        }

        #[test]
        fn any_text_fits_any_width(text in "(?s).{0,120}", width in 0_usize..80) {
            let lines = shown(&text, width, &|_| Vec::new());
            prop_assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
        }

        #[test]
        fn no_letter_is_lost(words in prop::collection::vec("[a-z中文]{1,6}", 1..12), marks in prop::collection::vec(prop::sample::select(&["\n", "\n- ", "\n1. ", "\n> ", " *x* ", "\n\n"][..]), 12), width in 4_usize..80) {
            let text: String = words.iter().zip(&marks).map(|(word, mark)| [word.as_str(), mark].concat()).collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            prop_assert_eq!(letters(&plain(&text, width)), letters(&text));
        }
    }
}
