//! Exchanging what changed in a drawing, so that focus, ticks and open branches stay; filtering.

use super::held::{say, with_held};
use leptos::prelude::document;
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTemplateElement};

thread_local! {
    /// What gets the focus once the drawing shows what was done.
    static FOCUS: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// After the next exchange the focus goes to this element.
pub(super) fn focus_later(selector: &str) {
    FOCUS.with(|focus| *focus.borrow_mut() = Some(selector.to_owned()));
}

fn all_in(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

fn keys(units: &[Element]) -> Vec<String> {
    units
        .iter()
        .map(|unit| unit.get_attribute("data-key").unwrap_or_default())
        .collect()
}

/// Puts a new drawing into the part with this id, unit by unit where the units are the same.
pub(in super::super) fn patch(id: &str, html: &str) {
    let Some(part) = document().get_element_by_id(id) else {
        return;
    };
    let Some(drawn) = parse(&part, html) else {
        return;
    };
    show_what_changed_under_the_hand(&drawn);
    if with_held(|_| ()).is_some() {
        // The next event, or the end of the drag, draws it.
        return;
    }
    let ticked = ticked_rows(&part);
    let old = all_in(&part, "[data-key]");
    let new = all_in(&drawn, "[data-key]");
    if !old.is_empty() && keys(&old) == keys(&new) {
        for (old, new) in old.iter().zip(&new) {
            if old.outer_html() != new.outer_html() {
                let _ = old.replace_with_with_node_1(new);
            }
        }
    } else {
        part.set_inner_html(html);
    }
    tick_again(&part, &ticked);
    count_selected();
    let wanted = FOCUS.with(|focus| focus.borrow().clone());
    if let Some(selector) = wanted
        && let Ok(Some(found)) = part.query_selector(&selector)
        && let Ok(found) = found.dyn_into::<HtmlElement>()
    {
        let _ = found.focus();
        FOCUS.with(|focus| focus.borrow_mut().take());
    }
}

/// The new drawing in an element of the same kind, outside of the document.
fn parse(part: &Element, html: &str) -> Option<Element> {
    let template: HtmlTemplateElement = document()
        .create_element("template")
        .ok()?
        .dyn_into()
        .ok()?;
    let holder = document().create_element(&part.tag_name()).ok()?;
    holder.set_inner_html(html);
    let _ = template.content().append_child(&holder);
    Some(holder)
}

/// Somebody else moved what is held: the row says so, and the drag ends.
fn show_what_changed_under_the_hand(drawn: &Element) {
    let changed = with_held(|held| {
        let (id, expected) = held.player()?;
        let selector = ["[data-player=\"", id, "\"]"].concat();
        let found = drawn.query_selector(&selector).ok()??;
        let now = found.get_attribute("data-expected").unwrap_or_default();
        (now != expected).then(|| held.row().clone())
    })
    .flatten();
    if let Some(row) = changed {
        super::cancel();
        note_change(&row);
    }
}

fn note_change(row: &Element) {
    let _ = row.set_attribute("data-state", "changed");
    if let Ok(note) = document().create_element("p") {
        note.set_class_name("roster-row__note");
        note.set_text_content(Some("Somebody else moved this person meanwhile."));
        let _ = row.append_child(&note);
    }
    say("Somebody else moved this person meanwhile.");
}

/// The values of ticked rows by player.
fn ticked_rows(part: &Element) -> HashMap<String, String> {
    all_in(part, "input[name=\"players[]\"]")
        .into_iter()
        .filter_map(|input| input.dyn_into::<HtmlInputElement>().ok())
        .filter(HtmlInputElement::checked)
        .map(|input| {
            let value = input.value();
            (
                value.split('.').next().unwrap_or_default().to_owned(),
                value,
            )
        })
        .collect()
}

/// Ticks stay where nothing changed; where somebody else was faster the row says so.
fn tick_again(part: &Element, ticked: &HashMap<String, String>) {
    if ticked.is_empty() {
        return;
    }
    for input in all_in(part, "input[name=\"players[]\"]") {
        let Ok(input) = input.dyn_into::<HtmlInputElement>() else {
            continue;
        };
        let value = input.value();
        match ticked.get(value.split('.').next().unwrap_or_default()) {
            Some(before) if *before == value => input.set_checked(true),
            Some(_) if !input.checked() => {
                if let Ok(Some(row)) = input.closest(".roster-row") {
                    note_change(&row);
                }
            }
            _ => {}
        }
    }
}

/// Says how many rows are ticked.
pub(in super::super) fn count_selected() {
    let Some(output) = document().get_element_by_id("roster-selected") else {
        return;
    };
    let count = document()
        .query_selector_all("input[name=\"players[]\"]:checked")
        .map_or(0, |found| found.length());
    let text = match count {
        0 => "Nobody selected".to_owned(),
        1 => "1 person selected".to_owned(),
        many => [&many.to_string(), " people selected"].concat(),
    };
    output.set_text_content(Some(&text));
    if let Some(bar) = document().get_element_by_id("roster-bar") {
        let _ = bar.set_attribute("data-state", if count == 0 { "empty" } else { "some" });
    }
}

/// The form was reset: the browser unticks after this event.
pub(in super::super) fn clear_selected() {
    leptos::prelude::request_animation_frame(count_selected);
}

/// Hides rows without this text, and groups without any row left. Without JavaScript the same
/// field asks the server.
pub(in super::super) fn filter_rows(text: &str) {
    let Some(part) = document().get_element_by_id("roster-drawing") else {
        return;
    };
    let wanted = text.trim().to_lowercase();
    let has = |element: &Element| {
        wanted.is_empty()
            || element
                .text_content()
                .unwrap_or_default()
                .to_lowercase()
                .contains(&wanted)
    };
    for unit in all_in(&part, ".roster-card, .tree__item, .org-chart__box") {
        let head = unit.query_selector(".roster-card__head, .tree__row, .org-chart__head");
        let by_name = head.ok().flatten().is_some_and(|head| has(&head));
        for row in all_in(&unit, ":scope .roster-row, :scope .org-chart__people > li") {
            set_hidden(&row, !by_name && !has(&row));
        }
        set_hidden(&unit, !has(&unit));
    }
    for row in all_in(&part, "tbody > tr") {
        set_hidden(&row, !has(&row));
    }
}

fn set_hidden(element: &Element, hidden: bool) {
    let _ = if hidden {
        element.set_attribute("hidden", "")
    } else {
        element.remove_attribute("hidden")
    };
}
