//! What every view may ask for. Made once by the application, found by type.

use crate::domain::{
    AppError,
    time::Instant,
    viewer::{Can, Flash, Site, Viewer},
};
use leptos::prelude::*;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU16, Ordering},
};

use super::toast::Toasts;

/// Raised when something was changed here or by somebody else: what was read is to be read again.
#[derive(Clone, Copy, Debug)]
pub struct Refresh(RwSignal<u32>);

impl Refresh {
    /// Everything on the page reads again.
    pub fn now(self) {
        self.0.try_update(|count| *count += 1);
    }

    /// Follows the signal; use it in the source of a resource.
    #[must_use]
    pub fn follow(self) -> u32 {
        self.0.get()
    }
}

/// The result of the last form, as long as its page is on the screen.
#[derive(Clone, Copy, Debug)]
pub(super) struct FlashHere(StoredValue<bool>);

impl FlashHere {
    /// The viewer went to another page.
    pub(super) fn forget(self) {
        self.0.try_set_value(false);
    }
}

/// How the answer to a page request ends, when it is not 200. Provided by the server only.
#[derive(Clone, Debug, Default)]
pub struct PageStatus(Arc<AtomicU16>);

impl PageStatus {
    /// Sets the status of the page that is being made; in the browser nothing happens.
    pub fn set(status: u16) {
        if let Some(PageStatus(slot)) = use_context() {
            slot.store(status, Ordering::Relaxed);
        }
    }

    /// Sets the status that belongs to an error.
    pub fn set_error(error: &AppError) {
        Self::set(error.status());
    }

    /// The status that a view set, if any.
    #[must_use]
    pub fn get(&self) -> Option<u16> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            status => Some(status),
        }
    }
}

/// Provides the viewer and what hangs on it to the whole application.
pub fn provide(viewer: Viewer) {
    provide_context(Toasts::starting_with(viewer.flash.as_ref()));
    provide_context(Refresh(RwSignal::new(0)));
    provide_context(Connection(RwSignal::new("")));
    provide_context(FlashHere(StoredValue::new(true)));
    provide_context(Arc::new(viewer));
}

/// A viewer about whom nothing is known, at the apex.
#[must_use]
pub fn nobody() -> Viewer {
    Viewer {
        site: Site::Apex,
        apex_url: String::new(),
        user: None,
        player: None,
        seeing_as: false,
        founding_offered: false,
        can: Can::default(),
        waiting: None,
        unread: 0,
        flash: None,
        now: Instant::UNIX_EPOCH,
    }
}

/// Who looks at the page, and where.
#[must_use]
pub fn use_viewer() -> Arc<Viewer> {
    use_context().unwrap_or_else(|| Arc::new(nobody()))
}

/// A long kept HTML that is put into the page when its answer is sent, so that rendering does not
/// carry it through every copy it makes. Provided by the server only; see `app::splicing`.
#[derive(Clone, Debug, Default)]
pub struct Splice(Arc<Mutex<Option<Arc<str>>>>);

impl Splice {
    /// What stands in the page until then. Nothing that a person wrote can contain it, because `<`
    /// is always escaped.
    pub const MARK: &str = "<!--spliced-->";

    /// The HTML for the mark, once.
    #[must_use]
    pub fn take(&self) -> Option<Arc<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The HTML, or on the server the mark in its place.
#[must_use]
pub fn spliced(html: Arc<str>) -> Arc<str> {
    match use_context::<Splice>() {
        Some(Splice(slot)) => {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(html);
            Arc::from(Splice::MARK)
        }
        None => html,
    }
}

/// How the live connection is: empty while it holds, else `reconnecting`.
#[derive(Clone, Copy, Debug)]
struct Connection(RwSignal<&'static str>);

/// The state of the live connection; see [`super::live`].
#[must_use]
pub fn use_connection() -> RwSignal<&'static str> {
    use_context::<Connection>().map_or_else(|| RwSignal::new(""), |Connection(state)| state)
}

/// The signal that makes the page read again.
///
#[must_use]
pub fn use_refresh() -> Refresh {
    use_context().unwrap_or_else(|| Refresh(RwSignal::new(0)))
}

/// The result of the last plain form, if it was sent to this endpoint and its page is still shown.
#[must_use]
pub fn use_flash(endpoint: &str) -> Option<Flash> {
    let FlashHere(here) = use_context()?;
    if !here.get_value() {
        return None;
    }
    use_viewer()
        .flash
        .as_ref()
        .filter(|flash| flash.endpoint == endpoint)
        .cloned()
}
