//! Drawn pages: fetching them and putting them in place; and what their buttons do.

use super::{follow_address, text_of};
use crate::domain::AppError;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    DocumentFragment, Element, HtmlInputElement, HtmlTemplateElement, HtmlTextAreaElement,
    MouseEvent,
};

thread_local! {
    /// The title of the last drawn page, at first that of the document.
    static TITLE: ArcRwSignal<String> = ArcRwSignal::new(document().title());
}

/// The title that a drawn page brought along, followed. It is complete: the site is part of it.
#[must_use]
pub fn drawn_title() -> String {
    TITLE.with(ArcRwSignal::get)
}

/// A document that was fetched.
fn parsed(text: &str) -> Option<DocumentFragment> {
    let template = document().create_element("template").ok()?;
    template.set_inner_html(text);
    let template: HtmlTemplateElement = template.dyn_into().ok()?;
    Some(template.content())
}

fn part(page: &DocumentFragment, id: &str) -> Option<Element> {
    page.query_selector(&["#", id].concat()).ok().flatten()
}

/// Fetches the HTML inside the element of this id at an address, to be shown beside the page.
pub(super) async fn fetch_part(address: &str, id: &str) -> Option<String> {
    let (text, _) = text_of(address).await.ok()?;
    Some(part(&parsed(&text)?, id)?.inner_html())
}

/// Fetches the document at an address and answers the HTML inside the element of this id; nothing
/// when the viewer has gone on meanwhile. An answer without that element is a page of another kind,
/// to which the browser goes itself.
///
/// # Errors
/// [`AppError::Transport`] when no answer came.
pub(in crate::ui) async fn fetch_page(
    address: &str,
    holder: &str,
    is_wanted: impl Fn() -> bool,
) -> Result<Option<String>, AppError> {
    let (text, final_address) = text_of(address).await?;
    if !is_wanted() {
        return Ok(None);
    }
    let page = parsed(&text).ok_or(AppError::Transport)?;
    let Some(found) = part(&page, holder) else {
        // Sent on to a page of another kind, the browser goes there. Without that the router is on its
        // way to such a page, and what is shown now goes in a moment.
        let origin = window().location().origin().unwrap_or_default();
        if final_address != [origin.as_str(), address].concat() {
            follow_address(&final_address);
        }
        return Ok(None);
    };
    if let Some(title) = page.query_selector("title").ok().flatten() {
        let title = title.text_content().unwrap_or_default();
        TITLE.with(|shown| shown.set(title));
    }
    take_over_badges(&page);
    look_again_soon(&found);
    Ok(Some(found.inner_html()))
}

/// The frame stays when pages come and go, but its numbers are those of the newest page.
fn take_over_badges(page: &DocumentFragment) {
    let Ok(fresh) = page.query_selector_all("[data-badge]") else {
        return;
    };
    for index in 0..fresh.length() {
        let Some(fresh) = fresh
            .get(index)
            .and_then(|node| node.dyn_into::<Element>().ok())
        else {
            continue;
        };
        let name = fresh.get_attribute("data-badge").unwrap_or_default();
        let here = document().query_selector(&["[data-badge=", &name, "]"].concat());
        if let Ok(Some(here)) = here {
            here.set_outer_html(&fresh.outer_html());
        }
    }
}

/// Puts fresh HTML into the element of this id, unless somebody has begun something in its forms.
pub(in crate::ui) fn exchange(holder: &str, html: &str) {
    let Some(place) = document().get_element_by_id(holder) else {
        return;
    };
    if has_begun_form(&place) || place.inner_html() == html {
        return;
    }
    let focused = document()
        .active_element()
        .map(|element| element.id())
        .unwrap_or_default();
    let opened = open_parts(&place);
    place.set_inner_html(html);
    reopen(&place, &opened);
    if !focused.is_empty()
        && let Some(element) = document().get_element_by_id(&focused)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// Which menus and folds somebody has open there, in the order of the page.
fn open_parts(place: &Element) -> Vec<bool> {
    let parts = parts_that_open(place);
    let is_open = |part: &Element| part.has_attribute("open");
    parts.iter().map(is_open).collect()
}

/// Opens again what was open, when it is still there: nothing closes under somebody's finger because
/// somebody else did something.
fn reopen(place: &Element, opened: &[bool]) {
    let parts = parts_that_open(place);
    if parts.len() == opened.len() {
        for (part, _) in parts.iter().zip(opened).filter(|(_, open)| **open) {
            let _ = part.set_attribute("open", "");
        }
    }
}

fn parts_that_open(place: &Element) -> Vec<Element> {
    let Ok(found) = place.query_selector_all("details") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// Does any field differ from what the server drew, is a form under way to the server, or does one
/// say what is wrong with it?
fn has_begun_form(place: &Element) -> bool {
    let waits = place.query_selector("form[aria-busy], .form__summary");
    if waits.is_ok_and(|form| form.is_some()) {
        return true;
    }
    let Ok(fields) = place.query_selector_all("form[data-form] :is(input, textarea)") else {
        return false;
    };
    (0..fields.length())
        .filter_map(|index| fields.get(index))
        .any(|field| {
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                return input.value() != input.default_value()
                    || input.checked() != input.default_checked();
            }
            field.dyn_ref::<HtmlTextAreaElement>().is_some_and(|area| {
                area.default_value()
                    .is_ok_and(|drawn| drawn != area.value())
            })
        })
}

/// A page that shows long work in progress says after how many milliseconds to look again.
fn look_again_soon(page: &Element) {
    let Some(marked) = page.query_selector("[data-look-again]").ok().flatten() else {
        return;
    };
    let after = marked.get_attribute("data-look-again").unwrap_or_default();
    if let (Ok(after), Some(page)) = (after.parse(), super::page()) {
        set_timeout(move || page.refresh.now(), Duration::from_millis(after));
    }
}

/// The same for the page that came with the document.
pub(super) fn look_at_first_page() {
    if let Some(root) = document().document_element() {
        look_again_soon(&root);
    }
}

/// Buttons with `data-copy` put their text on the clipboard.
pub(super) fn listen_to_copying() {
    let listener = Closure::<dyn Fn(MouseEvent)>::new(|event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-copy]").ok().flatten());
        if let Some(button) = button {
            super::copy(&button.get_attribute("data-copy").unwrap_or_default());
            button.set_text_content(Some("Copied"));
        }
    });
    let _ = document().add_event_listener_with_callback("click", listener.as_ref().unchecked_ref());
    listener.forget();
}
