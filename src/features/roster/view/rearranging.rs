//! Edit mode in the browser: drag and drop by pointer and keyboard, filtering, and exchanging what
//! changed in a drawing.
//!
//! Works on the drawn HTML alone (see `drawing::edit` for its `data-` attributes) with one listener
//! for each kind of event, whatever the number of rows. Every drop sends the same command as the
//! plain forms; the server decides. While something is held, changes by others are marked, not
//! drawn over it.

mod edges;
mod held;
mod patching;

pub(super) use patching::{clear_selected, count_selected, filter_rows, patch};

use held::{Held, hold, release, with_held};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The handle under an event, if it is on one.
fn handle_of(event: &web_sys::Event) -> Option<HtmlElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(".drag-handle").ok()??.dyn_into().ok()
}

pub(super) fn pointer_down(event: &PointerEvent) {
    let Some(handle) = handle_of(event) else {
        return;
    };
    if event.button() != 0 {
        return;
    }
    let Some(held) = Held::from_handle(&handle) else {
        return;
    };
    event.prevent_default();
    let _ = handle.set_pointer_capture(event.pointer_id());
    let _ = handle.focus();
    hold(held.with_ghost());
    pointer_move(event);
    keep_scrolling();
}

pub(super) fn pointer_move(event: &PointerEvent) {
    point_at(event.client_x(), event.client_y());
}

fn point_at(x: i32, y: i32) {
    with_held(|held| {
        if held.is_lifted_by_key() {
            return;
        }
        held.move_ghost(x, y);
        let under = document().element_from_point(x as f32, y as f32);
        held.point_at(under.as_ref(), x, y);
    });
}

/// As long as something is held at an edge, what lies beyond it comes into view.
fn keep_scrolling() {
    let Some((x, y)) = with_held(|held| held.pointer()) else {
        return;
    };
    if edges::scroll(x, y) {
        point_at(x, y);
    }
    request_animation_frame(keep_scrolling);
}

pub(super) fn pointer_up(event: &PointerEvent) {
    let by_key = with_held(|held| held.is_lifted_by_key()).unwrap_or(true);
    if !by_key {
        event.prevent_default();
        drop_held();
    }
}

pub(super) fn cancel() {
    if let Some(held) = release() {
        held.say("Not moved.");
    }
}

fn drop_held() {
    if let Some(held) = release() {
        held.drop_here();
    }
}

pub(super) fn key_down(event: &KeyboardEvent) {
    let key = event.key();
    let lifted = with_held(|held| held.is_lifted_by_key()) == Some(true);
    match (lifted, key.as_str()) {
        (false, "Enter" | " ") => {
            let Some(held) = handle_of(event).as_ref().and_then(Held::from_handle) else {
                return;
            };
            event.prevent_default();
            hold(held.by_key());
        }
        (true, "ArrowDown" | "ArrowRight") => step(event, 1),
        (true, "ArrowUp" | "ArrowLeft") => step(event, -1),
        (true, "Enter" | " ") => {
            event.prevent_default();
            drop_held();
        }
        (_, "Escape") if with_held(|_| ()).is_some() => {
            event.prevent_default();
            cancel();
        }
        (true, "Tab") => cancel(),
        _ => {}
    }
}

fn step(event: &KeyboardEvent, by: i32) {
    event.prevent_default();
    with_held(|held| held.step(by));
}
