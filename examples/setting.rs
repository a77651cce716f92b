//! Measures how long it takes to lay out code in lines: the first block of a language, which loads
//! its grammar, the same block again, and blocks that nobody writes.
//!
//! ```sh
//! cargo run --release --example setting              # some languages
//! cargo run --release --example setting -- go html   # only these
//! ```
//!
//! Times are in milliseconds. The last column is the memory in use so far, if the system reports it.

use sennight::page::{
    Role, Symbols,
    markdown::{RenderOptions, render},
};
use std::{env, fs, time::Instant};

const LANGUAGES: [&str; 10] = ["", "json", "yaml", "go", "bash", "sql", "rust", "python", "html", "ts"];

const CODE: &str = "func (c *Client) Pull(ctx context.Context) error { // 注释\n\treturn fmt.Errorf(\"pull %q\", 42)\n}\nif [ -n \"$x\" ]; then echo 1 | grep x; fi\nselect a from b where c = '容器';\n";

fn main() {
    let named: Vec<String> = env::args().skip(1).collect();
    let languages = if named.is_empty() { LANGUAGES.map(str::to_owned).to_vec() } else { named };
    println!(
        "{:10} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "language", "first", "again", "16 kB", "1 MB", "a line", "MB"
    );
    let line = "{\"a\":[1,'容器'],(b)} ".repeat(1_000);
    for language in &languages {
        let texts = [CODE.to_owned(), CODE.to_owned(), CODE.repeat(80), CODE.repeat(5_000), line.clone()];
        let times: Vec<String> = texts.iter().map(|code| format!("{:9.2}", milliseconds(language, code))).collect();
        println!(
            "{language:10} {} {:>9}",
            times.join(" "),
            memory().map_or(String::new(), |kb| (kb / 1024).to_string())
        );
    }
}

fn milliseconds(language: &str, code: &str) -> f64 {
    let symbols = Symbols::unicode();
    let style = RenderOptions {
        width: 80,
        symbols: &symbols,
        definitions: &|_| None,
        highlight: &|_| Vec::new(),
        url_role: &|_| Role::RefLink,
    };
    let markdown = format!("```{language}\n{code}\n```\n");
    let start = Instant::now();
    let lines = render(&markdown, &style);
    let taken = start.elapsed().as_secs_f64() * 1e3;
    drop(lines);
    taken
}

/// Kilobytes of memory in use.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
