//! Keys typed ahead: `Enter` after a query, and then `o`, means the first entry that the query finds.

use crate::app::{Message, Model};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Keys that wait for the result they refer to. Keys typed into the query itself never wait.
#[derive(Default)]
pub(super) struct TypeAheadBuffer {
    keys: VecDeque<Message>,
    /// Time at which the first key had to wait for the pending result.
    since: Option<Instant>,
}

/// Time that keys wait for a result at most.
const PATIENCE: Duration = Duration::from_millis(400);

impl TypeAheadBuffer {
    /// The next message to handle: a key that need not wait any more, else one of `messages`.
    pub(super) fn next(&mut self, messages: &mut VecDeque<Message>, model: &Model) -> Option<Message> {
        if !self.is_holding(model) {
            // A result that took too long does not delay further keys.
            self.since = self.since.filter(|_| model.is_waiting());
            if let Some(key) = self.keys.pop_front() {
                return Some(key);
            }
        }
        while let Some(message) = messages.pop_front() {
            if self.is_holding(model) && matches!(message, Message::Key(_)) {
                self.since.get_or_insert_with(Instant::now);
                self.keys.push_back(message);
            } else {
                return Some(message);
            }
        }
        None
    }

    fn is_holding(&self, model: &Model) -> bool {
        model.is_waiting() && !model.search.is_typing && self.since.is_none_or(|since| since.elapsed() < PATIENCE)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Time that the waiting keys still wait at most; `None` without any.
    pub(super) fn timeout(&self) -> Option<Duration> {
        let since = self.since.filter(|_| !self.keys.is_empty())?;
        Some(PATIENCE.saturating_sub(since.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{Effect, Ticket, hits::Hits, key::Key, update},
        log::Log,
    };
    use std::sync::Arc;

    fn key(name: &str) -> Message {
        Message::Key(Key::parse(name).expect("a key"))
    }

    #[test]
    fn keys_after_a_query_wait_for_its_result() {
        let mut model = Model::new("x", false, 80, 24);
        model.results.is_searching = true;
        model.search.is_typing = true;
        let mut buffer = TypeAheadBuffer::default();
        let mut came: VecDeque<Message> = [key("a"), key("enter"), key("t"), key("j")].into();
        assert!(matches!(buffer.next(&mut came, &model), Some(Message::Key(_))), "typing never waits");
        assert!(buffer.next(&mut came, &model).is_some());
        model.search.is_typing = false;
        assert!(buffer.next(&mut came, &model).is_none());
        assert_eq!((buffer.keys.len(), came.len()), (2, 0));
        assert!(buffer.timeout().is_some_and(|timeout| timeout <= PATIENCE));
        let found = Message::SearchFinished { ticket: Ticket(1), hits: Hits::default(), micros: 1 };
        came.extend([found, key("o")]);
        assert!(matches!(buffer.next(&mut came, &model), Some(Message::SearchFinished { .. })));
        model.results.is_searching = false;
        for expected in ["t", "j", "o"] {
            let Some(Message::Key(next)) = buffer.next(&mut came, &model) else { panic!("{expected}") };
            assert_eq!(Some(next), Key::parse(expected));
        }
        assert!(buffer.next(&mut came, &model).is_none() && buffer.timeout().is_none());
    }

    #[test]
    fn keys_after_opening_an_insight_wait_for_it() {
        let log = Arc::new(Log::from_entries(["容器 PR1 [a](https://github.com/a/b/pull/1)", "限流"]));
        let mut model = Model::new("x", false, 80, 24);
        update(&mut model, Message::loaded(log));
        for opening in ["]", "t", "s"] {
            model.reading.overlays.clear();
            let mut pressed = vec![key(opening)];
            if opening == "t" {
                // Of several things, the first.
                pressed.push(key("a"));
            }
            let effects: Vec<Effect> = pressed.into_iter().flat_map(|key| update(&mut model, key)).collect();
            let Some(Effect::ComputeInsight { ticket, ask }) = effects.into_iter().next_back() else {
                panic!("{opening}")
            };
            let mut buffer = TypeAheadBuffer::default();
            let mut came: VecDeque<Message> = [key("j"), key("esc")].into();
            assert!(buffer.next(&mut came, &model).is_none(), "{opening}");
            let answer = ask.compute(&model.notes.log);
            came.push_back(Message::InsightReady { ticket, answer });
            let counted = buffer.next(&mut came, &model).expect("the answer");
            update(&mut model, counted);
            for _ in 0..2 {
                assert!(matches!(buffer.next(&mut came, &model), Some(Message::Key(_))), "{opening}");
            }
        }
    }

    #[test]
    fn keys_wait_no_longer_than_the_limit() {
        let mut model = Model::new("x", false, 80, 24);
        model.results.is_searching = true;
        let mut buffer =
            TypeAheadBuffer { keys: [key("t"), key("j")].into(), since: Instant::now().checked_sub(PATIENCE * 2) };
        for _ in 0..3 {
            assert!(buffer.next(&mut [key("k")].into(), &model).is_some());
        }
    }
}
