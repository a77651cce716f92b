//! Keys as values: what was pressed, how it is written, which one a full-width sign stands for.

use std::fmt;

/// A key with its modifiers. Shift is part of the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: KeyCode,
    pub ctrl: bool,
    pub alt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyCode {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// Names of keys that are no characters, as they are written in help and configuration.
const NAMES: [(&str, KeyCode); 16] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("space", KeyCode::Char(' ')),
    ("minus", KeyCode::Char('-')),
];

impl Key {
    pub const fn plain(code: KeyCode) -> Key {
        Key { code, ctrl: false, alt: false }
    }

    /// Reads `j`, `ctrl-d`, `pgdn`, `space`.
    pub fn parse(text: &str) -> Option<Key> {
        if let Some(rest) = text.strip_prefix("ctrl-") {
            return Some(Key { ctrl: true, ..Key::parse(rest)? });
        }
        if let Some(rest) = text.strip_prefix("alt-") {
            return Some(Key { alt: true, ..Key::parse(rest)? });
        }
        if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Some(Key::plain(*code));
        }
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Some(Key::plain(KeyCode::Char(c))),
            _ => None,
        }
    }

    /// The ASCII twin of a full-width sign, so that an active input method does not swallow
    /// commands in lists.
    #[must_use]
    pub fn narrowed(self) -> Key {
        let code = match self.code {
            KeyCode::Char('　') => KeyCode::Char(' '),
            KeyCode::Char(c @ '！'..='～') => {
                KeyCode::Char(char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c))
            }
            KeyCode::Char('。') => KeyCode::Char('.'),
            KeyCode::Char('、') => KeyCode::Char('/'),
            KeyCode::Char('【') => KeyCode::Char('['),
            KeyCode::Char('】') => KeyCode::Char(']'),
            code => code,
        };
        Key { code, ..self }
    }
}

/// Writes keys side by side, as in `j ↓`.
pub(super) fn joined(keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(Key::to_string).collect();
    names.join(" ")
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.ctrl { "Ctrl-" } else { "" })?;
        f.write_str(if self.alt { "Alt-" } else { "" })?;
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            code => write!(f, "{code:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for (text, shown) in
            [("j", "j"), ("ctrl-d", "Ctrl-d"), ("space", "Space"), ("shift-tab", "Shift-Tab"), ("?", "?")]
        {
            assert_eq!(Key::parse(text).map(|key| key.to_string()).as_deref(), Some(shown), "{text}");
        }
        assert_eq!(Key::parse("nokey"), None);
    }

    #[test]
    fn full_width_signs_have_ascii_twins() {
        for (wide, narrow) in
            [('／', '/'), ('？', '?'), ('：', ':'), ('ｊ', 'j'), ('１', '1'), ('j', 'j'), ('容', '容')]
        {
            assert_eq!(Key::plain(KeyCode::Char(wide)).narrowed(), Key::plain(KeyCode::Char(narrow)), "{wide}");
        }
    }
}
