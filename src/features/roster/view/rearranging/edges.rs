//! Scrolling while something is dragged: near the upper or lower edge of what scrolls, what lies
//! beyond comes into view. On a phone hardly any target is on the screen at first.

use leptos::prelude::{document, window};

/// How near to an edge, and how far at a time, in pixels.
const NEAR: f64 = 56.0;
const STEP: f64 = 12.0;
/// The bars of the frame, under which nothing can be dropped.
const BARS: f64 = 56.0;

/// Scrolls the list under the pointer, or else the page; false when neither is at an edge.
pub(super) fn scroll(x: i32, y: i32) -> bool {
    let under = document().element_from_point(x as f32, y as f32);
    let pane = under.and_then(|under| under.closest(".roster-edit__pane").ok().flatten());
    if let Some(list) = pane.and_then(|pane| pane.last_element_child()) {
        let bounds = list.get_bounding_client_rect();
        let before = list.scroll_top();
        list.scroll_by_with_x_and_y(0.0, pull(y, bounds.top(), bounds.bottom()));
        if list.scroll_top() != before {
            return true;
        }
    }
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64());
    let by = pull(y, BARS, height.unwrap_or_default() - BARS);
    window().scroll_by_with_x_and_y(0.0, by);
    by != 0.0
}

fn pull(y: i32, top: f64, bottom: f64) -> f64 {
    match f64::from(y) {
        y if y < top + NEAR => -STEP,
        y if y > bottom - NEAR => STEP,
        _ => 0.0,
    }
}
