//! Session: what the user has done in this run, which the veil puts aside and gives back.

use super::{history::History, jump_list::JumpList, status::Status};

/// Records of what was typed, visited and reported.
///
/// Any of them may repeat private words. The veil hides the whole session and starts an empty one;
/// [`Session::resume`] joins the two when it is lifted.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// Queries asked before.
    pub history: History,
    /// Positions that were left by a jump.
    pub(super) jumps: JumpList,
    /// The message in the bottom line.
    pub status: Option<Status>,
    /// All messages, the newest last.
    pub messages: Vec<Status>,
}

impl Session {
    /// Appends what happened `later`, when this session was hidden.
    pub(super) fn resume(&mut self, later: Session) {
        // Spelled out, so that a new field cannot be forgotten.
        let Session { history, jumps, status, mut messages } = later;
        for query in &history.queries {
            self.history.remember(query);
        }
        self.jumps.append(jumps);
        self.status = status;
        self.messages.append(&mut messages);
    }
}
