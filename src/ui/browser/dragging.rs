//! Dragging things to places on drawn pages, by mouse and by touch. (The roster's own edit mode, which
//! is no drawn page, has its own in `roster::view::rearranging`.)
//!
//! A handle has `data-drag` and `data-name`, a place `data-place`. What dropping does stands there:
//! - a place with a button `data-put` has that pressed;
//! - else the handle's `data-drag` is the endpoint of a command, which is sent its `data-fields`
//!   (`name=value&…`) and the place's `data-place` as `to`; with `data-page` that page is opened
//!   instead, where something is to be asked first.
//!
//! A handle with `data-open` follows that address when it is taken hold of: the server draws at each
//! place what speaks for and against. Pages may be drawn anew while something is held, so listeners
//! are the document's. Whatever dragging does can be done without it.

use super::{page, send_command};
use leptos::prelude::{document, window};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, UrlSearchParams};

/// Pixels after which a press is a drag, and no click.
const SLACK: i32 = 4;
/// How near to the upper or lower edge of the window it scrolls, and how far.
const NEAR: i32 = 72;
const STEP: f64 = 16.0;

struct Drag {
    handle: Element,
    from: (i32, i32),
    /// The picture at the pointer; there is one as soon as it is a drag.
    ghost: Option<HtmlElement>,
    over: Option<Element>,
}

thread_local! {
    static DRAG: RefCell<Option<Drag>> = const { RefCell::new(None) };
    /// A drag has just ended: the click that follows is part of it.
    static ENDED: RefCell<bool> = const { RefCell::new(false) };
}

/// Begins to listen, once.
pub(super) fn listen() {
    on("pointerdown", |event: PointerEvent| {
        ENDED.set(false);
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let handle = target.and_then(|target| target.closest("[data-drag]").ok().flatten());
        if let Some(handle) = handle.filter(|_| event.button() == 0) {
            DRAG.set(Some(Drag {
                handle,
                from: (event.client_x(), event.client_y()),
                ghost: None,
                over: None,
            }));
        }
    });
    on("pointermove", |event: PointerEvent| {
        with(|drag| drag.follow(event.client_x(), event.client_y()));
    });
    on("pointerup", |event: PointerEvent| {
        // The page may have been drawn anew since the pointer moved.
        with(|drag| drag.follow(event.client_x(), event.client_y()));
        end(true);
    });
    on("pointercancel", |_: PointerEvent| end(false));
    on("keydown", |event: KeyboardEvent| {
        if event.key() == "Escape" {
            end(false);
        }
    });
    on("click", |event: MouseEvent| {
        if ENDED.take() {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    // Links would be dragged by the browser itself.
    on("dragstart", |event: web_sys::Event| {
        if DRAG.with_borrow(Option::is_some) {
            event.prevent_default();
        }
    });
}

fn on<E: JsCast + 'static>(name: &str, what: impl Fn(E) + 'static) {
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        what(event.unchecked_into())
    });
    let function = listener.as_ref().unchecked_ref();
    // Before the router hears of a click.
    let _ = document().add_event_listener_with_callback_and_bool(name, function, true);
    listener.forget();
}

fn with(what: impl FnOnce(&mut Drag)) {
    DRAG.with_borrow_mut(|drag| {
        if let Some(drag) = drag {
            what(drag);
        }
    });
}

fn places(what: impl Fn(&Element)) {
    let Ok(found) = document().query_selector_all("[data-place]") else {
        return;
    };
    for index in 0..found.length() {
        if let Some(place) = found.get(index).and_then(|node| node.dyn_into().ok()) {
            what(&place);
        }
    }
}

fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

impl Drag {
    fn follow(&mut self, x: i32, y: i32) {
        let far = (x - self.from.0).abs().max((y - self.from.1).abs()) > SLACK;
        if self.ghost.is_none() && far {
            self.begin();
        }
        let Some(ghost) = &self.ghost else { return };
        let style = ghost.style();
        let _ = style.set_property("--x", &x.to_string());
        let _ = style.set_property("--y", &y.to_string());
        let under = document().element_from_point(x as f32, y as f32);
        let over = under.and_then(|under| under.closest("[data-place]").ok().flatten());
        if over != self.over {
            if let Some(before) = &self.over {
                let _ = before.set_attribute("data-drop", "ok");
            }
            if let Some(over) = &over {
                let _ = over.set_attribute("data-drop", "over");
            }
            self.over = over;
        }
        let height = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64());
        let height = height.unwrap_or_default() as i32;
        if y < NEAR {
            window().scroll_by_with_x_and_y(0.0, -STEP);
        } else if y > height - NEAR {
            window().scroll_by_with_x_and_y(0.0, STEP);
        }
    }

    fn begin(&mut self) {
        let ghost = document().create_element("div").ok();
        let ghost = ghost.and_then(|ghost| ghost.dyn_into::<HtmlElement>().ok());
        if let (Some(ghost), Some(body)) = (&ghost, document().body()) {
            ghost.set_class_name("drag-ghost");
            let _ = ghost.set_attribute("aria-hidden", "true");
            ghost.set_text_content(Some(&attribute(&self.handle, "data-name")));
            let _ = body.append_child(ghost);
        }
        self.ghost = ghost;
        places(|place| {
            let _ = place.set_attribute("data-drop", "ok");
        });
        let address = attribute(&self.handle, "data-open");
        if let Some(page) = page().filter(|_| !address.is_empty()) {
            (page.navigate)(&address);
        }
    }

    fn drop_here(&self) {
        let Some(place) = &self.over else { return };
        if let Ok(Some(button)) = place.query_selector("button[data-put]") {
            button.unchecked_into::<HtmlElement>().click();
            return;
        }
        let to = attribute(place, "data-place");
        let fields = attribute(&self.handle, "data-fields");
        let endpoint = attribute(&self.handle, "data-drag");
        if endpoint.is_empty() {
            return;
        }
        let target = attribute(&self.handle, "data-page");
        if !target.is_empty() {
            let address = [target.as_str(), "?", &fields, "&to=", &to].concat();
            if let Some(page) = page() {
                (page.navigate)(&address);
            }
            return;
        }
        let Ok(sent) = UrlSearchParams::new_with_str(&fields) else {
            return;
        };
        let value = |name: &str| sent.get(name).unwrap_or_default();
        // What it was dragged from is part of the fields; the same place again is no move.
        if value("from").starts_with(&to) {
            return;
        }
        let fields: Vec<(&str, String)> = fields
            .split('&')
            .filter_map(|field| Some((field.split_once('=')?.0, ())))
            .map(|(name, ())| (name, value(name)))
            .collect();
        let mut fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        fields.push(("to", &to));
        send_command(&endpoint, &fields);
    }
}

/// The pointer was let go, or the drag was given up.
fn end(dropped: bool) {
    let Some(drag) = DRAG.take() else { return };
    let Some(ghost) = &drag.ghost else { return };
    ghost.remove();
    places(|place| {
        let _ = place.remove_attribute("data-drop");
    });
    ENDED.set(dropped);
    if dropped {
        drag.drop_here();
    }
}
