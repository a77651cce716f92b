//! Commands: what a user can name. Keys, help and hints all come from this one table.

use super::Pane;

/// Where a command applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Every pane.
    Lists,
    Pane(Pane),
    Prompt,
    /// The line of what is looked for in the entry.
    Find,
    /// A list to pick from by letter.
    Picker,
    /// A list to pick from by typing.
    Narrowing,
    Help,
    Xray,
    Statistics,
    /// A question to be answered.
    Confirm,
}

macro_rules! commands {
    ($($variant:ident $name:literal $title:literal,)*) => {
        /// Something a user can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command { $($variant,)* }

        impl Command {
            pub const ALL: &[Command] = &[$(Command::$variant,)*];

            /// As it is written in configuration.
            pub fn name(self) -> &'static str {
                match self { $(Command::$variant => $name,)* }
            }

            /// What it does, for help.
            pub fn title(self) -> &'static str {
                match self { $(Command::$variant => $title,)* }
            }
        }
    };
}

commands! {
    Search "search" "edit the query",
    Find "find" "find in this entry",
    NextPlace "next-place" "next place that is marked in this entry",
    PreviousPlace "previous-place" "place before that is marked in this entry",
    KeepFind "keep-find" "keep what is looked for, and read on",
    Complete "complete" "complete the word at the cursor; again: another way",
    CompleteBack "complete-back" "complete the word at the cursor in the way before",
    Explain "explain" "how the query was understood",
    OlderQuery "older-query" "query asked before; from the list, line before",
    NewerQuery "newer-query" "query asked after; from the newest, into the list",
    Accept "accept" "keep the query and return to the timeline",
    Back "back" "close the top layer, then clear the filter",
    Down "down" "next line",
    Up "up" "line before",
    Top "top" "first line",
    Bottom "bottom" "last line",
    HalfDown "half-page-down" "half a page down",
    HalfUp "half-page-up" "half a page up",
    PageDown "page-down" "a page down",
    PageUp "page-up" "a page up",
    NextWeek "next-week" "next week in the list",
    PreviousWeek "previous-week" "week before in the list",
    NextGroup "next-group" "next group: topics, repositories, years …",
    PreviousGroup "previous-group" "group before",
    NextEntry "next-entry" "next entry, without leaving the text",
    PreviousEntry "previous-entry" "entry before, without leaving the text",
    NextPane "next-pane" "focus the next pane",
    PreviousPane "previous-pane" "focus the pane before",
    FocusTags "focus-tags" "focus the tags",
    FocusTimeline "focus-timeline" "focus the timeline",
    FocusEntry "focus-entry" "focus the entry",
    Left "left" "focus the pane to the left",
    Right "right" "focus the pane to the right",
    Read "read" "read the entry",
    Require "require" "require the tag, or no longer",
    Filter "filter" "filter by a tag, repository or year, by name",
    Exclude "exclude" "exclude the tag, or no longer",
    Open "open" "open the link; of several, choose",
    Narrow "narrow" "narrow the list by typing",
    OpenChanges "open-changes" "open a pull request or issue of this entry; none: of this week",
    OpenChangesOfResult "open-changes-of-result" "pull requests and issues of the whole result",
    Thread "thread" "thread: every mention of a reference, repository or tag",
    NextMention "next-mention" "next entry of the thread",
    PreviousMention "previous-mention" "entry before, of the thread",
    GoTo "go-to" "go to a week, entry, tag or reference by name",
    OtherYears "other-years" "this week in other years",
    GoBack "go-back" "back to where you were",
    GoForward "go-forward" "forward again",
    Mark "bookmark" "bookmark this entry, or no longer",
    Marks "bookmarks" "bookmarks",
    CopyUrl "copy-url" "copy the link; of several, choose",
    CopyMarkdown "copy-markdown" "copy the entry as Markdown",
    Statistics "statistics" "statistics: a year in review, of what the query finds",
    Messages "messages" "what was said in the bottom line",
    Veil "veil" "veil what is private, or show it again",
    Why "why" "why: how this entry was understood",
    Edit "edit" "open the note in your editor at this entry",
    Zoom "zoom" "give the focused pane the whole screen, or no longer",
    Reload "reload" "read the notes again",
    Palette "palette" "all commands, by name",
    Help "help" "all keys of this place",
    Suspend "suspend" "stop, to go on later with fg",
    Quit "quit" "quit",
    Choose "choose" "take what is selected",
    Yes "yes" "yes",
    No "no" "no",
}

impl Command {
    /// Whether a count repeats it.
    pub fn is_step(self) -> bool {
        use Command as C;
        let in_list = matches!(self, C::Down | C::Up | C::HalfDown | C::HalfUp | C::PageDown | C::PageUp);
        let on = matches!(self, C::NextWeek | C::NextEntry | C::NextMention);
        in_list || on || matches!(self, C::PreviousWeek | C::PreviousEntry | C::PreviousMention)
    }

    /// Whether it moves within the place the user is in: nobody looks for such by name.
    pub fn is_move(self) -> bool {
        use Command as C;
        let to_pane = matches!(self, C::NextPane | C::PreviousPane | C::Left | C::Right);
        let to_entry = matches!(self, C::NextEntry | C::PreviousEntry | C::NextMention | C::PreviousMention);
        self.is_step() && !to_entry || to_pane || matches!(self, C::Top | C::Bottom)
    }
}
