//! The subcommands with their options, as values.

use crate::query::Order;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// Output formats of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Text,
    Json,
    Jsonl,
    Paths,
    Markdown,
}

/// Sort orders of hits.
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

/// Output formats of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Jsonl,
    Json,
    Markdown,
}

/// Output formats of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Markdown,
    Json,
}

/// Output formats of references: those of results, and a bibliography.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RefsFormat {
    Text,
    Json,
    Jsonl,
    Paths,
    Markdown,
    /// Papers only, for LaTeX and reference managers
    Bibtex,
}

impl RefsFormat {
    /// The corresponding format of results; `None` for a bibliography.
    pub fn of_results(self) -> Option<OutputFormat> {
        Some(match self {
            RefsFormat::Text => OutputFormat::Text,
            RefsFormat::Json => OutputFormat::Json,
            RefsFormat::Jsonl => OutputFormat::Jsonl,
            RefsFormat::Paths => OutputFormat::Paths,
            RefsFormat::Markdown => OutputFormat::Markdown,
            RefsFormat::Bibtex => return None,
        })
    }
}

/// Output formats of statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    Text,
    /// A report to publish
    Markdown,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Search entries, one per line
    #[command(
        after_help = "Examples:\n  sennight search 限流\n  sennight search 'tag:nerdctl kind:pr after:2024'\n  $EDITOR $(sennight search --log ~/notes --format paths --limit 1 fupan)"
    )]
    Search {
        /// Output format
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        format: OutputFormat,
        /// Show at most N entries; 0 shows all
        #[arg(long, default_value_t = 0, value_name = "N")]
        limit: usize,
        /// Sort order; by default by relevance, or newest first if the query has no words
        #[arg(long, value_enum)]
        sort: Option<Sort>,
        /// Explain how the query is understood instead of searching
        #[arg(long)]
        explain: bool,
        /// Words, phrases and fields, as in the query line of the screen
        query: Vec<String>,
    },
    /// Show one entry as on the screen, or explain how it was understood
    #[command(
        after_help = "Examples:\n  sennight show 1f388832\n  sennight show --why $(sennight search --format json 限流 | jq -r '.[0].key')"
    )]
    Show {
        /// Output format
        #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
        format: ShowFormat,
        /// Explain how the entry was understood, with the evidence
        #[arg(long, conflicts_with = "format")]
        why: bool,
        /// Key from the JSON output of search or export, or at least its first 4 digits
        key: String,
    },
    /// Export all notes with their dates, tags and references, one JSON object per note
    #[command(after_help = "Example:\n  sennight export kind:incident | jq -r '.entries[].title'")]
    Export {
        /// Output format
        #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
        format: ExportFormat,
        /// Only entries that match this query
        query: Vec<String>,
    },
    /// List references: mention count, first and last date
    #[command(
        after_help = "Examples:\n  sennight refs --kind pr,issue nerdctl\n  sennight refs --format bibtex after:2025 > papers.bib"
    )]
    Refs {
        /// Only these kinds, separated by commas: pr, issue, paper, cve, rfc, repo, link …
        #[arg(long, value_delimiter = ',', value_name = "KIND")]
        kind: Vec<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t = RefsFormat::Text)]
        format: RefsFormat,
        /// Only references in entries that match this query
        query: Vec<String>,
    },
    /// Fetch the titles and states of linked pull requests, issues and papers
    #[command(
        after_help = "Examples:\n  sennight fetch-titles\n  sennight fetch-titles --limit 50 nerdctl after:2025\n\nAsks GitHub, arXiv and Crossref for titles that are not cached yet, most recently mentioned first, and stores them in titles.json in the state folder or at SENNIGHT_STATE. Open items and failed lookups are fetched again after 30 days. If a limit ends a run, the next run continues.\n\nEnvironment:\n  GITHUB_TOKEN           allows more than 60 requests an hour; default: the token of gh, if any\n  SENNIGHT_GITHUB_API    replaces https://api.github.com\n  SENNIGHT_ARXIV_API     replaces https://export.arxiv.org/api\n  SENNIGHT_CROSSREF_API  replaces https://api.crossref.org\n\nOnly this command and clone use the network."
    )]
    FetchTitles {
        /// Fetch at most N titles; 0 fetches all
        #[arg(long, default_value_t = 0, value_name = "N")]
        limit: usize,
        /// Refetch cached titles, except those fetched today
        #[arg(long)]
        again: bool,
        /// Only references in entries that match this query
        query: Vec<String>,
    },
    /// List tags and how many entries have each
    #[command(after_help = "Example:\n  sennight tags after:2025")]
    Tags {
        /// Output format
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        format: OutputFormat,
        /// Only tags of entries that match this query
        query: Vec<String>,
    },
    /// Show all mentions of a reference, repository or tag in time order, with sentences
    #[command(
        after_help = "Examples:\n  sennight thread nerdctl#1387\n  sennight thread --format markdown repo:containerd/nerdctl\n  sennight thread '#lazy-loading'"
    )]
    Thread {
        /// Output format
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        format: OutputFormat,
        /// PR1331, owner/repo#1331, a URL, owner/repo, arXiv:1706.03762, CVE-2024-21626 or a tag;
        /// to be specific, add a prefix: tag: repo: pr: issue: cve: rfc: paper:
        #[arg(required = true)]
        topic: Vec<String>,
    },
    /// Show a year in review: weeks, topics, new topics, pull requests, papers
    #[command(
        after_help = "Examples:\n  sennight stats\n  sennight stats --year 2025 -tag:life\n  sennight stats --year 2025 --format markdown > 2025-in-review.md"
    )]
    Stats {
        /// Year to review; by default the newest year with an entry
        #[arg(long, value_name = "Y")]
        year: Option<i16>,
        /// Output format
        #[arg(long, value_enum, default_value_t = StatsFormat::Text)]
        format: StatsFormat,
        /// Only entries that match this query
        query: Vec<String>,
    },
    /// Report problems in notes (path:line: code: message)
    #[command(after_help = "Example:\n  sennight check --strict   # for a hook: fails if there are problems")]
    Check {
        /// Exit with code 1 if there are problems
        #[arg(long)]
        strict: bool,
    },
    /// Bring the index up to date
    #[command(after_help = "Example:\n  sennight index --verify")]
    Index {
        /// Rebuild from scratch
        #[arg(long)]
        rebuild: bool,
        /// Verify every byte of the index
        #[arg(long, conflicts_with = "rebuild")]
        verify: bool,
    },
    /// Create this week's note in the style of your notes, with last week's open items
    #[command(
        after_help = "Examples:\n  sennight new --edit\n  sennight new --date last-week\n  $EDITOR \"$(sennight new --log ~/notes)\"\n\nCreates one file in the folder of the newest note and prints its path. If the note already exists, only its path is printed; nothing is overwritten."
    )]
    New {
        /// Open the note in $VISUAL or $EDITOR
        #[arg(long)]
        edit: bool,
        /// Create the note for another date: 2024-05-20, 2024-W21, last-week
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
    },
    /// Clone a repository of notes with git, including the history that dates notes
    #[command(after_help = "Example:\n  sennight clone https://github.com/me/notes && sennight notes")]
    Clone {
        /// Anything that git can clone: an https or ssh URL, or a path
        url: String,
        /// Folder to create; by default, named after the repository
        folder: Option<PathBuf>,
    },
    /// Show the configuration, print its path, or write a new one
    #[command(
        after_help = "Examples:\n  sennight config            # settings in effect, and where each value comes from\n  sennight config init       # write the default with comments\n  $EDITOR \"$(sennight config path)\""
    )]
    Config {
        /// Action to perform
        #[arg(value_enum, default_value_t = ConfigAction::Show)]
        action: ConfigAction,
    },
    /// Generate shell completions
    #[command(
        after_help = "Examples:\n  sennight completions bash > ~/.local/share/bash-completion/completions/sennight\n  sennight completions zsh > ~/.zfunc/_sennight\n  sennight completions fish > ~/.config/fish/completions/sennight.fish\n\nCreate the folder first if it does not exist."
    )]
    Completions {
        /// Shell to generate completions for
        shell: clap_complete::Shell,
    },
    /// Print the man page
    #[command(
        after_help = "Examples:\n  sennight man | man -l -\n  sennight man > ~/.local/share/man/man1/sennight.1\n\nCreate the folder first if it does not exist."
    )]
    Man,
}

impl CliCommand {
    /// Tests for a query that is not empty.
    pub(super) fn has_query(&self) -> bool {
        match self {
            CliCommand::Search { query, .. }
            | CliCommand::Export { query, .. }
            | CliCommand::Refs { query, .. }
            | CliCommand::FetchTitles { query, .. }
            | CliCommand::Tags { query, .. }
            | CliCommand::Stats { query, .. } => !query.is_empty(),
            _ => false,
        }
    }
}

/// Actions on the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConfigAction {
    /// Print the path of the file, whether or not it exists
    Path,
    /// Show the settings in effect, and where each value comes from
    Show,
    /// Write the default with comments, unless a file already exists
    Init,
}
