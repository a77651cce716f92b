//! Panics on background threads, reported in the status line.

use crate::app::{Message, Severity, Status};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::Sender,
};

/// Runs `work` and returns its result. A panic is reported to `inbox` as a failure of `task`, such as
/// "Searching", and yields `None`; the screen stays open.
pub(super) fn guarded<T>(inbox: &Sender<Message>, task: &str, work: impl FnOnce() -> T) -> Option<T> {
    let result = catch_unwind(AssertUnwindSafe(work)).ok();
    if result.is_none() {
        let text = format!("{task} failed unexpectedly: press r to reload, and please report this bug");
        let _ = inbox.send(Message::Said(Status::new(Severity::Error, text)));
    }
    result
}
