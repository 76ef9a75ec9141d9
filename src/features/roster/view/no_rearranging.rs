//! Stands for `rearranging` where there is no browser: on the server nothing of it happens.

use leptos::ev::{KeyboardEvent, PointerEvent};

pub(super) fn pointer_down(_: &PointerEvent) {}

pub(super) fn pointer_move(_: &PointerEvent) {}

pub(super) fn pointer_up(_: &PointerEvent) {}

pub(super) fn cancel() {}

pub(super) fn key_down(_: &KeyboardEvent) {}

pub(super) fn patch(_: &str, _: &str) {}

pub(super) fn filter_rows(_: &str) {}

pub(super) fn count_selected() {}

pub(super) fn clear_selected() {}
