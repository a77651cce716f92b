//! Role: the meaning of a piece of text. Its style is up to the theme.

/// Meaning of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Text,
    /// Dates, counts and places; borders, rules and hints.
    Dim,
    /// Border, title and selection bar of the focused pane, and the keys of hints.
    Accent,
    Title,
    /// Match of the query. Replaces any other role.
    Match,
    /// Match that the reader has jumped to.
    Current,
    Tag,
    /// Pull requests, issues, commits, repositories.
    RefCode,
    /// Papers and books.
    RefReading,
    /// Vulnerabilities and incidents.
    RefAlarm,
    /// Every other link.
    RefLink,
    Positive,
    Warning,
    Error,
    Code,
    /// Parts of code: see `page/markdown/code.rs`.
    Keyword,
    String,
    Comment,
    /// Numbers, and every other constant.
    Number,
    /// Names that code defines, calls or sets.
    Name,
    /// Lines of a difference.
    Added,
    Removed,
    Quote,
    Heading,
    /// Background of the selected row; goes with [`super::Symbols::selection`].
    Selected,
    /// Background behind the count of a tag that shows its share; without colour the count must do.
    Share,
    /// Letter that opens a link.
    Hint,
    /// Part of the query that was not understood.
    Doubt,
}

impl Role {
    /// List of every role, in order of declaration.
    pub const ALL: [Role; 28] = [
        Role::Text,
        Role::Dim,
        Role::Accent,
        Role::Title,
        Role::Match,
        Role::Current,
        Role::Tag,
        Role::RefCode,
        Role::RefReading,
        Role::RefAlarm,
        Role::RefLink,
        Role::Positive,
        Role::Warning,
        Role::Error,
        Role::Code,
        Role::Keyword,
        Role::String,
        Role::Comment,
        Role::Number,
        Role::Name,
        Role::Added,
        Role::Removed,
        Role::Quote,
        Role::Heading,
        Role::Selected,
        Role::Share,
        Role::Hint,
        Role::Doubt,
    ];

    /// Name of the role in a theme file.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// Returns the role of a name.
    pub fn parse(name: &str) -> Option<Role> {
        NAMES.iter().position(|known| *known == name).map(|at| Role::ALL[at])
    }

    /// Returns true for code and its parts.
    pub fn is_code(self) -> bool {
        matches!(
            self,
            Role::Code
                | Role::Keyword
                | Role::String
                | Role::Comment
                | Role::Number
                | Role::Name
                | Role::Added
                | Role::Removed
        )
    }
}

/// Names of [`Role::ALL`], in its order.
pub const NAMES: [&str; Role::ALL.len()] = [
    "text",
    "dim",
    "accent",
    "title",
    "match",
    "current",
    "tag",
    "ref-code",
    "ref-reading",
    "ref-alarm",
    "ref-link",
    "positive",
    "warning",
    "error",
    "code",
    "keyword",
    "string",
    "comment",
    "number",
    "name",
    "added",
    "removed",
    "quote",
    "heading",
    "selected",
    "share",
    "hint",
    "doubt",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_their_own_place() {
        for (place, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(place, role as usize, "{role:?}");
            assert_eq!(format!("{role:?}").to_lowercase(), role.name().replace('-', ""));
            assert_eq!(Role::parse(role.name()), Some(role));
        }
    }
}
