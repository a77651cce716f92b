//! Commands: everything a user can run by name. Keys, help and hints come from this one table.

use super::Pane;

/// A place where keys apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Every pane.
    Lists,
    Pane(Pane),
    Prompt,
    /// The find bar below the entry.
    Find,
    /// A list to pick from by letter.
    Picker,
    /// A list to pick from by typing.
    Narrowing,
    Help,
    Xray,
    Stats,
    /// A question to answer.
    Confirm,
}

macro_rules! commands {
    ($($variant:ident $name:literal $title:literal,)*) => {
        /// Something a user can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command { $($variant,)* }

        impl Command {
            pub const ALL: &[Command] = &[$(Command::$variant,)*];

            /// Name in the configuration.
            pub fn name(self) -> &'static str {
                match self { $(Command::$variant => $name,)* }
            }

            /// Description for help.
            pub fn title(self) -> &'static str {
                match self { $(Command::$variant => $title,)* }
            }
        }
    };
}

commands! {
    Search "search" "edit the query",
    Find "find" "find in this entry",
    NextPlace "next-place" "next match in this entry",
    PreviousPlace "previous-place" "previous match in this entry",
    KeepFind "keep-find" "keep the search and return to the text",
    Complete "complete" "complete the word at the cursor; again for the next completion",
    CompleteBack "complete-back" "previous completion of the word at the cursor",
    Explain "explain" "explain how the query was understood",
    OlderQuery "older-query" "previous query; in the list, previous line",
    NewerQuery "newer-query" "next query; after the newest, into the list",
    Accept "accept" "keep the query and return to the timeline",
    Back "back" "close the top layer, then clear the query",
    Down "down" "next line",
    Up "up" "previous line",
    Top "top" "first line",
    Bottom "bottom" "last line",
    HalfDown "half-page-down" "half a page down",
    HalfUp "half-page-up" "half a page up",
    PageDown "page-down" "a page down",
    PageUp "page-up" "a page up",
    NextWeek "next-week" "next week in the list",
    PreviousWeek "previous-week" "previous week in the list",
    NextGroup "next-group" "next group: topics, repositories, years …",
    PreviousGroup "previous-group" "previous group",
    NextEntry "next-entry" "next entry, without leaving the text",
    PreviousEntry "previous-entry" "previous entry, without leaving the text",
    NextPane "next-pane" "focus the next pane",
    PreviousPane "previous-pane" "focus the previous pane",
    FocusTags "focus-tags" "focus the tags",
    FocusTimeline "focus-timeline" "focus the timeline",
    FocusEntry "focus-entry" "focus the entry",
    Left "left" "focus the pane to the left",
    Right "right" "focus the pane to the right",
    Read "read" "read the entry",
    Require "require" "require the tag (toggle)",
    Filter "filter" "filter by the name of a tag, repository or year",
    Exclude "exclude" "exclude the tag (toggle)",
    Open "open" "open the link; if there are several, choose one",
    Narrow "narrow" "type to narrow the list",
    OpenChanges "open-changes" "open a pull request or issue of this entry, or else of its week",
    OpenChangesOfResult "open-changes-of-result" "list pull requests and issues of the whole result",
    Thread "thread" "thread: every mention of a reference, repository or tag",
    NextMention "next-mention" "next entry in the thread",
    PreviousMention "previous-mention" "previous entry in the thread",
    GoTo "go-to" "go to a week, entry, tag or reference by name",
    OtherYears "other-years" "this week in other years",
    GoBack "go-back" "go back to where you were",
    GoForward "go-forward" "go forward again",
    Bookmark "bookmark" "toggle bookmark on this entry",
    Bookmarks "bookmarks" "list bookmarks",
    CopyUrl "copy-url" "copy the link; if there are several, choose one",
    CopyMarkdown "copy-markdown" "copy the entry as Markdown",
    Stats "statistics" "statistics: a year in review of the matching entries",
    Messages "messages" "message history",
    Veil "veil" "hide or show private entries",
    Why "why" "show how this entry was understood, and on what evidence",
    Edit "edit" "open the note in your editor at this entry",
    Zoom "zoom" "toggle zoom of the focused pane",
    Reload "reload" "reload the notes",
    Palette "palette" "list all commands by name",
    Help "help" "list all keys that work here",
    Suspend "suspend" "suspend; fg resumes",
    Quit "quit" "quit",
    Choose "choose" "choose the selected item",
    Yes "yes" "yes",
    No "no" "no",
}

impl Command {
    /// Tests if a count repeats the command.
    pub fn is_step(self) -> bool {
        use Command as C;
        let in_list = matches!(self, C::Down | C::Up | C::HalfDown | C::HalfUp | C::PageDown | C::PageUp);
        let on = matches!(self, C::NextWeek | C::NextEntry | C::NextMention);
        in_list || on || matches!(self, C::PreviousWeek | C::PreviousEntry | C::PreviousMention)
    }

    /// Tests if the command moves within a place. The palette leaves these out: nobody runs them by name.
    pub fn is_move(self) -> bool {
        use Command as C;
        let to_pane = matches!(self, C::NextPane | C::PreviousPane | C::Left | C::Right);
        let to_entry = matches!(self, C::NextEntry | C::PreviousEntry | C::NextMention | C::PreviousMention);
        self.is_step() && !to_entry || to_pane || matches!(self, C::Top | C::Bottom)
    }
}
