//! What is held while it is dragged, where it may go, and the command that a drop sends.

use crate::{
    features::roster::api::{MoveGroup, PlacePlayer, PostMember, RemoveMember},
    ui,
};
use leptos::{prelude::document, server_fn::ServerFn};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// Takes hold of something; what was held before is let go.
pub(super) fn hold(held: Held) {
    release();
    held.begin();
    HELD.with(|slot| *slot.borrow_mut() = Some(held));
}

/// Lets go and tidies up the marks of dragging.
pub(super) fn release() -> Option<Held> {
    let held = HELD.with(|slot| slot.borrow_mut().take())?;
    held.end();
    Some(held)
}

/// Does something with what is held, if anything is.
pub(super) fn with_held<T>(what: impl FnOnce(&mut Held) -> T) -> Option<T> {
    HELD.with(|slot| slot.borrow_mut().as_mut().map(what))
}

/// Something held.
pub(super) struct Held {
    row: Element,
    name: String,
    thing: Thing,
    ghost: Option<HtmlElement>,
    by_key: bool,
    over: Option<Place>,
    pointer: (i32, i32),
}

enum Thing {
    Player {
        id: String,
        expected: String,
        from: String,
        membership: String,
    },
    Group {
        id: String,
        version: String,
    },
}

/// Where it would be dropped.
struct Place {
    element: Element,
    edge: Edge,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Inside,
    Before,
    After,
}

fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

fn all(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// The text of the status line that screen readers follow.
pub(super) fn say(text: &str) {
    if let Some(line) = document().get_element_by_id("roster-say") {
        line.set_text_content(Some(text));
    }
}

impl Held {
    /// What a handle belongs to.
    pub(super) fn from_handle(handle: &HtmlElement) -> Option<Self> {
        let row = handle.closest("[data-player], [data-moves]").ok()??;
        let thing = if row.has_attribute("data-player") {
            Thing::Player {
                id: attribute(&row, "data-player"),
                expected: attribute(&row, "data-expected"),
                from: attribute(&row, "data-in"),
                membership: attribute(&row, "data-membership"),
            }
        } else {
            Thing::Group {
                id: attribute(&row, "data-moves"),
                version: attribute(&row, "data-version"),
            }
        };
        let name = attribute(&row, "data-name");
        Some(Self {
            row,
            name,
            thing,
            ghost: None,
            by_key: false,
            over: None,
            pointer: (0, 0),
        })
    }

    /// With a picture that follows the pointer.
    pub(super) fn with_ghost(mut self) -> Self {
        let ghost = document().create_element("div").ok();
        self.ghost = ghost.and_then(|ghost| ghost.dyn_into::<HtmlElement>().ok());
        if let Some(ghost) = &self.ghost {
            ghost.set_class_name("drag-ghost");
            let _ = ghost.set_attribute("aria-hidden", "true");
            ghost.set_text_content(Some(&self.name));
            if let Some(body) = document().body() {
                let _ = body.append_child(ghost);
            }
        }
        self
    }

    /// Lifted by the keyboard.
    pub(super) fn by_key(mut self) -> Self {
        self.by_key = true;
        say(&[
            "Lifted ",
            &self.name,
            ". Arrow keys choose a group, Enter drops, Escape cancels.",
        ]
        .concat());
        self
    }

    pub(super) fn is_lifted_by_key(&self) -> bool {
        self.by_key
    }

    /// The id of the player that is held.
    pub(super) fn player(&self) -> Option<(&str, &str)> {
        match &self.thing {
            Thing::Player { id, expected, .. } => Some((id, expected)),
            Thing::Group { .. } => None,
        }
    }

    /// The row it was taken from.
    pub(super) fn row(&self) -> &Element {
        &self.row
    }

    pub(super) fn say(&self, text: &str) {
        say(&[&self.name, ": ", text].concat());
    }

    fn begin(&self) {
        let _ = self.row.set_attribute("data-state", "lifted");
        for place in self.places() {
            let _ = place.set_attribute("data-drop", "ok");
        }
    }

    fn end(&self) {
        if attribute(&self.row, "data-state") == "lifted" {
            let _ = self.row.remove_attribute("data-state");
        }
        for place in all("[data-drop]") {
            let _ = place.remove_attribute("data-drop");
        }
        for line in all(".drop-line") {
            line.remove();
        }
        if let Some(ghost) = &self.ghost {
            ghost.remove();
        }
    }

    /// Where it may go, in the order of the arrow keys.
    fn places(&self) -> Vec<Element> {
        match &self.thing {
            Thing::Player { from, expected, .. } => {
                let mut places =
                    all(".tree__row[data-group], .roster-card[data-group], [data-position]");
                places.retain(|place| {
                    place.has_attribute("data-position") || attribute(place, "data-group") != *from
                });
                if !expected.is_empty() {
                    places.extend(all("[data-unassign]"));
                }
                places
            }
            Thing::Group { .. } => {
                let item = self.row.closest(".tree__item").ok().flatten();
                let mut places = all(".tree__row[data-parent], .tree__row[data-moves]");
                // Nothing goes inside itself.
                places
                    .retain(|place| !item.as_ref().is_some_and(|item| item.contains(Some(place))));
                places
            }
        }
    }

    pub(super) fn move_ghost(&self, x: i32, y: i32) {
        if let Some(ghost) = &self.ghost {
            let style = ghost.style();
            let _ = style.set_property("--x", &x.to_string());
            let _ = style.set_property("--y", &y.to_string());
        }
    }

    /// The pointer is over this element.
    pub(super) fn point_at(&mut self, under: Option<&Element>, x: i32, y: i32) {
        self.pointer = (x, y);
        let place = under.and_then(|under| under.closest("[data-drop]").ok().flatten());
        let place = place.map(|element| {
            let edge = self.edge_at(&element, f64::from(y));
            Place { element, edge }
        });
        self.aim(place);
    }

    /// Where the pointer was last.
    pub(super) fn pointer(&self) -> (i32, i32) {
        self.pointer
    }

    /// Groups can also go between others: the upper and lower quarter of a row.
    fn edge_at(&self, element: &Element, y: f64) -> Edge {
        if matches!(self.thing, Thing::Player { .. }) {
            return Edge::Inside;
        }
        let bounds = element.get_bounding_client_rect();
        let part = (y - bounds.top()) / bounds.height().max(1.0);
        let beside = element.has_attribute("data-moves");
        let inside = element.has_attribute("data-parent");
        match part {
            part if beside && (part < 0.25 || !inside && part < 0.5) => Edge::Before,
            part if beside && (part > 0.75 || !inside) => Edge::After,
            _ => Edge::Inside,
        }
    }

    /// The next or previous place.
    pub(super) fn step(&mut self, by: i32) {
        let places: Vec<Element> = self
            .places()
            .into_iter()
            .filter(|place| !place.class_list().contains("roster-card"))
            .collect();
        if places.is_empty() {
            say("There is nowhere to move it.");
            return;
        }
        let at = self
            .over
            .as_ref()
            .and_then(|over| places.iter().position(|place| *place == over.element));
        let count = places.len() as i32;
        let next = match at {
            Some(at) => (at as i32 + by).rem_euclid(count),
            None if by > 0 => 0,
            None => count - 1,
        };
        let element = places[next as usize].clone();
        element.scroll_into_view();
        self.aim(Some(Place {
            element,
            edge: Edge::Inside,
        }));
        say(&["Over ", &self.place_name()].concat());
    }

    fn place_name(&self) -> String {
        let Some(place) = &self.over else {
            return "nothing".into();
        };
        if place.element.has_attribute("data-unassign") {
            return "Unassigned".into();
        }
        if place.element.has_attribute("data-position") {
            return place.element.text_content().unwrap_or_default();
        }
        attribute(&place.element, "data-name")
    }

    fn aim(&mut self, place: Option<Place>) {
        if let Some(before) = self.over.take() {
            let _ = before.element.set_attribute("data-drop", "ok");
        }
        for line in all(".drop-line") {
            line.remove();
        }
        if let Some(place) = &place {
            match place.edge {
                Edge::Inside => {
                    let _ = place.element.set_attribute("data-drop", "over");
                }
                edge => draw_line(&place.element, edge),
            }
        }
        self.over = place;
    }

    /// Sends the command of the drop.
    pub(super) fn drop_here(self) {
        let Some(place) = &self.over else {
            self.say("Not moved.");
            return;
        };
        match &self.thing {
            Thing::Player {
                id,
                expected,
                from,
                membership,
            } => {
                drop_player(&place.element, id, expected, from, membership);
                super::patching::focus_later(&["[data-player=\"", id, "\"] .drag-handle"].concat());
            }
            Thing::Group { id, version } => {
                drop_group(place, id, version);
                super::patching::focus_later(&["[data-moves=\"", id, "\"] .drag-handle"].concat());
            }
        }
    }
}

fn draw_line(row: &Element, edge: Edge) {
    let Ok(line) = document().create_element("li") else {
        return;
    };
    line.set_class_name("drop-line");
    let _ = line.set_attribute("aria-hidden", "true");
    if let Some(item) = row.closest(".tree__item").ok().flatten()
        && let Some(list) = item.parent_node()
    {
        let next = match edge {
            Edge::Before => Some(item.unchecked_into()),
            _ => item.next_sibling(),
        };
        let _ = list.insert_before(&line, next.as_ref());
    }
}

fn drop_player(place: &Element, id: &str, expected: &str, from: &str, membership: &str) {
    if place.has_attribute("data-unassign") {
        let fields = [
            ("membership_id", expected),
            ("reason", "Unassigned on the roster"),
        ];
        ui::send_command(RemoveMember::PATH, &fields);
        return;
    }
    let position = attribute(place, "data-position");
    let group = if position.is_empty() {
        attribute(place, "data-group")
    } else {
        let card = place.closest("[data-group]").ok().flatten();
        card.map(|card| attribute(&card, "data-group"))
            .unwrap_or_default()
    };
    if group == from {
        let fields = [
            ("membership_id", membership),
            ("position_id", position.as_str()),
        ];
        ui::send_command(PostMember::PATH, &fields);
        return;
    }
    let fields = [
        ("player_id", id),
        ("group_id", group.as_str()),
        ("position_id", position.as_str()),
        ("expected", expected),
    ];
    ui::send_command(PlacePlayer::PATH, &fields);
}

fn drop_group(place: &Place, id: &str, version: &str) {
    let own = |row: &Element| attribute(row, "data-id");
    let (parent, after) = match place.edge {
        Edge::Inside => (
            own(&place.element),
            last_below(&place.element).unwrap_or_default(),
        ),
        Edge::After => (attribute(&place.element, "data-up"), own(&place.element)),
        Edge::Before => (
            attribute(&place.element, "data-up"),
            sibling_before(&place.element).unwrap_or_default(),
        ),
    };
    let fields = [
        ("group_id", id),
        ("version", version),
        ("parent_id", parent.as_str()),
        ("after", after.as_str()),
    ];
    ui::send_command(MoveGroup::PATH, &fields);
}

fn sibling_before(row: &Element) -> Option<String> {
    let item = row.closest(".tree__item").ok()??;
    let mut before = item.previous_element_sibling();
    while let Some(found) = before {
        if found.class_list().contains("tree__item") {
            let row = found.query_selector(".tree__row").ok()??;
            return Some(attribute(&row, "data-id"));
        }
        before = found.previous_element_sibling();
    }
    None
}

fn last_below(row: &Element) -> Option<String> {
    let item = row.closest(".tree__item").ok()??;
    let children = item.query_selector(".tree__children").ok()??;
    let last = children.last_element_child()?;
    let row = last.query_selector(".tree__row").ok()??;
    Some(attribute(&row, "data-id"))
}
