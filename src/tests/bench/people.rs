//! Organisations of any size, always the same for the same size.

use chrono::{DateTime, Duration, Utc};
use muster::{
    domain::{GroupId, MembershipId, PlayerId, PositionId, RoleId, UserId, access::AccessSet},
    features::roster::{
        input::{GroupDetails, PositionDetails, RoleDetails},
        service::{Bulk, BulkGroup, BulkMembership, BulkPlayer},
    },
};
use uuid::Uuid;

const FIRST: [&str; 20] = [
    "Ada", "Bram", "Cleo", "Dag", "Edda", "Finn", "Gro", "Hugo", "Ines", "Jon", "Kaja", "Leif",
    "Mara", "Nils", "Olga", "Pelle", "Runa", "Sven", "Tove", "Ulf",
];
const LAST: [&str; 25] = [
    "Adler", "Berg", "Castor", "Dorn", "Engel", "Falk", "Grimm", "Holm", "Iversen", "Jansen",
    "Kestrel", "Lund", "Moran", "Nyberg", "Osterman", "Pike", "Quist", "Rask", "Storm", "Thorne",
    "Ulven", "Vance", "Wren", "Yarrow", "Zander",
];
const KINDS: [&str; 4] = ["Platoon", "Squad", "Section", "Team"];
/// Positions of a group; some stay vacant.
const POSITIONS: [&str; 4] = ["Second in command", "Medic", "Signaller", "Marksman"];
/// Subgroups of a group, and groups at the top.
const BRANCHES: usize = 4;
/// One group of so many is private, so that visibility has something to decide.
const PRIVATE: usize = 20;

/// A filled organisation, and who of it a benchmark needs.
#[derive(Debug)]
pub(crate) struct Filled {
    pub(crate) bulk: Bulk,
    pub(crate) groups: Vec<GroupId>,
    pub(crate) players: Vec<PlayerId>,
}

fn name_of(person: usize) -> String {
    let name = format!("{} {}", FIRST[person % 20], LAST[person / 20 % 25]);
    match person / 500 {
        0 => name,
        again => format!("{name} {}", again + 1),
    }
}

/// People in groups: a tree with four branches at each node, a leader and four positions in each
/// group. `viewer` is an ordinary member.
pub(crate) fn filled(
    root: GroupId,
    people: usize,
    groups: usize,
    viewer: UserId,
    now: DateTime<Utc>,
) -> Filled {
    let mut bulk = Bulk::default();
    let ids: Vec<GroupId> = (0..groups).map(|_| GroupId(Uuid::now_v7())).collect();
    let mut posts = Vec::new();
    for (number, id) in ids.iter().copied().enumerate() {
        let parent = if number < BRANCHES {
            root
        } else {
            ids[number / BRANCHES - 1]
        };
        bulk.groups.push(group(id, parent, number, now));
        let [leader, member] = [(true, "Leader"), (false, "Member")].map(|(leads, name)| {
            let role = RoleId(Uuid::now_v7());
            let (name, acronym) = (name.to_owned(), String::new());
            let details = RoleDetails {
                name,
                acronym,
                leadership: leads,
                singular: leads,
                access: AccessSet::default(),
            };
            bulk.roles.push((role, id, details));
            role
        });
        let positions = POSITIONS.map(|name| {
            let position = PositionId(Uuid::now_v7());
            let (name, wants) = (name.to_owned(), "Basic training".to_owned());
            bulk.positions.push((
                position,
                id,
                PositionDetails {
                    name,
                    wants,
                    role_id: member,
                },
            ));
            position
        });
        posts.push((leader, member, positions));
    }
    for person in 0..people {
        let id = PlayerId(Uuid::now_v7());
        let since = now - Duration::days(1 + (person * 7 % 700) as i64);
        let (leader, member, positions) = &posts[person % groups];
        let place = person / groups;
        bulk.players.push(BulkPlayer {
            id,
            user: (person == people - 1).then_some(viewer),
            common_name: name_of(person),
            standing: "active".to_owned(),
            joined: since,
        });
        bulk.memberships.push(BulkMembership {
            id: MembershipId(Uuid::now_v7()),
            player: id,
            role: if place == 0 { *leader } else { *member },
            // Every second position is filled.
            position: (place == 1 || place == 3).then(|| positions[place]),
            since,
            until: None,
            reason: None,
        });
    }
    let players = bulk.players.iter().map(|player| player.id).collect();
    Filled {
        bulk,
        groups: ids,
        players,
    }
}

fn group(id: GroupId, parent: GroupId, number: usize, now: DateTime<Utc>) -> BulkGroup {
    let kind = KINDS[number % KINDS.len()];
    let visibility = if number % PRIVATE == PRIVATE - 1 {
        "private"
    } else {
        "public"
    };
    let details = GroupDetails {
        name: format!("{kind} {}", number + 1),
        acronym: format!("{}{}", &kind[..1], number + 1),
        description: format!("The {number}. group of a benchmark."),
        kind: kind.to_owned(),
        visibility: visibility.to_owned(),
        policy: "closed".to_owned(),
    };
    BulkGroup {
        id,
        parent,
        exclusive: true,
        details: details.validate().unwrap(),
        founded: now - Duration::days(800),
        retired: None,
    }
}
