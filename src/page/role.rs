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
    pub const ALL: [Role; 20] = [
        Role::Text,
        Role::Dim,
        Role::Accent,
        Role::Title,
        Role::Match,
        Role::Tag,
        Role::RefCode,
        Role::RefReading,
        Role::RefAlarm,
        Role::RefLink,
        Role::Positive,
        Role::Warning,
        Role::Error,
        Role::Code,
        Role::Quote,
        Role::Heading,
        Role::Selected,
        Role::Share,
        Role::Hint,
        Role::Doubt,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_their_own_place() {
        for (place, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(place, role as usize, "{role:?}");
        }
    }
}
