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
    /// A list of references to choose from.
    Picker,
    Help,
    Xray,
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
    Exclude "exclude" "exclude the tag, or no longer",
    Open "open" "open the link; of several, choose",
    OpenChanges "open-changes" "open a pull request or issue of this entry; none: of this week",
    CopyUrl "copy-url" "copy the link; of several, choose",
    CopyMarkdown "copy-markdown" "copy the entry as Markdown",
    Why "why" "why: how this entry was understood",
    Edit "edit" "open the note in your editor at this entry",
    Zoom "zoom" "give the focused pane the whole screen, or no longer",
    Reload "reload" "read the notes again",
    Help "help" "all keys of this place",
    Suspend "suspend" "stop, to go on later with fg",
    Quit "quit" "quit",
    Choose "choose" "take what is selected",
    Yes "yes" "yes",
    No "no" "no",
}
