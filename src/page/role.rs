//! Roles: what a piece of text is. How it looks is the theme's affair.

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Text,
    /// When, how many, where; borders, rules and hints.
    Dim,
    /// The focus: its border, title, selection bar and the keys of hints.
    Accent,
    Title,
    /// What the query hit. Drawn over any other role.
    Match,
    /// The one of them that the reader stands on.
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
    /// What code defines, calls or sets.
    Name,
    /// Lines of a difference.
    Added,
    Removed,
    Quote,
    Heading,
    /// The background of the selected row; goes with [`super::Symbols::selection`].
    Selected,
    /// The background behind a tag's count that shows its share; without colour the count says it.
    Share,
    /// The letter that opens a link.
    Hint,
    /// A part of the query that could not be placed.
    Doubt,
}

impl Role {
    /// Every role, in order of declaration.
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

    /// As it is written in a theme.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Role> {
        NAMES.iter().position(|known| *known == name).map(|at| Role::ALL[at])
    }

    /// Whether this is code, or a part of it.
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
