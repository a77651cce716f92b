//! The subcommands with their options, as values.

use crate::query::Order;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Jsonl,
    Paths,
    Markdown,
}

/// In which order hits are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    Date,
    Oldest,
    Relevance,
}

impl Sort {
    pub fn order(self) -> Order {
        match self {
            Sort::Date => Order::Newest,
            Sort::Oldest => Order::Oldest,
            Sort::Relevance => Order::Relevance,
        }
    }
}

/// Formats of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Jsonl,
    Json,
    Markdown,
}

/// Formats of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Markdown,
    Json,
}

/// Formats of references: those of results, and a bibliography.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RefsFormat {
    Text,
    Json,
    Jsonl,
    Paths,
    Markdown,
    /// The papers, for LaTeX and reference managers
    Bibtex,
}

impl RefsFormat {
    /// The same for all results; none for a bibliography.
    pub fn of_results(self) -> Option<Format> {
        Some(match self {
            RefsFormat::Text => Format::Text,
            RefsFormat::Json => Format::Json,
            RefsFormat::Jsonl => Format::Jsonl,
            RefsFormat::Paths => Format::Paths,
            RefsFormat::Markdown => Format::Markdown,
            RefsFormat::Bibtex => return None,
        })
    }
}

/// Formats of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    Text,
    /// A report to publish
    Markdown,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find entries: one a line
    #[command(
        after_help = "Examples:\n  sennight search 限流\n  sennight search 'tag:nerdctl kind:pr after:2024'\n  $EDITOR $(sennight search --format paths --limit 1 fupan)"
    )]
    Search {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// How many entries at most; 0 is all
        #[arg(long, default_value_t = 0, value_name = "N")]
        limit: usize,
        /// The order; without it the most relevant first for words, else the newest
        #[arg(long, value_enum)]
        sort: Option<Sort>,
        /// Say how the query was understood, instead of what it finds
        #[arg(long)]
        explain: bool,
        /// Words, phrases and fields, as in the screen
        query: Vec<String>,
    },
    /// One entry as it is read on the screen, or how it was understood
    #[command(
        after_help = "Examples:\n  sennight show 3f2a90c1\n  sennight show --why $(sennight search --format json 限流 | jq -r '.[0].key')"
    )]
    Show {
        #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
        format: ShowFormat,
        /// How it was understood, and on what evidence
        #[arg(long, conflicts_with = "format")]
        why: bool,
        /// The key that search and export give in JSON, or its first digits, at least 4
        key: String,
    },
    /// Everything understood, one JSON object a note
    #[command(after_help = "Example:\n  sennight export kind:incident | jq -r '.entries[].title'")]
    Export {
        #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
        format: ExportFormat,
        query: Vec<String>,
    },
    /// References with their first, last and number of mentions
    #[command(
        after_help = "Examples:\n  sennight refs --kind pr,issue nerdctl\n  sennight refs --format bibtex after:2025 > papers.bib"
    )]
    Refs {
        /// Kinds to list, separated by commas: pr, issue, paper, cve, rfc, repo, link …
        #[arg(long, value_delimiter = ',', value_name = "KIND")]
        kind: Vec<String>,
        #[arg(long, value_enum, default_value_t = RefsFormat::Text)]
        format: RefsFormat,
        query: Vec<String>,
    },
    /// Fetch titles and states of linked pull requests, issues and papers, to be shown beside them
    #[command(
        after_help = "Examples:\n  sennight fetch-titles\n  sennight fetch-titles --limit 50 nerdctl after:2025\n\nAsks GitHub, arXiv and Crossref for what is not known yet, the newest mention first, and keeps it as titles.json in the state folder or at SENNIGHT_STATE. What is open or was not to be had is asked for again after 30 days. Where a limit ends a run, the next one goes on.\n\nEnvironment:\n  GITHUB_TOKEN           for more than 60 requests an hour; else the token of the gh program, where it is signed in\n  SENNIGHT_GITHUB_API    instead of https://api.github.com\n  SENNIGHT_ARXIV_API     instead of https://export.arxiv.org/api\n  SENNIGHT_CROSSREF_API  instead of https://api.crossref.org\n\nThis command and clone are the only ones that use the network."
    )]
    FetchTitles {
        /// How many to ask for at most; 0 is all
        #[arg(long, default_value_t = 0, value_name = "N")]
        limit: usize,
        /// Ask for what is known too, except what was asked for today
        #[arg(long)]
        again: bool,
        /// Only references of entries that this query finds
        query: Vec<String>,
    },
    /// Tags with the number of entries that have them
    #[command(after_help = "Example:\n  sennight tags after:2025")]
    Tags {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        query: Vec<String>,
    },
    /// Every mention of a reference, repository or tag, in time order, with its sentence
    #[command(
        after_help = "Examples:\n  sennight thread nerdctl#1331\n  sennight thread --format markdown repo:containerd/nerdctl\n  sennight thread '#lazy-loading'"
    )]
    Thread {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// PR1331, owner/repo#1331, a URL, owner/repo, arXiv:1706.03762, CVE-2024-21626, a tag;
        /// tag: repo: pr: issue: cve: rfc: paper: say which is meant
        #[arg(required = true)]
        topic: Vec<String>,
    },
    /// A year in review: weeks, topics and what is new, pull requests, papers
    #[command(
        after_help = "Examples:\n  sennight stats\n  sennight stats --year 2025 -tag:life\n  sennight stats --year 2025 --format markdown > 2025-in-review.md"
    )]
    Stats {
        /// Which year; without it the newest that has an entry
        #[arg(long, value_name = "Y")]
        year: Option<i16>,
        #[arg(long, value_enum, default_value_t = StatsFormat::Text)]
        format: StatsFormat,
        /// Only what this query finds
        query: Vec<String>,
    },
    /// What is odd in the notes, as path:line: code: message
    #[command(after_help = "Example:\n  sennight check --strict   # for a hook: fails when anything is odd")]
    Check {
        /// Exit with 1 when anything is found
        #[arg(long)]
        strict: bool,
    },
    /// Bring the index up to date
    #[command(after_help = "Example:\n  sennight index --verify")]
    Index {
        /// Build it anew
        #[arg(long)]
        rebuild: bool,
        /// Check every byte of it
        #[arg(long, conflicts_with = "rebuild")]
        verify: bool,
    },
    /// This week's note: named, titled and divided as those before it, with what they left open
    #[command(
        after_help = "Examples:\n  sennight new --edit\n  sennight new --date last-week\n  $EDITOR \"$(sennight new --log ~/notes)\"\n\nOne file is made, in the folder of the newest note, and none is ever overwritten: a note that is there is only named."
    )]
    New {
        /// Open it in $VISUAL or $EDITOR
        #[arg(long)]
        edit: bool,
        /// The note of another day: 2024-05-20, 2024-W21, last-week
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
    },
    /// Fetch a repository of notes by the git program, with the history that dates notes
    #[command(after_help = "Example:\n  sennight clone https://github.com/me/notes && sennight notes")]
    Clone {
        /// What git can clone: https, ssh, a path
        url: String,
        /// The folder to make; without it, one called as the repository
        folder: Option<PathBuf>,
    },
    /// The configuration: where it is, what is in effect, or a new one
    #[command(
        after_help = "Examples:\n  sennight config            # what is in effect, and where each value comes from\n  sennight config init       # write the commented default\n  $EDITOR \"$(sennight config path)\""
    )]
    Config {
        #[arg(value_enum, default_value_t = ConfigAction::Show)]
        action: ConfigAction,
    },
    /// What a shell needs to complete options and commands
    #[command(
        after_help = "Examples:\n  sennight completions bash > ~/.local/share/bash-completion/completions/sennight\n  sennight completions zsh > ~/.zfunc/_sennight\n  sennight completions fish > ~/.config/fish/completions/sennight.fish"
    )]
    Completions { shell: clap_complete::Shell },
    /// The manual page of the whole program
    #[command(after_help = "Examples:\n  sennight man | man -l -\n  sennight man > ~/.local/share/man/man1/sennight.1")]
    Man,
}

impl Command {
    /// Whether it looks for entries by a query that says something.
    pub(super) fn asks(&self) -> bool {
        match self {
            Command::Search { query, .. }
            | Command::Export { query, .. }
            | Command::Refs { query, .. }
            | Command::FetchTitles { query, .. }
            | Command::Tags { query, .. }
            | Command::Stats { query, .. } => !query.is_empty(),
            _ => false,
        }
    }
}

/// What is done with the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConfigAction {
    /// The path of the file, whether it is there or not
    Path,
    /// What is in effect, and where each value comes from
    Show,
    /// Write the commented default, unless there is a file already
    Init,
}
