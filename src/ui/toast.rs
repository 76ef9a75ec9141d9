//! Short messages about what just happened, with Undo. They stand in a live region of the frame.

use super::{parts::Icon, words};
use crate::domain::{AppError, event::Said, viewer::Flash};
use leptos::prelude::*;

/// At most so many are on the screen.
const MOST: usize = 3;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u32,
    text: String,
    is_problem: bool,
    undo: Option<i64>,
}

/// The messages on the screen.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// Where the frame sends an Undo; provided by the application, because the kit knows no feature.
#[derive(Clone, Copy, Debug)]
pub struct UndoEndpoint(pub &'static str);

impl Toasts {
    /// With what the last plain form came to. What is wrong with fields stands at the fields; the
    /// rest is said here, because a form of one button has no place of its own for it.
    pub(super) fn starting_with(flash: Option<&Flash>) -> Self {
        let toasts = Self {
            list: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        if let Some(event) = flash.and_then(|flash| flash.event.as_ref()) {
            toasts.event(event);
        }
        match flash.and_then(|flash| flash.error.as_ref()) {
            None | Some(AppError::Invalid(_)) => {}
            Some(error) => toasts.problem(error),
        }
        toasts
    }

    /// Says what happened, with Undo if that is possible. Answers the message's number.
    pub fn event(self, event: &Said) -> u32 {
        // What was undone needs no message any more.
        self.list.try_update(|list| {
            list.retain(|toast| toast.undo != event.undoes || toast.undo.is_none())
        });
        self.add(
            event.text.clone(),
            false,
            event.can_undo.then_some(event.seq),
        )
    }

    /// Says why something did not happen.
    pub fn problem(self, error: &AppError) {
        self.add(words::error(error), true, None);
    }

    /// Says something in the words of the caller. Answers the message's number.
    pub fn say(self, text: String) -> u32 {
        self.add(text, false, None)
    }

    fn add(self, text: String, is_problem: bool, undo: Option<i64>) -> u32 {
        let id = self.next.try_update_value(|next| {
            *next += 1;
            *next
        });
        let id = id.unwrap_or_default();
        self.list.try_update(|list| {
            list.push(Toast {
                id,
                text,
                is_problem,
                undo,
            });
            let surplus = list.len().saturating_sub(MOST);
            list.drain(..surplus);
        });
        id
    }

    /// Takes a message away.
    pub(super) fn dismiss(self, id: u32) {
        self.list
            .try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// The messages on the screen.
///
/// Outside of the application they go nowhere.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(|| Toasts::starting_with(None))
}

/// The live region of the frame; always there, so that additions are announced.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    let undo = use_context::<UndoEndpoint>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || {
                toasts.list.get().into_iter().map(|toast| one(toasts, undo, toast)).collect_view()
            }}
        </div>
    }
}

fn one(toasts: Toasts, endpoint: Option<UndoEndpoint>, toast: Toast) -> AnyView {
    let Toast {
        id,
        text,
        is_problem,
        undo,
    } = toast;
    let undo = endpoint.zip(undo).map(|(UndoEndpoint(action), seq)| {
        view! {
            <form method="post" action=action data-command="">
                <input type="hidden" name="seq" value=seq.to_string()/>
                <button class="button" data-size="small"><Icon name="undo"/>"Undo"</button>
            </form>
        }
    });
    view! {
        <div class="toast" data-kind=is_problem.then_some("bad")>
            <p class="toast__text">{text}</p>
            {undo}
            <button
                class="button"
                type="button"
                data-kind="quiet"
                data-shape="icon"
                data-size="small"
                aria-label="Dismiss"
                on:click=move |_| toasts.dismiss(id)
            >
                <Icon name="close"/>
            </button>
        </div>
    }
    .into_any()
}
