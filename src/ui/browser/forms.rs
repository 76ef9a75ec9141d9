//! Errors of a form that was sent by fetch, put into the same places where `form` draws them on the
//! server.

use crate::{
    domain::{AppError, FieldProblem},
    ui::words,
};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement};

/// Takes the errors of an earlier attempt away.
pub(super) fn clear(form: &HtmlFormElement) {
    for_all(form, ".form__summary, .field__error", |old| old.remove());
    for_all(form, "[data-state=error]", |field| {
        let _ = field.remove_attribute("data-state");
    });
    for_all(form, "[aria-invalid]", |control| {
        let _ = control.remove_attribute("aria-invalid");
    });
}

/// Shows an error: a summary in front, each field's problem at the field, and the focus there.
pub(super) fn show(form: &HtmlFormElement, error: &AppError) {
    clear(form);
    let summary = element("div", "form__summary");
    let _ = summary.set_attribute("role", "alert");
    let title = element("p", "");
    title.set_text_content(Some(&words::error(error)));
    let _ = summary.append_child(&title);
    if let AppError::Invalid(errors) = error {
        let list = element("ul", "");
        for (name, problem) in &errors.0 {
            let _ = list.append_child(&show_at_field(form, name, problem));
        }
        let _ = summary.append_child(&list);
    }
    let _ = form.insert_before(&summary, form.first_child().as_ref());
    let wrong = form.query_selector("[aria-invalid=true]").ok().flatten();
    match wrong.and_then(|wrong| wrong.dyn_into::<HtmlElement>().ok()) {
        Some(wrong) => {
            let _ = wrong.focus();
        }
        None => summary.scroll_into_view(),
    }
}

/// Marks the field and answers its line of the summary.
fn show_at_field(form: &HtmlFormElement, name: &str, problem: &FieldProblem) -> Element {
    let line = element("li", "");
    let text = words::problem(problem);
    let selector = ["[name=\"", name, "\"]:not([type=hidden])"].concat();
    let Some(control) = form.query_selector(&selector).ok().flatten() else {
        line.set_text_content(Some(&text));
        return line;
    };
    let _ = control.set_attribute("aria-invalid", "true");
    let id = [&control.id(), "-error"].concat();
    let mut label = String::new();
    if let Some(field) = control.closest(".field").ok().flatten() {
        let _ = field.set_attribute("data-state", "error");
        let note = element("p", "field__error");
        note.set_id(&id);
        note.set_text_content(Some(&text));
        let _ = field.append_child(&note);
        if let Some(found) = field.query_selector(".field__label").ok().flatten() {
            label = found
                .text_content()
                .unwrap_or_default()
                .replace("(optional)", "");
        }
    }
    let hint = [&control.id(), "-hint"].concat();
    let described = if document().get_element_by_id(&hint).is_some() {
        [hint.as_str(), id.as_str()].join(" ")
    } else {
        id
    };
    let _ = control.set_attribute("aria-describedby", &described);
    let link = element("a", "");
    let _ = link.set_attribute("href", &["#", &control.id()].concat());
    let _ = link.set_attribute("rel", "external");
    link.set_text_content(Some(&[label.trim(), ": ", &text].concat()));
    let _ = line.append_child(&link);
    line
}

#[expect(clippy::expect_used, reason = "browsers make elements of known names")]
fn element(name: &str, class: &str) -> Element {
    let element = document().create_element(name).expect("an element");
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element
}

fn for_all(form: &HtmlFormElement, selector: &str, what: impl Fn(&Element)) {
    let Ok(found) = form.query_selector_all(selector) else {
        return;
    };
    for index in 0..found.length() {
        if let Some(element) = found.get(index).and_then(|node| node.dyn_into().ok()) {
            what(&element);
        }
    }
}
