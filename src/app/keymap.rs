//! The keymap: the command of each key in each place. The defaults are a table here.

use super::{
    Pane,
    command::{Command, Context},
    key::{Key, joined},
};
use crate::text::{clean_line, fold, nearest};
use std::collections::HashSet;

use Command as C;
use Context::{Confirm, Find, Help, Lists, Narrowing, Picker, Prompt, Stats, Xray};

const TAGS: Context = Context::Pane(Pane::Tags);
const TIMELINE: Context = Context::Pane(Pane::Timeline);
const ENTRY: Context = Context::Pane(Pane::Entry);

/// Default bindings in the order in which help shows them. A pane's own binding takes precedence over
/// that of all lists.
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
    (TAGS, &["f"], C::Filter),
    (TAGS, &["J"], C::NextGroup),
    (TAGS, &["K"], C::PreviousGroup),
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
    (Lists, &["P"], C::OpenChangesOfResult),
    (Lists, &["t"], C::Thread),
    (Lists, &["]"], C::NextMention),
    (Lists, &["["], C::PreviousMention),
    (Lists, &["ctrl-f"], C::GoTo),
    (Lists, &["w"], C::OtherYears),
    (Lists, &["ctrl-o", "alt-left"], C::GoBack),
    (Lists, &["ctrl-i", "alt-right"], C::GoForward),
    (Lists, &["s"], C::Stats),
    (Lists, &["M"], C::Messages),
    (Lists, &["v"], C::Veil),
    (Lists, &["b"], C::Bookmark),
    (Lists, &["B"], C::Bookmarks),
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
    (Lists, &[":"], C::Palette),
    (Lists, &["?"], C::Help),
    (Lists, &["esc"], C::Back),
    (Lists, &["ctrl-z"], C::Suspend),
    (Lists, &["q", "ctrl-c"], C::Quit),
    (Prompt, &["enter"], C::Accept),
    (Prompt, &["tab"], C::Complete),
    (Prompt, &["shift-tab"], C::CompleteBack),
    (Prompt, &["?"], C::Explain),
    (Prompt, &["up"], C::OlderQuery),
    (Prompt, &["down"], C::NewerQuery),
    (Prompt, &["ctrl-n"], C::Down),
    (Prompt, &["ctrl-p"], C::Up),
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
    (Picker, &["/"], C::Narrow),
    (Picker, &["esc"], C::Back),
    (Picker, &["ctrl-c"], C::Quit),
    (Narrowing, &["enter"], C::Choose),
    (Narrowing, &["down", "ctrl-n", "tab"], C::Down),
    (Narrowing, &["up", "ctrl-p", "shift-tab"], C::Up),
    (Narrowing, &["pgdn"], C::PageDown),
    (Narrowing, &["pgup"], C::PageUp),
    (Narrowing, &["esc"], C::Back),
    (Narrowing, &["ctrl-c"], C::Quit),
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
    (Stats, &["h", "left", "K"], C::Left),
    (Stats, &["l", "right", "J"], C::Right),
    (Stats, &["j", "down", "ctrl-n"], C::Down),
    (Stats, &["k", "up", "ctrl-p"], C::Up),
    (Stats, &["g", "home"], C::Top),
    (Stats, &["G", "end"], C::Bottom),
    (Stats, &["pgdn", "ctrl-d", "space"], C::PageDown),
    (Stats, &["pgup", "ctrl-u"], C::PageUp),
    (Stats, &["esc", "s", "q", "enter"], C::Back),
    (Stats, &["ctrl-c"], C::Quit),
    (Confirm, &["y", "enter"], C::Yes),
    (Confirm, &["n", "esc", "q"], C::No),
    (Confirm, &["ctrl-c"], C::Quit),
];

/// Bindings of keys to commands. The first of a place and key applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<(Context, Key, Command)>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        let mut bindings = Vec::new();
        for (context, keys, command) in BINDINGS {
            for key in *keys {
                bindings.push((*context, Key::parse(key).expect("a key of this table"), *command));
            }
        }
        Keymap { bindings }
    }
}

/// Places of the keymap by their names in the configuration.
const PLACES: [(&str, Context); 11] = [
    ("lists", Lists),
    ("tags", TAGS),
    ("timeline", TIMELINE),
    ("entry", ENTRY),
    ("query", Prompt),
    ("picker", Picker),
    ("narrowing", Narrowing),
    ("help", Help),
    ("why", Xray),
    ("statistics", Stats),
    ("question", Confirm),
];

/// Name that unbinds a key.
const NOTHING: &str = "none";

impl Keymap {
    /// Rebinds a key, as the configuration does: `lists`, `ctrl-g`, `go-to`; `none` unbinds it. Returns
    /// the command that has no key left there, if any.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the place, the key or the command does not exist.
    pub fn bind(&mut self, place: &str, key: &str, command: &str) -> Result<Option<Command>, BindError> {
        let Some(context) = place_named(place) else {
            return Err(unknown("place for keys", place, PLACES.iter().map(|(name, _)| *name)));
        };
        let Some(key) = Key::parse(key) else {
            return Err(BindError::Key(clean_line(key).into_owned()));
        };
        let named = command_named(command)?;
        let is_same = |(at, bound, _): &(Context, Key, Command)| *at == context && *bound == key;
        let before = self.bindings.iter().find(|binding| is_same(binding)).map(|(.., command)| *command);
        self.bindings.retain(|binding| !is_same(binding));
        // First of its place, so that hints and help show it.
        self.bindings.splice(0..0, named.map(|command| (context, key, command)));
        Ok(before.filter(|before| !self.has_key(place, *before)))
    }

    /// Tests if `command` has a key in a place, named as in the configuration.
    pub fn has_key(&self, place: &str, command: Command) -> bool {
        let context = place_named(place);
        self.bindings.iter().any(|(at, _, bound)| Some(*at) == context && *bound == command)
    }

    /// Command of `key` in `context`.
    pub fn command(&self, context: Context, key: Key) -> Option<Command> {
        match context {
            Context::Pane(_) => {
                let key = key.narrowed();
                self.bound(context, key).or_else(|| self.bound(Lists, key))
            }
            Xray | Stats | Picker => self.bound(context, key.narrowed()),
            context => self.bound(context, key),
        }
    }

    fn bound(&self, context: Context, key: Key) -> Option<Command> {
        let binding = self.bindings.iter().find(|(at, bound, _)| *at == context && *bound == key);
        binding.map(|(.., command)| *command)
    }

    /// Keys that are bound anywhere.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.bindings.iter().map(|(_, key, _)| *key)
    }

    /// Commands of `context` with their keys, in order; a pane's own, then those of all lists.
    ///
    /// Keys that a pane binds to another command are left out, so a command may have none.
    pub fn of(&self, context: Context) -> Vec<(Command, Vec<Key>)> {
        let mut taken: HashSet<Key> = HashSet::new();
        let mut found: Vec<(Command, Vec<Key>)> = Vec::new();
        for (_, key, command) in self.bindings_in(context) {
            let is_shadowed = !taken.insert(*key);
            let keys = if is_shadowed { Vec::new() } else { vec![*key] };
            match found.iter_mut().find(|(known, _)| known == command) {
                Some((_, known)) => known.extend(keys),
                None => found.push((*command, keys)),
            }
        }
        found
    }

    /// First key of `command` in `context`.
    pub fn key(&self, context: Context, command: Command) -> Option<Key> {
        let mut bound = self.bindings_in(context).filter(|(.., known)| *known == command).map(|(_, key, _)| *key);
        // Each frame asks for the keys of its hints: one that an earlier binding takes is looked for, not listed.
        bound.find(|key| {
            self.bindings_in(context).find(|(_, other, _)| other == key).map(|(.., first)| *first) == Some(command)
        })
    }

    /// Bindings of a place, then in a pane those of all lists.
    fn bindings_in(&self, context: Context) -> impl Iterator<Item = &(Context, Key, Command)> {
        let is_pane = matches!(context, Context::Pane(_));
        let own = self.bindings.iter().filter(move |(at, ..)| *at == context);
        own.chain(self.bindings.iter().filter(move |(at, ..)| is_pane && *at == Lists))
    }
}

/// Lists the keys of the focused place and what they do, for help, with lines that contain `filter`.
pub fn help_lines(keymap: &Keymap, is_typing: bool, focus: Pane, filter: &str) -> Vec<(String, &'static str)> {
    let context = if is_typing { Prompt } else { Context::Pane(focus) };
    let filter = fold(filter);
    let mut lines = Vec::new();
    for (command, keys) in keymap.of(context) {
        let (keys, title) = (joined(&keys), command.title());
        if keys.is_empty() {
            continue;
        }
        if fold(&keys).contains(&filter) || fold(title).contains(&filter) {
            lines.push((keys, title));
        }
    }
    lines
}

fn place_named(name: &str) -> Option<Context> {
    PLACES.iter().find(|(known, _)| *known == name).map(|(_, context)| *context)
}

/// Finds a command by its name in the configuration; none for the name that unbinds a key.
fn command_named(name: &str) -> Result<Option<Command>, BindError> {
    let command = Command::ALL.iter().copied().find(|command| command.name() == name);
    if command.is_none() && name != NOTHING {
        let known = Command::ALL.iter().map(|known| known.name()).chain([NOTHING]);
        return Err(unknown("command", name, known));
    }
    Ok(command)
}

/// An error in a configured key binding.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    #[error("unknown {what} “{name}”{}", nearest.map_or(String::new(), |known| format!(" (did you mean “{known}”?)")))]
    Unknown { what: &'static str, name: String, nearest: Option<&'static str> },
    #[error("“{0}” is not a key; keys are written like j, G, ctrl-d, alt-left, pgdn, space")]
    Key(String),
}

/// The error for an unknown name, with the known one that is most similar.
fn unknown(what: &'static str, name: &str, known: impl Iterator<Item = &'static str>) -> BindError {
    let known: Vec<&'static str> = known.collect();
    let abbreviated = || known.iter().copied().find(|known| name.len() > 2 && known.starts_with(name));
    let nearest = nearest(name, known.iter().copied()).or_else(abbreviated);
    BindError::Unknown { what, name: clean_line(name).into_owned(), nearest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let keymap = Keymap::default();
        let mut seen: HashSet<(String, Key)> = HashSet::new();
        for (context, key, command) in &keymap.bindings {
            assert!(seen.insert((format!("{context:?}"), *key)), "{context:?} {key} {command:?}");
        }
    }

    #[test]
    fn help_lists_each_key_once_and_only_where_it_works() {
        let mut keymap = Keymap::default();
        keymap.bind("entry", "j", "thread").expect("a binding");
        for (_, context) in PLACES {
            let mut listed = HashSet::new();
            for (command, keys) in keymap.of(context) {
                for key in keys {
                    assert!(listed.insert(key), "{context:?} lists {key} twice");
                    assert_eq!(keymap.command(context, key), Some(command), "{context:?} {key}");
                }
            }
        }
        let keys = |pane: Pane, title: &str| {
            let lines = help_lines(&keymap, false, pane, title);
            lines.into_iter().map(|(keys, _)| keys).collect::<Vec<_>>()
        };
        assert_eq!(keys(Pane::Tags, C::NextGroup.title()), ["J"]);
        assert!(keys(Pane::Tags, C::NextWeek.title()).is_empty());
        assert_eq!(keys(Pane::Entry, C::Open.title()), ["o Enter"]);
        assert_eq!(keys(Pane::Entry, C::Down.title()), ["↓"]);
    }

    #[test]
    fn the_first_key_of_a_command_is_the_first_that_help_lists() {
        let keymap = Keymap::default();
        for (name, context) in PLACES {
            let listed = keymap.of(context);
            for command in Command::ALL {
                let keys = listed.iter().find(|(known, _)| known == command).map(|(_, keys)| keys);
                let first = keys.and_then(|keys| keys.first().copied());
                assert_eq!(keymap.key(context, *command), first, "{name}: {}", command.name());
            }
        }
    }

    #[test]
    fn every_command_has_a_key() {
        let keymap = Keymap::default();
        for command in Command::ALL {
            assert!(keymap.bindings.iter().any(|(.., bound)| bound == command), "{command:?}");
        }
    }

    #[test]
    fn keys_are_bound_anew() {
        let mut keymap = Keymap::default();
        let key = |name: &str| Key::parse(name).expect("a key");
        assert_eq!(keymap.bind("lists", "ctrl-g", "go-to"), Ok(None));
        assert_eq!(keymap.command(TIMELINE, key("ctrl-g")), Some(C::GoTo));
        assert_eq!(keymap.key(Lists, C::GoTo), Some(key("ctrl-g")));
        assert_eq!(keymap.bind("lists", "q", "none"), Ok(None), "Ctrl-c still quits");
        assert_eq!(keymap.bind("lists", "z", "quit"), Ok(Some(C::Zoom)), "nothing zooms any more");
        assert_eq!(keymap.command(ENTRY, key("q")), None);
        let say = |place, key, command| Keymap::default().bind(place, key, command).expect_err("unsound").to_string();
        assert_eq!(say("list", "q", "quit"), "unknown place for keys “list” (did you mean “lists”?)");
        assert_eq!(say("lists", "q", "opne"), "unknown command “opne” (did you mean “open”?)");
        assert_eq!(say("lists", "q", "stat"), "unknown command “stat” (did you mean “statistics”?)");
        assert!(say("lists", "strg-q", "open").starts_with("“strg-q” is not a key; keys are written like"));
    }
}
