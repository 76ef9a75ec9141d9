//! Times on the screen. The server writes UTC; after hydration the browser puts its own zone into
//! all of them in one pass (`browser`), so that no row needs an effect and hydration never sees a
//! difference.

use crate::domain::time::{Instant, day, minute, rfc3339};
use leptos::prelude::*;

/// An instant to the minute, in the viewer's zone as soon as the browser can say it.
#[component]
pub fn LocalTime(
    /// The instant.
    at: Instant,
    /// Only the day.
    #[prop(optional)]
    day_only: bool,
) -> impl IntoView {
    let (kind, text) = if day_only { ("day", day(at)) } else { ("minute", minute(at)) };
    view! { <time datetime=rfc3339(at) data-local=kind>{text}</time> }
}
