//! Stands for `browser` where there is none: on the server nothing of it happens.

use super::{context::Refresh, toast::Toasts};
use leptos::prelude::RwSignal;

pub(super) fn start(_: Toasts, _: Refresh) {}

pub(super) fn arrive() {}

pub(super) fn follow_live(_: i64, _: Refresh, _: RwSignal<&'static str>) {}

/// The title that a drawn page brought along; only a browser is given pages.
#[must_use]
pub fn drawn_title() -> String {
    String::new()
}

/// Sends a command with these fields.
pub fn send_command(_: &str, _: &[(&str, &str)]) {}
