//! One connection to the event log for the whole page, while its tab is looked at: browsers allow
//! six connections to a host, and a hidden tab needs none.

use crate::ui::context::Refresh;
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent, VisibilityState};

/// Several events in a moment make one reading.
const PAUSE: Duration = Duration::from_millis(120);

struct Follower {
    source: RefCell<Option<EventSource>>,
    /// Number of the newest event that was heard of, as the server wrote it.
    newest: RefCell<String>,
    waiting: Cell<bool>,
    refresh: Refresh,
    state: RwSignal<&'static str>,
}

/// Follows the log from this number on; the page that shows it is read again when it grows.
pub(in crate::ui) fn follow_live(seq: i64, refresh: Refresh, state: RwSignal<&'static str>) {
    let follower = Rc::new(Follower {
        source: RefCell::new(None),
        newest: RefCell::new(seq.to_string()),
        waiting: Cell::new(false),
        refresh,
        state,
    });
    follower.clone().open();
    let looked_at = Closure::<dyn Fn()>::new(move || {
        if document().visibility_state() == VisibilityState::Hidden {
            follower.close();
        } else {
            follower.clone().open();
        }
    });
    let _ = document()
        .add_event_listener_with_callback("visibilitychange", looked_at.as_ref().unchecked_ref());
    looked_at.forget();
}

impl Follower {
    fn open(self: Rc<Self>) {
        if self.source.borrow().is_some() {
            return;
        }
        let address = ["/live?after=", &self.newest.borrow()].concat();
        let Ok(source) = EventSource::new(&address) else {
            return;
        };
        let heard = {
            let follower = self.clone();
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| follower.hear(&event))
        };
        for kind in ["change", "reload", "notices"] {
            let _ = source.add_event_listener_with_callback(kind, heard.as_ref().unchecked_ref());
        }
        heard.forget();
        let state = self.state;
        let lost = Closure::<dyn Fn()>::new(move || {
            state.try_set("reconnecting");
        });
        source.set_onerror(Some(lost.as_ref().unchecked_ref()));
        lost.forget();
        let found = Closure::<dyn Fn()>::new(move || {
            state.try_set("");
        });
        source.set_onopen(Some(found.as_ref().unchecked_ref()));
        found.forget();
        self.source.replace(Some(source));
    }

    fn close(&self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
    }

    fn hear(self: &Rc<Self>, event: &MessageEvent) {
        let newest = event.last_event_id();
        if !newest.is_empty() {
            self.newest.replace(newest);
        }
        if event.type_() == "notices" {
            show_unread(&event.data().as_string().unwrap_or_default());
        }
        let shows = document()
            .query_selector("[data-live]")
            .ok()
            .flatten()
            .is_some();
        if !shows || self.waiting.replace(true) {
            return;
        }
        let follower = self.clone();
        let later = move || {
            follower.waiting.set(false);
            follower.refresh.now();
        };
        set_timeout(later, PAUSE);
    }
}

/// Shows how many notices are unread, in the frame.
fn show_unread(count: &str) {
    if let Ok(Some(mark)) = document().query_selector("[data-unread]") {
        let _ = mark.set_attribute("data-unread", count);
        mark.set_text_content(Some(count));
    }
}
