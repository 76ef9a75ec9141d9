//! The whole roster of an Org at one instant: the read model of every view (§4).
//!
//! Made from nine statements whatever its size, kept in memory per Org and number of the newest
//! event, so that it can never be stale. Everything here is pure: what somebody may see is decided
//! by [`Roster::visible_to`] and by nothing else.

mod visible;

pub use visible::{Step, Visible, Who, path_opens};

use super::{
    input::granted_by,
    model::{Policy, Visibility, tree},
};
use crate::{
    domain::{
        GroupId, MembershipId, PlayerId, PositionId, RankId, RoleId,
        access::{AccessSet, Person},
        time::Instant,
    },
    features::ranks::{model::RankTitle, service::Ladder},
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its parent; the root's id for a top-level group.
    pub parent: GroupId,
    /// Its name.
    pub name: String,
    /// Its short form.
    pub acronym: String,
    /// Acronyms up the tree (§4.2).
    pub ident: String,
    /// Number of ancestors below the root.
    pub depth: usize,
    /// Markdown.
    pub description: String,
    /// What it is called, such as "Squad".
    pub kind: String,
    /// At most one exclusive group for each player (§4.3).
    pub exclusive: bool,
    /// Who sees it.
    pub visibility: Visibility,
    /// How people join.
    pub policy: Policy,
    /// When it was founded.
    pub founded: Instant,
    /// For optimistic locking.
    pub version: i64,
}

/// A role of a group.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Role {
    /// Its id.
    pub role_id: RoleId,
    /// The group it belongs to.
    pub group_id: GroupId,
    /// Its name.
    pub name: String,
    /// Its short form, may be empty.
    pub acronym: String,
    /// Grants the group's management tools (§3.4).
    pub leadership: bool,
    /// One holder at a time.
    pub singular: bool,
    /// What it grants in the group and below it, besides leadership.
    #[sqlx(try_from = "String")]
    pub access: AccessSet,
    /// Order within the group.
    pub sort_order: i64,
    /// For optimistic locking.
    pub version: i64,
}

impl Role {
    /// What it gives in its group and below it, leadership included.
    #[must_use]
    pub fn grants(&self) -> AccessSet {
        granted_by(self.leadership, self.access)
    }
}

/// An established place of a group (§4.5).
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Position {
    /// Its id.
    pub position_id: PositionId,
    /// The group it belongs to.
    pub group_id: GroupId,
    /// The role of whoever fills it.
    pub role_id: RoleId,
    /// Its title.
    pub name: String,
    /// What it wants, in words.
    pub wants: String,
    /// Order within the group.
    pub sort_order: i64,
    /// For optimistic locking.
    pub version: i64,
}

/// A membership that holds at the roster's instant.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    /// Its id.
    pub membership_id: MembershipId,
    /// Who.
    pub player_id: PlayerId,
    /// Where.
    pub group_id: GroupId,
    /// As what.
    pub role_id: RoleId,
    /// In which position, if posted.
    pub position_id: Option<PositionId>,
    /// Since when.
    pub since: Instant,
    /// Until when, if that is known already.
    pub until: Option<Instant>,
    /// The name to show.
    pub common_name: String,
    /// The role's name to show.
    pub role_name: String,
}

/// A player of the Org.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Player {
    /// Their id.
    pub player_id: PlayerId,
    /// Their name.
    pub common_name: String,
    /// `active`, or what an import said.
    pub standing: String,
    /// A user claimed them.
    pub claimed: bool,
    /// Their rank (§3.2).
    pub rank_id: Option<RankId>,
    /// When they joined.
    pub joined_at: Instant,
    /// For optimistic locking.
    pub version: i64,
    /// Founded the organisation (§3.1).
    pub founder: bool,
    /// Is a co-founder.
    pub co_founder: bool,
}

/// What a group is made from; see [`Roster::new`].
#[derive(Clone, Debug)]
pub struct GroupSource {
    /// The group, with its parent but without ident and depth.
    pub group: Group,
    /// Order among siblings.
    pub order: i64,
}

/// A retired group: what events and histories still tell of it shows to those who saw it.
#[derive(Clone, Copy, Debug)]
pub struct RetiredGroup {
    /// Its id.
    pub id: GroupId,
    /// Its parent; the root's id for a top-level group.
    pub parent: GroupId,
    /// Who saw it.
    pub visibility: Visibility,
}

/// Everything that a roster is put together from.
#[derive(Debug, Default)]
pub struct Sources {
    /// Number of the newest event.
    pub seq: i64,
    /// Positions were read: the Org's type has them.
    pub has_positions: bool,
    /// All groups, the root among them.
    pub groups: Vec<GroupSource>,
    /// The groups that are retired.
    pub retired: Vec<RetiredGroup>,
    /// All roles, in order.
    pub roles: Vec<Role>,
    /// All positions, in order.
    pub positions: Vec<Position>,
    /// Who is where.
    pub members: Vec<Member>,
    /// All players.
    pub players: Vec<Player>,
    /// Managers of groups (§3.4).
    pub managers: Vec<(GroupId, PlayerId)>,
    /// Groups whose members manage a group: the managed one first (§5.1).
    pub manager_groups: Vec<(GroupId, GroupId)>,
    /// Ranks and their names.
    pub ladder: Ladder,
}

/// The roster at one instant.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Number of the newest event it includes.
    pub seq: i64,
    /// It has positions, because the Org's type has them (§1.6).
    pub has_positions: bool,
    /// Groups in command order, the root apart.
    pub groups: Vec<Group>,
    /// Roles by group, in order.
    pub roles: HashMap<GroupId, Vec<Role>>,
    /// Positions by group, in order.
    pub positions: HashMap<GroupId, Vec<Position>>,
    /// Members by group: leaders first, then by position, role and name.
    pub members: HashMap<GroupId, Vec<Member>>,
    /// All players, by name.
    pub players: Vec<Player>,
    /// Managers of groups (§3.4).
    pub managers: HashMap<GroupId, Vec<PlayerId>>,
    /// Groups whose members manage a group (§5.1).
    pub manager_groups: HashMap<GroupId, Vec<GroupId>>,
    /// Ranks and their names.
    pub ladder: Ladder,
    root: Option<GroupId>,
    /// Parents of retired groups.
    retired: HashMap<GroupId, GroupId>,
    /// Private groups, retired ones among them.
    private: Vec<GroupId>,
    index: HashMap<GroupId, usize>,
    player_index: HashMap<PlayerId, usize>,
    /// The open exclusive membership of each player, and its group.
    exclusive: HashMap<PlayerId, (MembershipId, GroupId)>,
    /// Where each player belongs.
    places: HashMap<PlayerId, Places>,
    /// Who is on leave today (§6.4).
    pub on_leave: HashSet<PlayerId>,
    /// Until when this holds without a further event.
    pub valid_until: Option<Instant>,
}

/// The groups in which a player is something.
#[derive(Clone, Debug, Default)]
struct Places {
    member: HashSet<GroupId>,
    leader: HashSet<GroupId>,
    manager: HashSet<GroupId>,
    /// What roles grant, leadership included.
    access: BTreeMap<GroupId, AccessSet>,
}

impl Roster {
    /// Puts a roster together.
    #[must_use]
    pub fn new(root: GroupId, sources: Sources) -> Self {
        let Sources {
            seq,
            has_positions,
            groups: sources,
            retired,
            roles,
            positions,
            members,
            mut players,
            managers,
            manager_groups,
            ladder,
        } = sources;
        let nodes: Vec<tree::Node> = sources
            .iter()
            .map(|source| tree::Node {
                id: source.group.id,
                parent: (source.group.id != root).then_some(source.group.parent),
                order: source.order,
                name_key: source.group.name.to_lowercase(),
                acronym: source.group.acronym.clone(),
            })
            .collect();
        let groups: Vec<Group> = tree::command_order(root, &nodes)
            .into_iter()
            .map(|place| Group {
                ident: place.ident,
                depth: place.depth,
                ..sources[place.index].group.clone()
            })
            .collect();
        let index = groups
            .iter()
            .enumerate()
            .map(|(at, group)| (group.id, at))
            .collect();
        let private = groups
            .iter()
            .map(|group| (group.id, group.visibility))
            .chain(retired.iter().map(|group| (group.id, group.visibility)))
            .filter(|(_, visibility)| *visibility == Visibility::Private)
            .map(|(group, _)| group)
            .collect();
        players.sort_by_cached_key(|player| player.common_name.to_lowercase());
        let player_index = players
            .iter()
            .enumerate()
            .map(|(at, player)| (player.player_id, at))
            .collect();
        let valid_until = members.iter().filter_map(|member| member.until).min();
        let places = places(&roles, &members, &managers, &manager_groups);
        let mut roster = Self {
            seq,
            has_positions,
            groups,
            roles: by_group(roles, |role| role.group_id),
            positions: by_group(positions, |position| position.group_id),
            members: by_group(members, |member| member.group_id),
            players,
            root: Some(root),
            retired: retired
                .iter()
                .map(|group| (group.id, group.parent))
                .collect(),
            private,
            index,
            player_index,
            places,
            ladder,
            valid_until,
            ..Self::default()
        };
        for (group, player) in managers {
            roster.managers.entry(group).or_default().push(player);
        }
        for (group, by) in manager_groups {
            roster.manager_groups.entry(group).or_default().push(by);
        }
        roster.sort_members();
        roster.exclusive = roster
            .groups
            .iter()
            .filter(|group| group.exclusive)
            .flat_map(|group| roster.members_of(group.id))
            .map(|member| (member.player_id, (member.membership_id, member.group_id)))
            .collect();
        roster
    }

    fn sort_members(&mut self) {
        let positions: HashMap<PositionId, i64> = self
            .positions
            .values()
            .flatten()
            .map(|position| (position.position_id, position.sort_order))
            .collect();
        let roles: HashMap<RoleId, (bool, i64)> = self
            .roles
            .values()
            .flatten()
            .map(|role| (role.role_id, (!role.leadership, role.sort_order)))
            .collect();
        for members in self.members.values_mut() {
            members.sort_by_cached_key(|member| {
                let (follower, role) = roles.get(&member.role_id).copied().unwrap_or((true, 0));
                let position = member
                    .position_id
                    .and_then(|id| positions.get(&id))
                    .copied();
                let name = member.common_name.to_lowercase();
                (
                    follower,
                    position.unwrap_or(i64::MAX),
                    role,
                    name,
                    member.player_id,
                )
            });
        }
    }

    /// A group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.index.get(&id).map(|at| &self.groups[*at])
    }

    /// A player.
    #[must_use]
    pub fn player(&self, id: PlayerId) -> Option<&Player> {
        self.player_index.get(&id).map(|at| &self.players[*at])
    }

    /// Roles of a group.
    #[must_use]
    pub fn roles_of(&self, group: GroupId) -> &[Role] {
        self.roles.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Positions of a group.
    #[must_use]
    pub fn positions_of(&self, group: GroupId) -> &[Position] {
        self.positions.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Members of a group.
    #[must_use]
    pub fn members_of(&self, group: GroupId) -> &[Member] {
        self.members.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Positions of a group that nobody fills.
    pub fn vacancies_of(&self, group: GroupId) -> impl Iterator<Item = &Position> {
        let members = self.members_of(group);
        self.positions_of(group).iter().filter(move |position| {
            !members
                .iter()
                .any(|member| member.position_id == Some(position.position_id))
        })
    }

    /// The open exclusive membership of a player.
    #[must_use]
    pub fn exclusive_of(&self, player: PlayerId) -> Option<(MembershipId, GroupId)> {
        self.exclusive.get(&player).copied()
    }

    /// Players in no exclusive group, by name.
    pub fn unassigned(&self) -> impl Iterator<Item = &Player> {
        self.players.iter().filter(|player| {
            player.standing == "active" && !self.exclusive.contains_key(&player.player_id)
        })
    }

    /// The group and its ancestors, the root last; of a retired group, too.
    #[must_use]
    pub fn path(&self, group: GroupId) -> Vec<GroupId> {
        let mut path = vec![group];
        let mut at = group;
        while let Some(parent) = self.parent_of(at) {
            at = parent;
            path.push(at);
        }
        path
    }

    fn parent_of(&self, group: GroupId) -> Option<GroupId> {
        let live = self.group(group).map(|group| group.parent);
        live.or_else(|| self.retired.get(&group).copied())
    }

    /// Where decisions about a player look: the path of their exclusive group, else the root.
    #[must_use]
    pub fn scope_of(&self, player: PlayerId) -> Vec<GroupId> {
        let group = self.exclusive_of(player).map(|(_, group)| group);
        group
            .or(self.root)
            .map(|group| self.path(group))
            .unwrap_or_default()
    }

    /// A player as decisions see them, given [`Roster::scope_of`] them.
    #[must_use]
    pub fn person<'a>(&self, player: &Player, path: &'a [GroupId]) -> Person<'a> {
        Person {
            id: player.player_id,
            founder: player.founder,
            co_founder: player.co_founder,
            level: self.ladder.facts(player.rank_id).level,
            path,
        }
    }

    /// Groups that this player leads (§3.4).
    pub fn led_by(&self, player: PlayerId) -> impl Iterator<Item = GroupId> {
        self.places
            .get(&player)
            .into_iter()
            .flat_map(|places| places.leader.iter().copied())
    }

    /// What this player's roles grant, by group, leadership included (§3.4).
    #[must_use]
    pub fn role_access_of(&self, player: PlayerId) -> BTreeMap<GroupId, AccessSet> {
        self.places
            .get(&player)
            .map(|places| places.access.clone())
            .unwrap_or_default()
    }

    /// Groups that this player is a member of.
    #[must_use]
    pub fn groups_of(&self, player: PlayerId) -> Vec<GroupId> {
        self.places
            .get(&player)
            .map(|places| places.member.iter().copied().collect())
            .unwrap_or_default()
    }

    /// How a player's rank is called in a group; in the whole Org for the root (§3.2).
    #[must_use]
    pub fn rank_in(&self, player: &Player, group: GroupId) -> Option<&RankTitle> {
        self.ladder.title(player.rank_id?, &self.path(group))
    }

    /// Groups that this player manages, by themself or through a group (§3.4, §5.1).
    pub fn managed_by(&self, player: PlayerId) -> impl Iterator<Item = GroupId> {
        self.places
            .get(&player)
            .into_iter()
            .flat_map(|places| places.manager.iter().copied())
    }

    /// The root group's id.
    #[must_use]
    pub fn root(&self) -> Option<GroupId> {
        self.root
    }
}

fn places(
    roles: &[Role],
    members: &[Member],
    managers: &[(GroupId, PlayerId)],
    manager_groups: &[(GroupId, GroupId)],
) -> HashMap<PlayerId, Places> {
    let roles: HashMap<RoleId, &Role> = roles.iter().map(|role| (role.role_id, role)).collect();
    let mut managed_through: HashMap<GroupId, Vec<GroupId>> = HashMap::new();
    for (group, by) in manager_groups {
        managed_through.entry(*by).or_default().push(*group);
    }
    let mut all: HashMap<PlayerId, Places> = HashMap::new();
    for member in members {
        let places = all.entry(member.player_id).or_default();
        places.member.insert(member.group_id);
        places
            .manager
            .extend(managed_through.get(&member.group_id).into_iter().flatten());
        let Some(role) = roles.get(&member.role_id) else {
            continue;
        };
        if role.leadership {
            places.leader.insert(member.group_id);
        }
        let grants = role.grants();
        if !grants.is_empty() {
            let given = places.access.entry(member.group_id).or_default();
            *given = given.union(grants);
        }
    }
    for (group, player) in managers {
        all.entry(*player).or_default().manager.insert(*group);
    }
    all
}

fn by_group<T>(rows: Vec<T>, group: impl Fn(&T) -> GroupId) -> HashMap<GroupId, Vec<T>> {
    let mut map: HashMap<GroupId, Vec<T>> = HashMap::new();
    for row in rows {
        map.entry(group(&row)).or_default().push(row);
    }
    map
}
