//! `sennight thread`: lists all mentions of a reference, repository or tag in time order.

use super::{
    Outcome,
    arguments::OutputFormat,
    export::{SCHEMA, SpanJson},
    file_name, json,
    output::{Output, OutputStyle, escaped, linked, say},
    table,
    titles::{self, TitleFields},
};
use crate::{
    date::Span,
    files::source::Origin,
    insight::{
        Titles,
        thread::{Mention, Thread, Topic},
    },
    log::Log,
    reference::RefKind,
};
use anyhow::Result;
use jiff::civil::Date;
use serde::Serialize;

/// The number of other matching threads that are listed.
const NAMED: usize = 5;

/// A thread in JSON.
#[derive(Serialize)]
struct ThreadJson<'a> {
    schema: u32,
    topic: TopicJson<'a>,
    /// First day of the first and of the last dated mention.
    first: Option<Date>,
    last: Option<Date>,
    mentions: Vec<MentionJson<'a>>,
}

#[derive(Serialize)]
struct TopicJson<'a> {
    /// Name of the kind of reference, `repo` or `tag`.
    kind: &'static str,
    id: &'a str,
    host: &'a str,
    url: String,
    #[serde(flatten)]
    known: TitleFields,
}

/// A mention in JSON: a line of `jsonl`.
#[derive(Serialize)]
struct MentionJson<'a> {
    path: String,
    line: u32,
    key: String,
    title: &'a str,
    span: Option<SpanJson>,
    /// Days since the previous mention.
    gap: Option<u32>,
    /// Id and kind of the reference as mentioned.
    id: &'a str,
    kind: &'static str,
    sentence: String,
    #[serde(skip)]
    days: Option<Span>,
}

pub fn run(out: &mut Output, log: &Log, origin: &Origin, text: &str, format: OutputFormat) -> Result<Outcome> {
    let mut threads = Thread::named(log, text).into_iter();
    let Some(thread) = threads.next() else {
        say("sennight", &format!("no reference, repository or tag matches “{text}”"));
        return Ok(Outcome::Nothing);
    };
    let titles = titles::kept();
    let others: Vec<Thread> = threads.collect();
    if !others.is_empty() {
        let mut names: Vec<&str> = Vec::new();
        for other in others.iter().take(NAMED) {
            names.push(topic(log, other, &titles).id);
        }
        let more = if others.len() > NAMED { ", …" } else { "" };
        say("sennight", &format!("“{text}” also matches {}{more}", names.join(", ")));
    }
    let mut mentions = Vec::new();
    for mention in &thread.mentions {
        mentions.extend(record(log, origin, &thread.topic, mention));
    }
    let topic = topic(log, &thread, &titles);
    match format {
        OutputFormat::Text => {
            let title = match &topic.known.title {
                Some(title) => format!(" {title}{}", topic.known.stands()),
                None => String::new(),
            };
            say("sennight", &format!("{}{title}: {}", topic.id, summary(&thread)));
            for mention in &mentions {
                line(out, mention)?;
            }
        }
        OutputFormat::Paths => table::paths(out, mentions.into_iter().map(|mention| mention.path))?,
        OutputFormat::Markdown => markdown(out, &topic, &summary(&thread), &mentions)?,
        OutputFormat::Jsonl => {
            for mention in &mentions {
                json(out, mention)?;
                out.line_end()?;
            }
        }
        OutputFormat::Json => {
            let (first, last) = (thread.first(), thread.last());
            json(out, &ThreadJson { schema: SCHEMA, topic, first, last, mentions })?;
            out.line_end()?;
        }
    }
    Ok(Outcome::Done)
}

/// The topic as the newest mention writes it.
fn topic<'a>(log: &'a Log, thread: &Thread, titles: &Titles) -> TopicJson<'a> {
    let (mut id, mut found) = ("", None);
    if let Some(mention) = thread.mentions.last()
        && let Some(quote) = thread.topic.quoted(log.entry(mention.entry))
    {
        (id, found) = (quote.name, quote.reference);
    }
    let host = found.map_or("", |found| found.host);
    match &thread.topic {
        Topic::Tag(_) => TopicJson { kind: "tag", id, host: "", url: String::new(), known: TitleFields::default() },
        Topic::Repository { host: name, .. } => {
            let id = found.and_then(|found| crate::reference::repo_of(found.kind, found.id)).unwrap_or(id);
            let url = format!("https://{name}/{id}");
            TopicJson { kind: RefKind::Repo.name(), id, host, url, known: TitleFields::default() }
        }
        Topic::Reference { .. } => {
            let Some(found) = found else {
                return TopicJson { kind: "link", id, host, url: String::new(), known: TitleFields::default() };
            };
            let known = TitleFields::of(titles, found.kind, found.host, found.id);
            TopicJson { kind: found.kind.name(), id, host, url: found.url.to_owned(), known }
        }
    }
}

fn record<'a>(log: &'a Log, origin: &Origin, topic: &Topic, mention: &Mention) -> Option<MentionJson<'a>> {
    let entry = log.entry(mention.entry);
    let quote = topic.quoted(entry)?;
    Some(MentionJson {
        path: file_name(origin, entry.note()),
        line: quote.line,
        key: entry.key().to_string(),
        title: entry.title(),
        span: entry.dated().map(SpanJson::new),
        gap: mention.gap,
        id: quote.name,
        kind: quote.reference.map_or("tag", |found| found.kind.name()),
        sentence: quote.sentence,
        days: mention.span,
    })
}

/// Summarizes a thread: `3 mentions, 2022-06-20 to 2022-08-22, longest gap 35 days before 2022-08-22`.
fn summary(thread: &Thread) -> String {
    let count = thread.mentions.len();
    let mut text = format!("{count} mention{}", if count == 1 { "" } else { "s" });
    match (thread.first(), thread.last()) {
        (Some(first), Some(last)) if first == last => text.extend([", ", &first.to_string()]),
        (Some(first), Some(last)) => text.extend([", ", &first.to_string(), " to ", &last.to_string()]),
        _ => {}
    }
    if let Some(Mention { gap: Some(days @ 8..), span: Some(span), .. }) = thread.longest_gap() {
        return text + &format!(", longest gap {days} days before {}", span.first());
    }
    text
}

/// Prints `path:line: when +35d sentence`.
fn line(out: &mut Output, mention: &MentionJson<'_>) -> Result<()> {
    out.text(OutputStyle::Accent, &mention.path)?;
    out.text(OutputStyle::Dim, &format!(":{}: ", mention.line))?;
    if let Some(span) = mention.days {
        let gap = mention.gap.filter(|days| *days > 0).map_or(String::new(), |days| format!("+{days}d "));
        out.text(OutputStyle::Dim, &format!("{span} {gap}"))?;
    }
    out.text(OutputStyle::Plain, &mention.sentence)?;
    out.line_end()
}

fn markdown(out: &mut Output, topic: &TopicJson<'_>, summary: &str, mentions: &[MentionJson<'_>]) -> Result<()> {
    let title = topic.known.markdown("");
    let title = if title.is_empty() { title } else { format!(" {title}") };
    out.block(&format!("# {}{title}\n\n{summary}.\n\n", linked(topic.id, &topic.url)))?;
    for mention in mentions {
        let when = mention.days.map_or_else(|| "undated".to_owned(), |span| span.to_string());
        let gap = mention.gap.filter(|days| *days > 7).map_or(String::new(), |days| format!(" (+{days} days)"));
        let sentence = escaped(&mention.sentence);
        out.block(&format!("- **{when}**{gap} {sentence} — {}:{}\n", escaped(&mention.path), mention.line))?;
    }
    Ok(())
}
