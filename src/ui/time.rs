//! Times on the screen. The server writes UTC; after hydration the browser puts its own zone into
//! all of them in one pass (`browser`), so that no row needs an effect and hydration never sees a
//! difference.

use crate::domain::time::{Instant, clock, day, minute, rfc3339};
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
    let (kind, text) = if day_only {
        ("day", day(at))
    } else {
        ("minute", minute(at))
    };
    view! { <time datetime=rfc3339(at) data-local=kind>{text}</time> }
}

/// The time of day of an instant in a list by days; on touching it says the whole.
#[must_use]
pub fn clock_time(at: Instant, class: &'static str) -> AnyView {
    view! {
        <time class=class datetime=rfc3339(at) title=minute(at) data-local="clock">{clock(at)}</time>
    }
    .into_any()
}
