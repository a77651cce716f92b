//! Lists: the number or bullet of each item, as the author wrote it.

/// Open list.
struct OpenList {
    /// First number of a numbered list.
    first: Option<u64>,
    items: u64,
}

/// Open lists, the innermost last.
#[derive(Default)]
pub(super) struct ListStack {
    open: Vec<OpenList>,
    /// Number of the lists that have bullets.
    bulleted: usize,
}

impl ListStack {
    /// Opens a list, which starts with the number `first` if it is numbered.
    pub fn open(&mut self, first: Option<u64>) {
        self.bulleted += usize::from(first.is_none());
        self.open.push(OpenList { first, items: 0 });
    }

    pub fn close(&mut self) {
        let bulleted = self.open.pop().is_some_and(|list| list.first.is_none());
        self.bulleted -= usize::from(bulleted);
    }

    /// Returns true if the innermost list has bullets.
    pub fn is_bulleted(&self) -> bool {
        self.open.last().is_some_and(|list| list.first.is_none())
    }

    /// Returns the marker of the next item, whose source is `written`: the author's own number, unless
    /// it repeats the first one, which Markdown counts on from; or the bullet of this depth.
    pub fn marker(&mut self, written: &str, bullets: [&str; 3]) -> String {
        let Some(OpenList { first, items }) = self.open.last_mut() else { return String::new() };
        let Some(first) = *first else { return bullets[(self.bulleted - 1).min(bullets.len() - 1)].to_owned() };
        *items += 1;
        let counted = first.saturating_add(*items - 1);
        let digits = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let number = match written[..digits].parse() {
            Ok(number) if number != first => number,
            _ => counted,
        };
        let end = if written[digits..].starts_with(')') { ')' } else { '.' };
        format!("{number}{end}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_keep_the_authors_numbers() {
        let bullets = ["a", "b", "c"];
        let mut lists = ListStack::default();
        lists.open(Some(3));
        assert_eq!(lists.marker("3. x", bullets), "3.");
        lists.open(None);
        assert_eq!(lists.marker("* x", bullets), "a");
        lists.open(Some(1));
        assert!(!lists.is_bulleted());
        assert_eq!((lists.marker("1) x", bullets), lists.marker("1) y", bullets)), ("1)".into(), "2)".into()));
        lists.open(None);
        assert_eq!(lists.marker("- x", bullets), "b");
        lists.close();
        lists.close();
        lists.close();
        assert_eq!((lists.marker("7. x", bullets), lists.marker("3. x", bullets)), ("7.".into(), "5.".into()));
        lists.close();
        assert_eq!(lists.marker("- x", bullets), "");
    }
}
