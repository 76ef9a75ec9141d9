//! Search by name (§5.5): exact matches first, then partial ones, kept apart. Groups stand in command
//! order, players are sorted by name. Nothing is found that the actor may not see.

use super::{facts, group_choice, leads_anything, roster_now, visible_groups};
use crate::{
    domain::{
        PlayerId,
        access::{Action, Facts, Target, decide},
        module::Module,
    },
    features::roster::{
        access::who,
        model::pages::{GroupChoice, OrgFound, Palette, PlayerChoice, SearchPage},
        read_model::{Roster, Visible, Who},
    },
    server::{Ctx, Result},
};
use std::collections::HashSet;

/// Partial matches of one kind that the page shows, at most.
const FOUND_MAX: usize = 50;
/// Groups, and players, that the palette shows, at most.
const PALETTE_MAX: usize = 8;

/// The text as names are compared with it. "ORG.GROUP" is a group of the organisation.
fn wanted(ctx: &Ctx, text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let space = format!("{}.", ctx.tenant()?.name.to_lowercase());
    Ok(match text.strip_prefix(&space) {
        Some(group) => group.trim().to_owned(),
        None => text,
    })
}

/// How a name relates to the text.
enum Match {
    Exact,
    Partial,
    Not,
}

fn compare(names: &[&str], wanted: &str) -> Match {
    let mut found = Match::Not;
    for name in names {
        let name = name.to_lowercase();
        if name == wanted && !wanted.is_empty() {
            return Match::Exact;
        }
        if name.contains(wanted) {
            found = Match::Partial;
        }
    }
    found
}

/// Groups, players and the organisation by name. An empty text is all groups and nobody.
///
/// # Errors
/// At the apex, or when the database fails.
pub async fn search(ctx: &Ctx, text: &str) -> Result<SearchPage> {
    let wanted = wanted(ctx, text)?;
    let roster = roster_now(ctx).await?;
    let visible = visible_groups(ctx, &roster);
    let mut page = SearchPage::default();
    for group in roster.groups.iter().filter(|group| visible.has(group.id)) {
        match compare(&[&group.name, &group.acronym, &group.ident], &wanted) {
            Match::Exact => page.exact_groups.push(group_choice(group)),
            Match::Partial => page.groups.push(group_choice(group)),
            Match::Not => {}
        }
    }
    if wanted.is_empty() {
        return Ok(page);
    }
    let org = &ctx.tenant()?.name;
    page.org = match compare(&[org], &wanted) {
        Match::Not => None,
        found => Some(OrgFound {
            name: org.clone(),
            exact: matches!(found, Match::Exact),
        }),
    };
    let shown = shown_players(ctx, &roster, &visible);
    let is_shown = |id: &PlayerId| shown.as_ref().is_none_or(|shown| shown.contains(id));
    for player in &roster.players {
        let list = match compare(&[&player.common_name], &wanted) {
            Match::Exact => &mut page.exact_players,
            Match::Partial => &mut page.players,
            Match::Not => continue,
        };
        if is_shown(&player.player_id) {
            list.push(PlayerChoice {
                id: player.player_id,
                name: player.common_name.clone(),
            });
        }
    }
    page.more_groups = page.groups.len().saturating_sub(FOUND_MAX) as u32;
    page.more_players = page.players.len().saturating_sub(FOUND_MAX) as u32;
    page.groups.truncate(FOUND_MAX);
    page.players.truncate(FOUND_MAX);
    Ok(page)
}

/// The players a stranger may see; `None` means all, for those who belong here.
#[must_use]
pub fn shown_players(ctx: &Ctx, roster: &Roster, visible: &Visible) -> Option<HashSet<PlayerId>> {
    (who(ctx) == Who::Stranger).then(|| {
        roster
            .groups
            .iter()
            .filter(|group| visible.has(group.id))
            .flat_map(|group| roster.members_of(group.id))
            .map(|member| member.player_id)
            .collect()
    })
}

/// The few best answers to a text, and what the actor may do that has it in its words.
///
/// # Errors
/// At the apex, or when the database fails.
pub async fn palette(ctx: &Ctx, text: &str) -> Result<Palette> {
    let found = search(ctx, text).await?;
    let roster = roster_now(ctx).await?;
    let facts = facts(ctx, &roster);
    let wanted = text.trim().to_lowercase();
    let mut commands = commands(ctx, &facts, leads_anything(ctx).await?)?;
    commands.retain(|(label, _)| label.to_lowercase().contains(&wanted));
    let groups: Vec<GroupChoice> = found.exact_groups.into_iter().chain(found.groups).collect();
    let players: Vec<PlayerChoice> = found
        .exact_players
        .into_iter()
        .chain(found.players)
        .collect();
    Ok(Palette {
        groups: groups.into_iter().take(PALETTE_MAX).collect(),
        players: players.into_iter().take(PALETTE_MAX).collect(),
        commands,
    })
}

/// What the actor may do from anywhere. The commands behind the pages decide again.
fn commands(ctx: &Ctx, facts: &Facts, leads: bool) -> Result<Vec<(&'static str, &'static str)>> {
    let anywhere = |action: Action| {
        decide(facts, action, Target::Org).is_ok()
            || facts.roles.values().any(|access| access.has(action))
    };
    let joining = ctx.tenant()?.modules.has(Module::Joining);
    let assigns = leads || anywhere(Action::AssignMembers);
    let all = [
        ("Inbox", "/inbox", joining && assigns),
        (
            "Add a person",
            "/players/new",
            anywhere(Action::ManagePlayers),
        ),
        ("New group", "/groups/new", anywhere(Action::EditStructure)),
        ("Edit the roster", "/roster?edit=1", assigns),
        ("Join a group", "/join", joining),
        ("Event log", "/log", anywhere(Action::ReadLog)),
        ("Import", "/import", anywhere(Action::Import)),
        ("Settings", "/settings", anywhere(Action::ManageOrg)),
    ];
    let allowed = all.into_iter().filter(|(_, _, allowed)| *allowed);
    Ok(allowed.map(|(label, href, _)| (label, href)).collect())
}
