//! Stands for `browser` where there is none: on the server nothing of it happens.

use super::{context::Refresh, form::FormState, toast::Toasts};
use leptos::ev::SubmitEvent;

pub(super) fn start(_: Toasts, _: Refresh) {}

pub(super) fn submit(_: &SubmitEvent, _: FormState) {}
