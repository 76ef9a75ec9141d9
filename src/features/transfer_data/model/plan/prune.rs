//! Memberships that the files do not name (§4.8), for an import that ends them.

use super::super::parse::{MembershipRow, normal_instant};
use super::groups::{Found, GroupTable};
use super::players::PlayerTable;
use super::{Existing, ExistingMembership, MembershipClose, Options};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The open memberships that end because no row names them; none unless the options say so.
///
/// A row names a membership when it is about the same person and group and does not end another
/// interval; the role does not matter, so that a wrong role never costs a place. Somebody with a
/// refused row keeps everything: what the row meant is not known.
pub(super) fn unnamed(
    rows: &[MembershipRow],
    existing: &Existing,
    options: &Options,
    groups: &GroupTable,
    players: &PlayerTable,
) -> Vec<MembershipClose> {
    let Some(kept) = &options.prune else {
        return Vec::new();
    };
    let now = normal_instant(options.now);
    let people = players.existing_by_id(existing);
    let places = groups.existing_by_id();
    let mut named: HashMap<(usize, usize), Vec<&MembershipRow>> = HashMap::new();
    let mut unclear = HashSet::new();
    for row in rows {
        let Some(player) = players.find(&row.player) else {
            continue;
        };
        match groups.find(&row.group) {
            Found::Group(group) if !row.flawed && !players.entries[player].failed => {
                named.entry((player, group)).or_default().push(row);
            }
            _ => {
                unclear.insert(player);
            }
        }
    }
    let is_unnamed = |membership: &&ExistingMembership| {
        let Some(group) = places.get(&membership.group_id) else {
            return false;
        };
        if groups.nodes[*group].hidden {
            return false;
        }
        let Some(player) = people.get(&membership.player_id) else {
            return true;
        };
        let mut rows = named.get(&(*player, *group)).into_iter().flatten();
        let means = |row: &&MembershipRow| {
            row.until.is_none() || row.since.is_none_or(|since| since == membership.since)
        };
        !unclear.contains(player) && !rows.any(means)
    };
    existing
        .memberships
        .iter()
        .filter(|membership| membership.until.is_none() && membership.since < now)
        .filter(|membership| !kept.contains(&membership.player_id))
        .filter(is_unnamed)
        .map(|membership| MembershipClose {
            id: membership.id,
            player_id: membership.player_id,
            group_id: membership.group_id,
            until: now,
        })
        .collect()
}

/// The ids of memberships, for looking them up.
pub(super) fn ids(ended: &[MembershipClose]) -> HashSet<Uuid> {
    ended.iter().map(|close| close.id).collect()
}
