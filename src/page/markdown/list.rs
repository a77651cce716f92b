//! Lists: the number or bullet of each item, as its author wrote it.

/// A list that is open.
struct OpenList {
    /// The number that the list starts with, of a numbered one.
    first: Option<u64>,
    items: u64,
}

/// The lists that are open, the innermost last.
#[derive(Default)]
pub(super) struct ListStack {
    open: Vec<OpenList>,
    /// How many of them have bullets.
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

    /// Whether the innermost list has bullets.
    pub fn is_bulleted(&self) -> bool {
        self.open.last().is_some_and(|list| list.first.is_none())
    }

    /// The marker of the next item, whose source is `written`: the author's own number, unless
    /// all items have the same one, which Markdown counts; or the bullet of this depth.
    pub fn marker(&mut self, written: &str, bullets: [&str; 3]) -> String {
        let Some(OpenList { first, items }) = self.open.last_mut() else { return String::new() };
        let Some(first) = *first else { return bullets[(self.bulleted - 1).min(bullets.len() - 1)].to_owned() };
        *items += 1;
        let digits = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let end = if written[digits..].starts_with(')') { ')' } else { '.' };
        let counted = first.saturating_add(*items - 1);
        let number = written[..digits].parse().ok().filter(|number| *number != first).unwrap_or(counted);
        format!("{number}{end}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_the_authors() {
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
