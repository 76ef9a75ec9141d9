//! Dragging on drawn pages: something with `data-choose` is taken by its handle and dropped on
//! something with `data-slot`.
//!
//! Dragging only does what two clicks do: taking hold follows the address in `data-choose`, by which
//! the server draws at every slot what speaks for and against it; dropping presses the slot's button.
//! The page may be drawn anew meanwhile, so the listeners are the document's.

use leptos::{ev::PointerEvent, prelude::document};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement};

thread_local! {
    /// The picture of what is held.
    static GHOST: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Begins to listen, once.
pub(super) fn listen() {
    on("pointerdown", take);
    on("pointermove", |event| {
        if let Some(ghost) = GHOST.with(|ghost| ghost.borrow().clone()) {
            follow(&ghost, event);
        }
    });
    on("pointerup", |event| {
        if let Some(ghost) = GHOST.with(|ghost| ghost.borrow_mut().take()) {
            ghost.remove();
            put(event);
        }
    });
    on("pointercancel", |_| {
        if let Some(ghost) = GHOST.with(|ghost| ghost.borrow_mut().take()) {
            ghost.remove();
        }
    });
}

fn on(kind: &str, what: fn(&PointerEvent)) {
    let listener = Closure::<dyn Fn(PointerEvent)>::new(move |event: PointerEvent| what(&event));
    let _ = document().add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
    listener.forget();
}

fn take(event: &PointerEvent) {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let handle = target.and_then(|target| target.closest("[data-choose] .drag-handle").ok()?);
    let thing = handle.and_then(|handle| handle.closest("[data-choose]").ok()?);
    let (Some(thing), Some(page)) = (thing, super::page()) else {
        return;
    };
    event.prevent_default();
    let ghost = document().create_element("div").ok();
    let Some(ghost) = ghost.and_then(|ghost| ghost.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    ghost.set_class_name("drag-ghost");
    ghost.set_text_content(thing.get_attribute("data-name").as_deref());
    if let Some(body) = document().body() {
        let _ = body.append_child(&ghost);
    }
    follow(&ghost, event);
    GHOST.with(|held| *held.borrow_mut() = Some(ghost));
    (page.navigate)(&thing.get_attribute("data-choose").unwrap_or_default());
}

fn follow(ghost: &HtmlElement, event: &PointerEvent) {
    let style = ghost.style();
    let _ = style.set_property("--x", &event.client_x().to_string());
    let _ = style.set_property("--y", &event.client_y().to_string());
}

/// Presses the button of the slot under the pointer; where it has none, its words say why.
fn put(event: &PointerEvent) {
    let under = document().element_from_point(event.client_x() as f32, event.client_y() as f32);
    let slot = under.and_then(|under| under.closest("[data-slot]").ok()?);
    let button = slot.and_then(|slot| slot.query_selector("button[data-put]").ok()?);
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}
