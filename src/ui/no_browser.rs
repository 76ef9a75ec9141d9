//! Stands for `browser` where there is none: on the server nothing of it happens.

use super::{context::Refresh, form::FormState, toast::Toasts};
use leptos::{ev::SubmitEvent, prelude::RwSignal};

pub(super) fn start(_: Toasts, _: Refresh) {}

/// Sends a command with these fields.
pub fn send_command(_: &str, _: &[(&str, &str)]) {}

pub(super) fn follow_live(_: i64, _: Refresh, _: RwSignal<&'static str>) {}

pub(super) fn stop_live() {}

pub(super) fn arrive() {}

pub(super) fn submit(_: &SubmitEvent, _: FormState) {}

pub(super) fn copy(_: &str) {}
