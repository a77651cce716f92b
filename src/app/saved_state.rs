//! Saved state: what is stored for a log between runs, since no note holds it.

use super::history::History;
use crate::note::EntryKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{collections::BTreeSet, sync::Arc};

/// State saved for one log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedState {
    /// Entry that was selected last.
    pub position: Option<HexEntryKey>,
    /// Bookmarks, the oldest first.
    pub bookmarks: Vec<Bookmark>,
    pub queries: History,
}

/// An entry to come back to. The key depends on the text of the entry; the other fields help to find it
/// when the key is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    pub key: HexEntryKey,
    pub title: String,
    pub path: String,
    pub line: u32,
    /// Days of the entry, as they were shown.
    pub when: String,
}

/// Key of an entry, written in hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HexEntryKey(pub EntryKey);

impl Serialize for HexEntryKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HexEntryKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<HexEntryKey, D::Error> {
        let text = String::deserialize(deserializer)?;
        EntryKey::parse(&text).map(HexEntryKey).ok_or_else(|| D::Error::custom("not the key of an entry"))
    }
}

impl SavedState {
    /// Keys of all bookmarks.
    pub fn keys(&self) -> Arc<BTreeSet<EntryKey>> {
        Arc::new(self.bookmarks.iter().map(|bookmark| bookmark.key.0).collect())
    }

    pub fn has(&self, key: EntryKey) -> bool {
        self.bookmarks.iter().any(|bookmark| bookmark.key.0 == key)
    }

    /// Adds a bookmark, or removes that of the same entry.
    pub fn set_bookmark(&mut self, bookmark: Bookmark, on: bool) {
        self.bookmarks.retain(|known| known.key != bookmark.key);
        if on {
            self.bookmarks.push(bookmark);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_state_survives_a_round_trip() {
        let key = HexEntryKey(EntryKey(0x1f));
        let mut kept = SavedState { position: Some(key), ..SavedState::default() };
        let bookmark = Bookmark { key, title: "限流".into(), path: "a.md".into(), line: 3, when: "2024-W23".into() };
        kept.set_bookmark(bookmark.clone(), true);
        kept.set_bookmark(bookmark.clone(), true);
        kept.queries.remember("限流");
        assert_eq!(kept.bookmarks.len(), 1);
        let text = serde_json::to_string(&kept).expect("JSON");
        assert!(text.contains(r#""queries":["限流"]"#), "{text}");
        assert!(text.contains("\"000000000000001f\""), "{text}");
        assert_eq!(serde_json::from_str::<SavedState>(&text).expect("read"), kept);
        assert_eq!(serde_json::from_str::<SavedState>("{}").expect("read"), SavedState::default());
        kept.set_bookmark(bookmark, false);
        assert!(!kept.has(key.0));
    }
}
