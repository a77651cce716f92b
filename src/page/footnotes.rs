//! Footnotes that an entry cites and its note defines elsewhere, often at its end.

use std::borrow::Cow;

/// Appends to `body` the definitions in `note` of the footnotes that it cites but does not define.
/// Takes time linear in both.
pub(super) fn append_definitions<'b>(body: &'b str, note: &str) -> Cow<'b, str> {
    let mut wanted = labels(body);
    if wanted.is_empty() {
        return Cow::Borrowed(body);
    }
    for (label, _) in definitions(body) {
        wanted.retain(|known| !known.eq_ignore_ascii_case(label));
    }
    if wanted.is_empty() {
        return Cow::Borrowed(body);
    }
    let mut whole = Cow::Borrowed(body);
    for (label, text) in definitions(note) {
        if let Some(at) = wanted.iter().position(|known| known.eq_ignore_ascii_case(label)) {
            wanted.swap_remove(at);
            let whole = whole.to_mut();
            whole.push_str("\n\n");
            whole.push_str(&text);
        }
    }
    whole
}

/// Limit on the footnotes looked for in one entry.
const MOST: usize = 64;

/// Collects the labels of `[^label]` in `text`, each once.
fn labels(text: &str) -> Vec<&str> {
    let mut labels: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices("[^") {
        if let Some(label) = label(&text[at..]).filter(|label| !labels.contains(label)) {
            labels.push(label);
            if labels.len() == MOST {
                break;
            }
        }
    }
    labels
}

/// Reads the label of `[^label]` at the start of `text`.
fn label(text: &str) -> Option<&str> {
    let label = text.strip_prefix("[^")?;
    let end = label.find([']', '\n', '[', ' '])?;
    (end > 0 && label[end..].starts_with(']')).then(|| &label[..end])
}

/// Collects the definitions in `text` with their labels. One goes from `[^label]:` to the next
/// definition, or to a blank line that no indented line follows. The indent of its first line is
/// removed from all.
fn definitions(text: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut indent = None;
    let mut blank = false;
    for line in text.lines() {
        let inner = line.trim_start();
        let begins = label(inner).filter(|label| inner[label.len() + 3..].starts_with(':'));
        if let Some(label) = begins {
            indent = Some(line.len() - inner.len());
            found.push((label, inner.to_owned()));
        } else if let (Some(own), Some((_, text))) = (indent, found.last_mut()) {
            let deeper = line.len() - inner.len() > own + 1;
            if inner.is_empty() || !blank || deeper {
                text.push('\n');
                text.push_str(line.get(own..).unwrap_or(inner));
            } else {
                indent = None;
            }
        }
        blank = inner.is_empty();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footnotes_come_from_the_whole_note() {
        let note =
            "- a[^1] b[^2]\n- c[^2] d[^nowhere]\n\n[^1]: one\n[^2]: two,\nand\n\n    more\n\nno more\n  [^3]: three\n";
        for (body, expected) in [
            ("no note", "no note"),
            ("a[^1]", "a[^1]\n\n[^1]: one"),
            ("c[^2] d[^nowhere]", "c[^2] d[^nowhere]\n\n[^2]: two,\nand\n\n    more\n"),
            ("e[^3]", "e[^3]\n\n[^3]: three"),
            ("f[^1]\n\n[^1]: own", "f[^1]\n\n[^1]: own"),
            ("[^ ] [^] [^x", "[^ ] [^] [^x"),
        ] {
            assert_eq!(append_definitions(body, note), expected, "{body}");
        }
    }

    #[test]
    fn many_footnotes_take_no_time() {
        let notes: Vec<String> = (0..20_000).map(|at| format!("a[^{at}]\n\n[^{at}]: {at}\n")).collect();
        let note = notes.concat();
        assert!(append_definitions("x[^5] y[^19999]", &note).ends_with("[^19999]: 19999"));
        assert_eq!(append_definitions(&"[^".repeat(100_000), &note).len(), 200_000);
    }
}
