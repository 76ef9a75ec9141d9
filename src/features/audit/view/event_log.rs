//! Events in sections by day, newest first, each with its undo where that is possible (§20).

use crate::{
    domain::{
        event::{EventKind, EventLine},
        time,
        viewer::Viewer,
    },
    features::audit::{api::UndoEvent, model::UNDO_DAYS},
    ui::{Icon, time::clock_time, use_viewer},
};
use chrono::Duration;
use leptos::{prelude::*, server_fn::ServerFn};

/// The events in sections by day. Days are those of UTC.
#[must_use]
pub fn event_log(events: Vec<EventLine>) -> AnyView {
    let viewer = use_viewer();
    let mut days: Vec<(String, Vec<AnyView>)> = Vec::new();
    for event in events {
        let day = day_name(&viewer, &event);
        let row = row(&viewer, event);
        match days.last_mut() {
            Some((last, rows)) if *last == day => rows.push(row),
            _ => days.push((day, vec![row])),
        }
    }
    days.into_iter()
        .map(|(day, rows)| section(day, rows))
        .collect::<Vec<_>>()
        .into_any()
}

fn section(day: String, rows: Vec<AnyView>) -> AnyView {
    view! {
        <section class="event-day">
            <h2>{day}</h2>
            <ol class="event-log">{rows}</ol>
        </section>
    }
    .into_any()
}

fn day_name(viewer: &Viewer, event: &EventLine) -> String {
    let day = time::day(event.at);
    let ago = viewer.now.date_naive() - event.at.date_naive();
    match ago.num_days() {
        0 => ["Today, ", &day].concat(),
        1 => ["Yesterday, ", &day].concat(),
        _ => day,
    }
}

fn row(viewer: &Viewer, event: EventLine) -> AnyView {
    let undone = event.undone_by.is_some();
    let sentence = event.sentence();
    let end = last_cell(viewer, &event, &sentence);
    let mut note = ["by ", &event.actor].concat();
    if let Some(reason) = &event.data.reason {
        note.push_str(". Reason: ");
        note.push_str(reason);
    }
    let text: Vec<AnyView> = pieces(sentence, links(&event))
        .into_iter()
        .map(piece)
        .collect();
    view! {
        <li class="event" data-state=undone.then_some("undone")>
            {clock_time(event.at, "event__time")}
            <p class="event__text">{text}" "<span class="event__note">{note}</span></p>
            {end}
        </li>
    }
    .into_any()
}

/// The undo, or why there is none.
fn last_cell(viewer: &Viewer, event: &EventLine, sentence: &str) -> AnyView {
    if event.undone_by.is_some() {
        return view! { <span class="pill" data-kind="none">"Undone"</span> }.into_any();
    }
    if event.can_undo {
        let label = ["Undo: ", sentence].concat();
        return view! {
            <form method="post" action=UndoEvent::PATH data-command="">
                <input type="hidden" name="seq" value=event.seq.to_string()/>
                <button class="button" data-kind="quiet" data-size="small" aria-label=label>
                    <Icon name="undo"/>
                    "Undo"
                </button>
            </form>
        }
        .into_any();
    }
    let old = viewer.now - event.at >= Duration::days(UNDO_DAYS);
    if old && viewer.can.edit_roster && is_undoable(event.kind) {
        return view! { <span class="reason">"Too old to undo"</span> }.into_any();
    }
    view! { <span></span> }.into_any()
}

/// Can events of this kind be taken back at all?
fn is_undoable(kind: EventKind) -> bool {
    let areas = ["group.", "role.", "position.", "member.", "rank."];
    let people = [
        EventKind::PlayerRenamed,
        EventKind::Promoted,
        EventKind::Demoted,
        EventKind::RankChanged,
        EventKind::Kicked,
        EventKind::BulkApplied,
    ];
    people.contains(&kind)
        || (!matches!(kind, EventKind::GroupRevived | EventKind::MemberLeft)
            && areas.iter().any(|area| kind.as_str().starts_with(area)))
}

/// Names in the sentence that lead somewhere, with where.
fn links(event: &EventLine) -> Vec<(String, String)> {
    let player = event.player_id.zip(event.data.player.clone());
    let group = event.group_id.zip(event.data.group.clone());
    let player = player.map(|(id, name)| (name, format!("/players/{id}")));
    // A retired group has no page.
    let group = group
        .filter(|_| event.kind != EventKind::GroupRetired)
        .map(|(id, name)| (name, format!("/groups/{id}")));
    player
        .into_iter()
        .chain(group)
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// A piece of a sentence, with where it leads if it does.
type Piece = (String, Option<String>);

fn piece((text, href): Piece) -> AnyView {
    match href {
        Some(href) => view! { <a href=href>{text}</a> }.into_any(),
        None => text.into_any(),
    }
}

/// Cuts the sentence at the first place of each name. Longer names go first, because one may be
/// part of another.
fn pieces(sentence: String, mut links: Vec<(String, String)>) -> Vec<Piece> {
    links.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut pieces: Vec<Piece> = vec![(sentence, None)];
    for (name, href) in links {
        let found = pieces
            .iter()
            .enumerate()
            .find_map(|(index, (text, linked))| {
                let at = if linked.is_none() {
                    text.find(&name)
                } else {
                    None
                };
                at.map(|at| (index, at))
            });
        let Some((index, at)) = found else { continue };
        let text = &pieces[index].0;
        let before = (text[..at].to_owned(), None);
        let after = (text[at + name.len()..].to_owned(), None);
        pieces.splice(index..=index, [before, (name, Some(href)), after]);
    }
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(sentence: &str, links: &[(&str, &str)]) -> String {
        let links = links
            .iter()
            .map(|(n, h)| ((*n).to_owned(), (*h).to_owned()))
            .collect();
        let show = |(text, href): Piece| match href {
            Some(href) => format!("[{text}|{href}]"),
            None => text,
        };
        pieces(sentence.to_owned(), links)
            .into_iter()
            .map(show)
            .collect()
    }

    #[test]
    fn names_in_a_sentence_become_links() {
        assert_eq!(
            cut(
                "Moved Al from Bo to Alpha as Member",
                &[("Al", "p"), ("Alpha", "g")]
            ),
            "Moved [Al|p] from Bo to [Alpha|g] as Member"
        );
        assert_eq!(cut("Created Alpha", &[("Nobody", "p")]), "Created Alpha");
        assert_eq!(cut("Al", &[("Al", "p")]), "[Al|p]");
    }

    #[test]
    fn only_what_commands_can_take_back_is_called_too_old() {
        assert!(is_undoable(EventKind::MemberTransferred) && is_undoable(EventKind::GroupMoved));
        assert!(!is_undoable(EventKind::PlayerCreated) && !is_undoable(EventKind::GroupRevived));
    }
}
