//! The default keymap: which key is which command, where.

use super::{
    Pane,
    command::{Command, Context},
    key::Key,
};

use Command as C;
use Context::{Confirm, Find, Help, Lists, Picker, Prompt, Xray};

const TAGS: Context = Context::Pane(Pane::Tags);
const TIMELINE: Context = Context::Pane(Pane::Timeline);
const ENTRY: Context = Context::Pane(Pane::Entry);

/// Keys as they are written, in the order in which help shows them. A pane's own binding goes
/// before that of all lists.
const BINDINGS: &[(Context, &[&str], Command)] = &[
    (Lists, &["/"], C::Search),
    (Lists, &["j", "down"], C::Down),
    (Lists, &["k", "up"], C::Up),
    (Lists, &["g", "home"], C::Top),
    (Lists, &["G", "end"], C::Bottom),
    (Lists, &["ctrl-d"], C::HalfDown),
    (Lists, &["ctrl-u"], C::HalfUp),
    (Lists, &["pgdn"], C::PageDown),
    (Lists, &["pgup"], C::PageUp),
    (TIMELINE, &["enter"], C::Read),
    (ENTRY, &["o", "enter"], C::Open),
    (TAGS, &["space", "enter"], C::Require),
    (TAGS, &["x"], C::Exclude),
    (ENTRY, &["space"], C::PageDown),
    (ENTRY, &["f"], C::Find),
    (ENTRY, &["n"], C::NextPlace),
    (ENTRY, &["N"], C::PreviousPlace),
    (ENTRY, &[">"], C::NextEntry),
    (ENTRY, &["<"], C::PreviousEntry),
    (Lists, &["J"], C::NextWeek),
    (Lists, &["K"], C::PreviousWeek),
    (Lists, &["o"], C::Open),
    (Lists, &["p"], C::OpenChanges),
    (Lists, &["y"], C::CopyUrl),
    (Lists, &["Y"], C::CopyMarkdown),
    (Lists, &["e"], C::Edit),
    (Lists, &["i"], C::Why),
    (Lists, &["tab"], C::NextPane),
    (Lists, &["shift-tab"], C::PreviousPane),
    (Lists, &["1"], C::FocusTags),
    (Lists, &["2"], C::FocusTimeline),
    (Lists, &["3"], C::FocusEntry),
    (Lists, &["h", "left"], C::Left),
    (Lists, &["l", "right"], C::Right),
    (Lists, &["z"], C::Zoom),
    (Lists, &["r"], C::Reload),
    (Lists, &["?"], C::Help),
    (Lists, &["esc"], C::Back),
    (Lists, &["ctrl-z"], C::Suspend),
    (Lists, &["q", "ctrl-c"], C::Quit),
    (Prompt, &["enter"], C::Accept),
    (Prompt, &["tab"], C::Complete),
    (Prompt, &["shift-tab"], C::CompleteBack),
    (Prompt, &["?"], C::Explain),
    (Prompt, &["down", "ctrl-n"], C::Down),
    (Prompt, &["up", "ctrl-p"], C::Up),
    (Prompt, &["pgdn"], C::PageDown),
    (Prompt, &["pgup"], C::PageUp),
    (Prompt, &["esc"], C::Back),
    (Prompt, &["ctrl-z"], C::Suspend),
    (Prompt, &["ctrl-c"], C::Quit),
    (Find, &["enter"], C::KeepFind),
    (Find, &["down", "ctrl-n"], C::NextPlace),
    (Find, &["up", "ctrl-p"], C::PreviousPlace),
    (Find, &["pgdn"], C::PageDown),
    (Find, &["pgup"], C::PageUp),
    (Find, &["esc"], C::Back),
    (Find, &["ctrl-z"], C::Suspend),
    (Find, &["ctrl-c"], C::Quit),
    (Picker, &["enter"], C::Choose),
    (Picker, &["down", "ctrl-n", "tab"], C::Down),
    (Picker, &["up", "ctrl-p", "shift-tab"], C::Up),
    (Picker, &["pgdn"], C::PageDown),
    (Picker, &["pgup"], C::PageUp),
    (Picker, &["esc"], C::Back),
    (Picker, &["ctrl-c"], C::Quit),
    (Help, &["down", "ctrl-n"], C::Down),
    (Help, &["up", "ctrl-p"], C::Up),
    (Help, &["pgdn", "ctrl-d"], C::PageDown),
    (Help, &["pgup"], C::PageUp),
    (Help, &["esc", "enter"], C::Back),
    (Help, &["ctrl-c"], C::Quit),
    (Xray, &["j", "down", "ctrl-n"], C::Down),
    (Xray, &["k", "up", "ctrl-p"], C::Up),
    (Xray, &["g", "home"], C::Top),
    (Xray, &["G", "end"], C::Bottom),
    (Xray, &["pgdn", "ctrl-d", "space"], C::PageDown),
    (Xray, &["pgup", "ctrl-u"], C::PageUp),
    (Xray, &["esc", "i", "q", "enter", "?"], C::Back),
    (Xray, &["ctrl-c"], C::Quit),
    (Confirm, &["y", "enter"], C::Yes),
    (Confirm, &["n", "esc", "q"], C::No),
    (Confirm, &["ctrl-c"], C::Quit),
];

/// Which key does what, where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<(Context, Key, Command)>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        let read = |(context, keys, command): &(Context, &'static [&'static str], Command)| {
            let keys = keys.iter().map(|key| Key::parse(key).expect("a key of this table"));
            keys.map(|key| (*context, key, *command)).collect::<Vec<_>>()
        };
        Keymap { bindings: BINDINGS.iter().flat_map(read).collect() }
    }
}

impl Keymap {
    /// The command of `key` in `context`.
    pub fn command(&self, context: Context, key: Key) -> Option<Command> {
        let find = |wanted: Context, key: Key| {
            let fits = |(at, bound, _): &&(Context, Key, Command)| *at == wanted && *bound == key;
            self.bindings.iter().find(fits).map(|(.., command)| *command)
        };
        match context {
            Context::Pane(_) => {
                let key = key.narrowed();
                find(context, key).or_else(|| find(Lists, key))
            }
            Xray => find(context, key.narrowed()),
            context => find(context, key),
        }
    }

    /// Commands of `context` with their keys, in order; those of all lists after a pane's own.
    pub fn of(&self, context: Context) -> Vec<(Command, Vec<Key>)> {
        let mut found: Vec<(Command, Vec<Key>)> = Vec::new();
        let own = self.bindings.iter().filter(|(at, ..)| *at == context);
        let lists = self.bindings.iter().filter(|(at, ..)| matches!(context, Context::Pane(_)) && *at == Lists);
        for (_, key, command) in own.chain(lists) {
            match found.iter_mut().find(|(known, _)| known == command) {
                Some((_, keys)) => keys.push(*key),
                None => found.push((*command, vec![*key])),
            }
        }
        found
    }

    /// The first key of `command` in `context`.
    pub fn key(&self, context: Context, command: Command) -> Option<Key> {
        self.of(context).into_iter().find(|(known, _)| *known == command)?.1.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let keymap = Keymap::default();
        let mut seen: HashSet<(String, Key)> = HashSet::new();
        for (context, key, command) in &keymap.bindings {
            assert!(seen.insert((format!("{context:?}"), *key)), "{context:?} {key} {command:?}");
        }
    }

    #[test]
    fn every_command_has_a_key() {
        let keymap = Keymap::default();
        for command in Command::ALL {
            assert!(keymap.bindings.iter().any(|(.., bound)| bound == command), "{command:?}");
        }
    }
}
