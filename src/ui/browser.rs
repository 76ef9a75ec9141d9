//! What only a browser can do for the view kit: send forms by fetch, follow outcomes, show times in
//! the viewer's zone.
//!
//! Everything here improves a page that works without it. One listener on the document serves all
//! forms, one observer all `time[data-local]`, one connection all pages marked `data-live`.
//! `forms` shows errors in forms, `dragging` drags things to places, `pages` fetches drawn pages,
//! `live` follows what others do, `keys` are the shortcuts and the command palette.

mod dragging;
mod forms;
mod keys;
mod live;
mod pages;

pub(super) use live::follow_live;
pub use pages::drawn_title;
pub(super) use pages::{exchange, fetch_page};

use super::{context::Refresh, toast::Toasts};
use crate::domain::{AppError, event::Answer};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{cell::RefCell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, FormData, Headers, HtmlFormElement, MutationObserver, MutationObserverInit, Node,
    RequestInit, Response, UrlSearchParams,
};

/// What outcomes need; there is one page, so one of it.
#[derive(Clone)]
struct Page {
    toasts: Toasts,
    refresh: Refresh,
    navigate: Rc<dyn Fn(&str)>,
}

/// How long a message about a success stays; one about a problem stays until it is dismissed.
const TOAST_TIME: Duration = Duration::from_secs(15);

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

fn page() -> Option<Page> {
    PAGE.with(|page| page.borrow().clone())
}

/// Begins to enhance the page. Called once, after hydration.
pub(super) fn start(toasts: Toasts, refresh: Refresh) {
    let go = use_navigate();
    let navigate = Rc::new(move |path: &str| go(path, NavigateOptions::default()));
    let first = PAGE
        .with(|page| {
            page.borrow_mut().replace(Page {
                toasts,
                refresh,
                navigate,
            })
        })
        .is_none();
    if first {
        listen_to_forms();
        pages::listen_to_copying();
        pages::look_at_first_page();
        keys::listen();
        dragging::listen();
        watch_times();
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    }
}

/// The viewer went to another page: open menus close.
pub(super) fn arrive() {
    let Ok(menus) = document().query_selector_all("details.menu[open]") else {
        return;
    };
    for index in 0..menus.length() {
        if let Some(menu) = menus
            .get(index)
            .and_then(|node| node.dyn_into::<Element>().ok())
        {
            let _ = menu.remove_attribute("open");
        }
    }
}

// --- forms ---------------------------------------------------------------------------------------

fn form_of(event: &web_sys::Event) -> Option<HtmlFormElement> {
    event.target()?.dyn_into().ok()
}

/// The fields as the browser would send them, the pressed button included.
fn body_of(form: &HtmlFormElement, event: &SubmitEvent) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    if let Some(button) = event.submitter()
        && let Some(name) = button.get_attribute("name")
    {
        let value = button.get_attribute("value").unwrap_or_default();
        data.append_with_str(&name, &value).ok()?;
    }
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()
}

/// The text at an address of this host, and the address it came from in the end.
async fn text_of(address: &str) -> Result<(String, String), AppError> {
    let lost = |_: JsValue| AppError::Transport;
    let headers = Headers::new().map_err(lost)?;
    headers.set("accept", "text/html").map_err(lost)?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    let sent = window().fetch_with_str_and_init(address, &init);
    let response: Response = JsFuture::from(sent).await.map_err(lost)?.unchecked_into();
    let text = JsFuture::from(response.text().map_err(lost)?)
        .await
        .map_err(lost)?;
    Ok((text.as_string().unwrap_or_default(), response.url()))
}

/// Leaves this page for another address.
pub(super) fn follow_address(address: &str) {
    let _ = window().location().assign(address);
}

async fn send(endpoint: String, body: UrlSearchParams) -> Result<Answer, AppError> {
    let lost = |_: JsValue| AppError::Transport;
    let headers = Headers::new().map_err(lost)?;
    headers.set("accept", "application/json").map_err(lost)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body);
    let sent = window().fetch_with_str_and_init(&endpoint, &init);
    let response: Response = JsFuture::from(sent).await.map_err(lost)?.unchecked_into();
    let text = JsFuture::from(response.text().map_err(lost)?)
        .await
        .map_err(lost)?;
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        serde_json::from_str(&text).map_err(|_| AppError::Transport)
    } else {
        Err(serde_json::from_str(&text).unwrap_or(AppError::Transport))
    }
}

/// One listener sends all forms of the page: those with fields (`data-form`) show their errors at
/// the fields, those of one button (`data-command`) in a toast.
fn listen_to_forms() {
    let listener = Closure::<dyn Fn(SubmitEvent)>::new(|event: SubmitEvent| {
        let Some(form) = form_of(&event) else { return };
        let has_fields = form.has_attribute("data-form");
        if event.default_prevented() || !(has_fields || form.has_attribute("data-command")) {
            return;
        }
        // A button that asks another page sends no command.
        let button = event.submitter();
        if button.is_some_and(|button| button.has_attribute("formaction")) {
            return;
        }
        let Some(body) = body_of(&form, &event) else {
            return;
        };
        event.prevent_default();
        if form.has_attribute("aria-busy") {
            return;
        }
        let _ = form.set_attribute("aria-busy", "true");
        let goto = body.get("goto");
        spawn_local(async move {
            let result = send(form.get_attribute("action").unwrap_or_default(), body).await;
            let _ = form.remove_attribute("aria-busy");
            match result {
                Ok(outcome) => {
                    forms::clear(&form);
                    form.reset();
                    follow(outcome, goto);
                }
                Err(AppError::SignInRequired) if !on_sign_in_page() => sign_in(),
                Err(error) if has_fields => forms::show(&form, &error),
                Err(error) => refused(&error),
            }
        });
    });
    let _ =
        document().add_event_listener_with_callback("submit", listener.as_ref().unchecked_ref());
    listener.forget();
}

fn on_sign_in_page() -> bool {
    window()
        .location()
        .pathname()
        .is_ok_and(|path| path == "/sign-in")
}

/// Sends a command with these fields; what comes of it is a toast and a fresh picture.
pub fn send_command(endpoint: &str, fields: &[(&str, &str)]) {
    let Ok(body) = UrlSearchParams::new() else {
        return;
    };
    for (name, value) in fields {
        body.append(name, value);
    }
    let endpoint = endpoint.to_owned();
    spawn_local(async move {
        match send(endpoint, body).await {
            Ok(outcome) => follow(outcome, None),
            Err(AppError::SignInRequired) => sign_in(),
            Err(error) => refused(&error),
        }
    });
}

/// Says why a command of one button was refused. What it was offered for is probably out of date.
fn refused(error: &AppError) {
    if let Some(page) = page() {
        page.toasts.problem(error);
        page.refresh.now();
    }
}

fn sign_in() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let _ = location.assign(&["/sign-in?return=", &path].concat());
}

/// Does what an outcome says; where it names no page, the form's own field `goto` may.
fn follow(outcome: Answer, goto: Option<String>) {
    let location = window().location();
    let Some(page) = page() else { return };
    let goto = outcome.goto.or(goto);
    let stays = goto.is_none();
    match (goto, outcome.leave) {
        (Some(address), true) => {
            let _ = location.assign(&address);
            return;
        }
        (None, true) => {
            let _ = location.reload();
            return;
        }
        (Some(path), false) => {
            let here = location.pathname().unwrap_or_default();
            let query = location.search().unwrap_or_default();
            if path != [here.as_str(), query.as_str()].concat() {
                (page.navigate)(&path);
            }
            if path.split('?').next() == Some(here.as_str()) {
                page.refresh.now();
            }
        }
        (None, false) => page.refresh.now(),
    }
    let toasts = page.toasts;
    let shown = match outcome.event {
        Some(event) => toasts.event(&event),
        None if stays => toasts.say("Done.".to_owned()),
        None => return,
    };
    // The event log keeps what happened, and its undo.
    set_timeout(move || toasts.dismiss(shown), TOAST_TIME);
}

// --- times ---------------------------------------------------------------------------------------

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Puts every time on the page into the viewer's zone, now and whenever the page changes.
fn watch_times() {
    localise_times();
    let changed = Closure::<dyn Fn()>::new(localise_times);
    if let Ok(observer) = MutationObserver::new(changed.as_ref().unchecked_ref())
        && let Some(body) = document().body()
    {
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_subtree(true);
        let _ = observer.observe_with_options(&body, &what);
    }
    changed.forget();
}

fn localise_times() {
    let Ok(times) = document().query_selector_all("time[data-local]") else {
        return;
    };
    for index in 0..times.length() {
        if let Some(time) = times
            .get(index)
            .and_then(|node| node.dyn_into::<Element>().ok())
        {
            localise(&time);
        }
    }
}

/// Only the text node's value is changed: the node itself belongs to the page.
fn localise(time: &Element) {
    let Some(instant) = time.get_attribute("datetime") else {
        return;
    };
    let Some(text) = time.first_child() else {
        return;
    };
    let date = js_sys::Date::new(&JsValue::from_str(&instant));
    let local = match time.get_attribute("data-local").as_deref() {
        Some("minute") => [&day_of(&date), ", ", &clock_of(&date)].concat(),
        Some("span") => span(&date, &time.get_attribute("data-until").unwrap_or_default()),
        // In a list by days in UTC: the day only where it is another one here.
        Some("clock") if date.get_date() != date.get_utc_date() => {
            [&day_month_of(&date), " ", &clock_of(&date)].concat()
        }
        Some("clock") => clock_of(&date),
        _ => day_of(&date),
    };
    if Node::node_value(&text).as_deref() != Some(local.as_str()) {
        text.set_node_value(Some(&local));
    }
}

fn clock_of(date: &js_sys::Date) -> String {
    let (hours, minutes) = (date.get_hours(), date.get_minutes());
    [&two_digits(hours), ":", &two_digits(minutes)].concat()
}

fn day_month_of(date: &js_sys::Date) -> String {
    let month = MONTHS.get(date.get_month() as usize);
    [&date.get_date().to_string(), " ", month.unwrap_or(&"")].concat()
}

fn day_of(date: &js_sys::Date) -> String {
    [&day_month_of(date), " ", &date.get_full_year().to_string()].concat()
}

/// From one instant to another: `Fri 6 Mar 2026, 20:00–22:00`.
fn span(from: &js_sys::Date, until: &str) -> String {
    let until = js_sys::Date::new(&JsValue::from_str(until));
    let start = |date: &js_sys::Date| {
        let weekday = WEEKDAYS.get(date.get_day() as usize).unwrap_or(&"");
        [weekday, " ", &day_of(date), ", ", &clock_of(date)].concat()
    };
    let end = match day_of(from) == day_of(&until) {
        true => clock_of(&until),
        false => start(&until),
    };
    [&start(from), "–", &end].concat()
}

// --- copying -------------------------------------------------------------------------------------

/// Puts a text on the clipboard, where the browser has one (only on secure hosts).
fn copy(text: &str) {
    let property = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &JsValue::from_str(name));
    let Ok(clipboard) = property(&window().navigator(), "clipboard") else {
        return;
    };
    let write = property(&clipboard, "writeText")
        .ok()
        .and_then(|f| f.dyn_into().ok());
    if let Some(write) = write {
        let write: js_sys::Function = write;
        let _ = write.call1(&clipboard, &JsValue::from_str(text));
    }
}

fn two_digits(number: u32) -> String {
    let mut text = number.to_string();
    if number < 10 {
        text.insert(0, '0');
    }
    text
}
