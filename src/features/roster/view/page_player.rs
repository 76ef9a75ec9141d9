//! The page of a person (§2.2, §4.6): where they are, since when, and where they were.

use super::parts::{
    Asked, Matter, Needs, Tab, acronym_in, button, chosen_tab, group_href, heads, history_table,
    live_page, locked, menu_item, panel, player_href, row_button, tabs,
};
use crate::{
    domain::{AppError, access::Missing, name::capitalised, time},
    features::{
        access::api::SeeAs,
        attendance::view::parts::person as attendance,
        audit::view::event_log,
        ranks::model::{HoldingLine, PlayerRank},
        roster::{
            api::InvitePlayer,
            model::is_gone,
            model::pages::{Assignment, PlayerPage},
        },
    },
    ui::{
        Avatar, Empty, Icon, Insignia, LocalTime, Page, RankInsignia, parts::CopyButton,
        use_viewer, words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

/// The page `/players/{id}`, with `invitation` in its address right after inviting.
#[component]
pub fn PlayerPageView() -> impl IntoView {
    live_page(Needs::player, show)
}

fn show(mut matter: Matter, _: &Asked) -> Result<AnyView, AppError> {
    let player = Arc::new(matter.player()?);
    let query = use_query_map();
    let shown = player.clone();
    let sections = move || section(&shown, query.with(|query| query.get("tab")));
    let invited = player.clone();
    let invitation = move || {
        let secret = query.with(|query| query.get("invitation"));
        secret.map(|secret| invitation(&invited, &secret))
    };
    let crumbs = vec![("/roster".to_owned(), "Roster".to_owned())];
    Ok(view! {
        <Page title=player.name.clone() crumbs=crumbs bare=true before=invitation.into_any()>
            {head(&player)}
            <div class="stack">{facts(&player)}<div>{sections}</div></div>
        </Page>
    }
    .into_any())
}

/// The link by which somebody claims this person; it can be seen only now.
fn invitation(player: &PlayerPage, secret: &str) -> AnyView {
    let viewer = use_viewer();
    let host = viewer.org().map(|org| org.url.as_str()).unwrap_or_default();
    let link = [host, "/claim/", secret].concat();
    view! {
        <section class="banner" data-kind="ok" aria-label="Invitation">
            <Icon name="key"/>
            <div class="banner__text field">
                <label class="banner__title" for="invitation-link">
                    "Link for "{player.name.clone()}
                </label>
                <p>
                    "Send it to the person behind this name. It works once, for 14 days, and is shown only now."
                </p>
                <input class="input" id="invitation-link" readonly=true value=link.clone()/>
            </div>
            <CopyButton text=link/>
        </section>
    }
    .into_any()
}

fn head(player: &PlayerPage) -> AnyView {
    let standing = match player.standing.as_str() {
        "active" | "" => ("ok", "Active".to_owned()),
        gone @ ("kicked" | "banned") => ("bad", capitalised(gone)),
        other => ("info", capitalised(other)),
    };
    let primary = player.assignments.first();
    let rank = player.rank.as_ref().and_then(|rank| rank.title.as_ref());
    let insignia = rank.map(|rank| {
        let symbol = rank.insignia.clone();
        view! { <RankInsignia symbol=symbol size="large"/> }
    });
    let rank = rank.map(|rank| view! { <span>{rank.name.clone()}</span> });
    let post = match primary {
        Some(assignment) => assignment_line(assignment),
        None if is_gone(&player.standing) => ().into_any(),
        None => view! { <span>"In no group"</span> }.into_any(),
    };
    let on_leave = player
        .on_leave
        .then(|| view! { <span class="pill" data-kind="info" data-look="solid">"On leave"</span> });
    view! {
        <header class="player-head">
            <Avatar name=player.name.clone() size="large"/>
            {insignia}
            <div class="player-head__text">
                <h1>{player.name.clone()}</h1>
                <p class="player-head__post">
                    {rank}
                    {post}
                    <span class="pill" data-kind=standing.0 data-look="solid">{standing.1}</span>
                    {on_leave}
                </p>
            </div>
            <div class="player-head__actions">{actions(player)}</div>
        </header>
    }
    .into_any()
}

fn assignment_line(assignment: &Assignment) -> AnyView {
    let group = &assignment.group;
    view! {
        <a class="player-head__group" href=group_href(group.id)>
            <Insignia acronym=acronym_in(group) name=group.name.clone() size="small"/>
            {group.name.clone()}
        </a>
        <span>{assignment.post.clone()}</span>
    }
    .into_any()
}

fn actions(player: &PlayerPage) -> AnyView {
    let base = player_href(player.id);
    let move_to = (!player.targets.is_empty() && !is_gone(&player.standing))
        .then(|| button([&base, "/move"].concat(), "move", "Move to…", "primary"));
    let move_to = move_to.or_else(|| {
        player
            .missing_move
            .map(|missing| locked("Move to…", missing))
    });
    let rename = player
        .can_edit
        .then(|| button([&base, "/edit"].concat(), "edit", "Rename", ""));
    let invite = (player.can_edit && !player.claimed && !is_gone(&player.standing)).then(|| {
        view! {
            <form method="post" action=InvitePlayer::PATH data-command="">
                <input type="hidden" name="player_id" value=player.id.to_string()/>
                <button class="button"><Icon name="key"/>"Invite"</button>
            </form>
        }
    });
    view! { {move_to}{rename}{invite}{more(player)} }.into_any()
}

/// What the person may do, and looking at the organisation through their eyes (§3.6).
fn more(player: &PlayerPage) -> Option<AnyView> {
    let access = player.can_read_access.then(|| {
        menu_item(
            [&player_href(player.id), "/access"].concat(),
            "key",
            "What they may do",
        )
    });
    let see_as = player.can_see_as.then(|| {
        let label = ["See as ", &player.name].concat();
        view! {
            <form method="post" action=SeeAs::PATH data-command="">
                <input type="hidden" name="player_id" value=player.id.to_string()/>
                <button class="menu__item"><Icon name="eye"/>{label}</button>
            </form>
        }
    });
    if access.is_none() && see_as.is_none() {
        return None;
    }
    let menu = view! {
        <details class="menu">
            <summary class="button" data-shape="icon">
                <Icon name="more"/>
                <span class="visually-hidden">"More about this person"</span>
            </summary>
            <div class="menu__panel">{access}{see_as}</div>
        </details>
    };
    Some(menu.into_any())
}

fn facts(player: &PlayerPage) -> AnyView {
    let now = use_viewer().now;
    let assignment = player.assignments.first().map(|assignment| {
        let since = assignment.since;
        fact(
            "In this assignment",
            time::span(since, now),
            view! {
                "since "<LocalTime at=since day_only=true/>
            }
            .into_any(),
        )
    });
    let in_grade = player
        .rank
        .as_ref()
        .and_then(|rank| rank.since)
        .map(|since| {
            fact(
                "In this rank",
                time::span(since, now),
                view! {
                    "since "<LocalTime at=since day_only=true/>
                }
                .into_any(),
            )
        });
    let joined = view! { "since "<LocalTime at=player.joined day_only=true/> };
    let exclusive = player
        .assignments
        .iter()
        .filter(|assignment| assignment.exclusive)
        .count();
    let changes = player.history.len();
    let user = if player.claimed { "Yes" } else { "Not yet" };
    let user_text = if player.claimed {
        "a user plays as this person"
    } else {
        "nobody logs in as this person"
    };
    view! {
        <dl class="facts">
            {assignment}
            {in_grade}
            {fact("In the organisation", time::span(player.joined, now), joined.into_any())}
            {fact(
                "Groups",
                player.assignments.len().to_string(),
                format!("{exclusive} exclusive, {changes} over time").into_any(),
            )}
            {fact("Claimed", user.to_owned(), user_text.into_any())}
        </dl>
    }
    .into_any()
}

fn fact(name: &'static str, value: String, note: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}" "<small>{note}</small></dd></div> }.into_any()
}

fn section(player: &PlayerPage, asked: Option<String>) -> AnyView {
    let mut all: Vec<Tab> = vec![("service", "Service", Some(player.history.len()))];
    if player.rank.is_some() || player.controls.is_some() {
        let label = if player.rank.is_some() {
            "Rank"
        } else {
            "Standing"
        };
        all.push(("rank", label, None));
    }
    if player.attendance.is_some() {
        all.push(("attendance", "Attendance", None));
    }
    all.push(("events", "Events", Some(player.events.len())));
    let chosen = chosen_tab(&all, asked);
    let content = match chosen {
        "events" if player.events.is_empty() => nothing(
            "No events",
            "What is changed about this person will stand here.",
        ),
        "events" => event_log(player.events.clone()),
        "attendance" => match &player.attendance {
            Some(page) => attendance(page),
            None => ().into_any(),
        },
        "rank" => view! { <div class="stack">{controls(player)}{ranks(player)}</div> }.into_any(),
        _ if player.history.is_empty() => nothing(
            "No memberships yet",
            "Groups this person is in, now and before, will stand here.",
        ),
        _ => {
            let table = history_table(&use_viewer(), "Group", player.history.clone());
            view! { <div class="stack">{present(player)}{table}</div> }.into_any()
        }
    };
    view! { {tabs(&player_href(player.id), chosen, &all)}{content} }.into_any()
}

/// Where the person is now, with ways to change that; left out where it would say nothing new.
fn present(player: &PlayerPage) -> Option<AnyView> {
    let can_change = player
        .assignments
        .iter()
        .any(|assignment| assignment.can_remove);
    let rows: Vec<AnyView> = player.assignments.iter().map(present_row).collect();
    (can_change || rows.len() > 1).then(|| {
        panel(
            "Groups now",
            None,
            view! { <ul class="list">{rows}</ul> }.into_any(),
        )
    })
}

fn present_row(assignment: &Assignment) -> AnyView {
    let group = &assignment.group;
    let change = assignment.can_remove.then(|| {
        let href = format!("/groups/{}/members/{}", group.id, assignment.membership_id);
        view! { <div class="list__actions">{row_button(href, "Post…", &group.name)}</div> }
    });
    view! {
        <li class="list__row">
            <Insignia acronym=acronym_in(group) name=group.name.clone() size="small"/>
            <div class="list__text">
                <a class="list__title" href=group_href(group.id)>{group.name.clone()}</a>
                <p class="list__meta">
                    {assignment.post.clone()}" · since "
                    <LocalTime at=assignment.since day_only=true/>
                </p>
            </div>
            {change}
        </li>
    }
    .into_any()
}

/// What can be done about rank and standing; what the viewer may not do says why.
fn controls(player: &PlayerPage) -> Option<AnyView> {
    let controls = player.controls?;
    let at = |page: &str| [&player_href(player.id), page].concat();
    let gone = is_gone(&player.standing);
    let rank = (player.rank.is_some() && !gone).then(|| {
        control(
            at("/rank"),
            "Change rank",
            "Promote or demote.",
            controls.rank,
        )
    });
    let kick = if gone {
        let text = "They belong to the organisation again.";
        control(at("/kick"), "Bring back", text, controls.kick)
    } else {
        let text = "They leave all groups and are a visitor then.";
        control(
            at("/kick"),
            "Remove from the organisation",
            text,
            controls.kick,
        )
    };
    Some(view! { <ul class="list">{rank}{kick}</ul> }.into_any())
}

fn control(
    href: String,
    label: &'static str,
    text: &'static str,
    missing: Option<Missing>,
) -> AnyView {
    let (note, button) = match missing {
        None => {
            let button = view! { <a class="button" data-size="small" href=href>{label}"…"</a> };
            (text.to_owned(), button.into_any())
        }
        Some(missing) => {
            let button = view! {
                <button class="button" data-size="small" type="button" disabled=true>{label}"…"</button>
            };
            (words::missing(missing), button.into_any())
        }
    };
    let class = if missing.is_some() {
        "reason"
    } else {
        "list__meta"
    };
    view! {
        <li class="list__row">
            <div class="list__text">
                <p class="list__title">{label}</p>
                <p class=class>{note}</p>
            </div>
            <div class="list__actions">{button}</div>
        </li>
    }
    .into_any()
}

/// Ranks over time, newest first.
fn ranks(player: &PlayerPage) -> Option<AnyView> {
    let rank: &PlayerRank = player.rank.as_ref()?;
    let with_reasons = rank.history.iter().any(|line| !line.reason.is_empty());
    let mut columns = vec!["Rank", "From", "Until", "For"];
    columns.extend(with_reasons.then_some("Why"));
    let rows: Vec<AnyView> = rank
        .history
        .iter()
        .map(|line| holding_row(line, with_reasons))
        .collect();
    Some(
        view! {
            <div class="table-wrap" role="region" aria-label="Ranks" tabindex="0">
                <table class="table service">
                    <thead><tr>{heads(&columns)}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any(),
    )
}

fn holding_row(line: &HoldingLine, with_reason: bool) -> AnyView {
    let state = if line.until.is_some() {
        "past"
    } else {
        "current"
    };
    let until = match line.until {
        Some(until) => view! { <LocalTime at=until day_only=true/> }.into_any(),
        None => "now".into_any(),
    };
    let end = line.until.unwrap_or(use_viewer().now);
    view! {
        <tr data-state=state>
            <td data-kind="name">{line.name.clone()}</td>
            <td><LocalTime at=line.since day_only=true/></td>
            <td>{until}</td>
            <td>{time::span(line.since, end)}</td>
            {with_reason.then(|| view! { <td data-kind="wrap">{line.reason.clone()}</td> })}
        </tr>
    }
    .into_any()
}

fn nothing(title: &'static str, text: &'static str) -> AnyView {
    view! { <Empty icon="clock" title=title text=text/> }.into_any()
}
