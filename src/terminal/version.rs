//! Versions of terminals.

/// Compares `version`, such as `3.4a`, `(0.32.2)` or `20240203-110809`, with the first parts of the least
/// accepted one. A part that is missing or holds no digits counts as 0; an empty `least` accepts all.
pub(super) fn is_at_least(version: &str, least: &[u32]) -> bool {
    let mut parts = version.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    for least in least {
        let part: u32 = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
        if part != *least {
            return part > *least;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_part_by_part() {
        for (version, least, expected) in [
            ("3.4a", &[3, 4][..], true),
            ("3.3a", &[3, 4], false),
            ("4", &[3, 4], true),
            ("3", &[3, 0], true),
            ("(0.32.2)", &[0, 28], true),
            ("(0.21.0)", &[0, 28], false),
            (" 1.1.3", &[1, 0], true),
            ("next-3.5", &[3, 4], true),
            ("20240203-110809", &[2024], true),
            ("", &[3, 1], false),
            ("", &[], true),
        ] {
            assert_eq!(is_at_least(version, least), expected, "{version}");
        }
    }
}
