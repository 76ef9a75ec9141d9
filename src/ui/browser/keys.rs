//! Keys that count on every page: `/` goes to the search field, Ctrl or Cmd K opens the command
//! palette, `?` shows the shortcuts. What palette and shortcuts show is drawn by the server.

use super::{pages::fetch_part, text_of};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

/// Id of the one dialog, which is made when it is first needed.
const DIALOG: &str = "palette";
/// The palette before anything is found. Its field is a plain search form, too.
const PALETTE: &str = "<form class=\"search\" role=\"search\" action=\"/search\">\
<label class=\"visually-hidden\" for=\"palette-q\">Find people, groups and pages</label>\
<input class=\"search__input\" id=\"palette-q\" name=\"q\" type=\"search\" autocomplete=\"off\" \
placeholder=\"Find people, groups, pages\" autofocus></form>\
<div class=\"palette__found\" aria-live=\"polite\"></div>";
/// Where it shows what was found.
const FOUND: &str = "#palette .palette__found";
/// What stands below the list of shortcuts.
const CLOSE: &str = "<form class=\"dialog__actions\" method=\"dialog\">\
<button class=\"button\" autofocus>Close</button></form>";

/// Begins to listen.
pub(super) fn listen() {
    on("keydown", document().unchecked_ref(), |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            press(event);
        }
    });
}

fn on(name: &str, target: &web_sys::EventTarget, what: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(what);
    let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn press(event: &KeyboardEvent) {
    let command = event.ctrl_key() || event.meta_key();
    let typing = target(event).is_some_and(|target| {
        // A dialog that has just closed keeps the focus until the page is drawn the next time.
        let fields = ":is(input, textarea, select, [contenteditable]):not(dialog:not([open]) *)";
        target.matches(fields).unwrap_or(false)
    });
    let plain = !(command || typing || event.alt_key());
    let search = document().get_element_by_id("q");
    let done = match (event.key().as_str(), search) {
        ("k", Some(_)) if command && !event.shift_key() => open_palette(),
        ("/", Some(field)) if plain => focus(field),
        ("?", _) if plain => open_shortcuts(),
        ("ArrowDown", _) => step(1),
        ("ArrowUp", _) => step(-1),
        ("Enter", _) => enter(event),
        _ => None,
    };
    if done.is_some() {
        event.prevent_default();
    }
}

fn focus(element: Element) -> Option<()> {
    element.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

/// The dialog with this inside, open.
fn open(html: &str) -> Option<HtmlDialogElement> {
    let found = document().get_element_by_id(DIALOG);
    let dialog: HtmlDialogElement = match found {
        Some(dialog) => dialog,
        None => made()?,
    }
    .dyn_into()
    .ok()?;
    dialog.set_inner_html(html);
    if !dialog.open() {
        dialog.show_modal().ok()?;
    }
    Some(dialog)
}

fn made() -> Option<Element> {
    let dialog = document().create_element("dialog").ok()?;
    dialog.set_id(DIALOG);
    dialog.set_class_name("dialog palette-dialog");
    let _ = dialog.set_attribute("aria-label", "Command palette");
    let _ = dialog.set_attribute("closedby", "any");
    document().body()?.append_child(&dialog).ok()?;
    on("input", &dialog, |event| {
        if let Some(field) = event.target().and_then(|field| field.dyn_into().ok()) {
            find(field);
        }
    });
    // Whoever follows a link is done here.
    on("click", &dialog, |event| {
        let link = target(&event).and_then(|target| target.closest("a").ok().flatten());
        let dialog = link.and_then(|link| link.closest("dialog").ok().flatten());
        if let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into().ok()) {
            let dialog: HtmlDialogElement = dialog;
            dialog.close();
        }
    });
    Some(dialog)
}

fn open_palette() -> Option<()> {
    let field = open(PALETTE)?.query_selector("input").ok()??;
    find(field.dyn_into().ok()?);
    Some(())
}

/// Shows what the server finds, unless something else was typed meanwhile or the viewer has already
/// stepped into what an earlier answer showed. Until then what is shown is stale, and not gone to.
fn find(field: HtmlInputElement) {
    if let Ok(Some(shown)) = document().query_selector(FOUND) {
        let _ = shown.set_attribute("data-stale", "");
    }
    spawn_local(async move {
        let text = field.value();
        let query = String::from(js_sys::encode_uri_component(&text));
        let answer = text_of(&["/search/palette?q=", &query].concat()).await;
        let place = document().query_selector(FOUND);
        if let (Ok((html, _)), Ok(Some(place))) = (answer, place)
            && field.value() == text
            && matches!(place.query_selector(":focus"), Ok(None))
            // Anything else than a list is an error page.
            && html.starts_with("<ul")
        {
            place.set_inner_html(&html);
            let _ = place.remove_attribute("data-stale");
        }
    });
}

fn open_shortcuts() -> Option<()> {
    spawn_local(async {
        if let Some(list) = fetch_part("/shortcuts", "shortcuts").await {
            open(&[&list, CLOSE].concat());
        }
    });
    Some(())
}

/// In the palette: the focus goes up and down between the field and what was found.
fn step(by: i32) -> Option<()> {
    let places = document()
        .query_selector_all("#palette[open] :is(#palette-q, :not([data-stale]) > ul a)")
        .ok()?;
    let focused = document().active_element()?;
    let at = (0..places.length()).find(|at| places.get(*at).as_ref() == Some(focused.as_ref()))?;
    let next = places.get(at.checked_add_signed(by)?)?;
    focus(next.dyn_into().ok()?)
}

/// In the palette's field: the first that was found is followed; before anything is, the form goes to
/// the page of the search.
fn enter(event: &KeyboardEvent) -> Option<()> {
    let field = target(event)?;
    if field.id() != "palette-q" {
        return None;
    }
    let fresh = [FOUND, ":not([data-stale]) a"].concat();
    let first = document().query_selector(&fresh).ok()??;
    first.dyn_into::<HtmlElement>().ok()?.click();
    Some(())
}
