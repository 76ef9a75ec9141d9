//! The rule of §5.2 once more, word by word, against the code that answers lists and the code that
//! answers commands.

use super::*;
use crate::{
    domain::{MembershipId, RoleId, access::AccessSet, time::Instant},
    features::roster::{
        model::{Policy, Visibility},
        read_model::{Group, GroupSource, Member, RetiredGroup, Role, Sources},
    },
};
use proptest::prelude::*;
use uuid::Uuid;

const PLAYER: PlayerId = PlayerId(Uuid::from_u128(1_000));

fn id(n: usize) -> GroupId {
    GroupId(Uuid::from_u128(n as u128 + 1))
}

fn root() -> GroupId {
    GroupId(Uuid::from_u128(0))
}

/// What a player is in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    Nothing,
    Member,
    Leader,
    Manager,
}

/// A group: its parent among those before it, if any, and the rest.
#[derive(Clone, Debug)]
struct Made {
    parent: Option<usize>,
    private: bool,
    retired: bool,
    is: Is,
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let is = prop_oneof![
        4 => Just(Is::Nothing),
        1 => Just(Is::Member),
        1 => Just(Is::Leader),
        1 => Just(Is::Manager),
    ];
    let one = (
        any::<prop::sample::Index>(),
        any::<bool>(),
        prop::bool::weighted(0.3),
        is,
    );
    prop::collection::vec(one, 1..9).prop_map(|groups| {
        let make =
            |(at, (parent, private, retired, is)): (usize, (prop::sample::Index, _, _, _))| {
                // One more than there are before it: that one stands for the root.
                let parent = parent.index(at + 1);
                Made {
                    parent: (parent < at).then_some(parent),
                    private,
                    retired,
                    is: if retired { Is::Nothing } else { is },
                }
            };
        groups.into_iter().enumerate().map(make).collect()
    })
}

fn visibility(group: &Made) -> Visibility {
    if group.private {
        Visibility::Private
    } else {
        Visibility::Public
    }
}

fn roster(groups: &[Made]) -> Roster {
    let mut sources = Sources::default();
    for (at, group) in groups.iter().enumerate() {
        let parent = group.parent.map_or(root(), id);
        if group.retired {
            sources.retired.push(RetiredGroup {
                id: id(at),
                parent,
                visibility: visibility(group),
            });
            continue;
        }
        sources.groups.push(GroupSource {
            order: 0,
            group: Group {
                id: id(at),
                parent,
                name: format!("Group {at}"),
                acronym: String::new(),
                ident: String::new(),
                depth: 0,
                description: String::new(),
                kind: String::new(),
                exclusive: false,
                visibility: visibility(group),
                policy: Policy::Closed,
                founded: Instant::UNIX_EPOCH,
                version: 1,
            },
        });
        let role_id = RoleId(Uuid::from_u128(2_000 + at as u128));
        sources.roles.push(Role {
            role_id,
            group_id: id(at),
            name: String::new(),
            acronym: String::new(),
            leadership: group.is == Is::Leader,
            singular: false,
            access: AccessSet::default(),
            sort_order: 0,
            version: 1,
        });
        match group.is {
            Is::Nothing => {}
            Is::Manager => sources.managers.push((id(at), PLAYER)),
            Is::Member | Is::Leader => sources.members.push(Member {
                membership_id: MembershipId(Uuid::from_u128(3_000 + at as u128)),
                player_id: PLAYER,
                group_id: id(at),
                role_id,
                position_id: None,
                since: Instant::UNIX_EPOCH,
                until: None,
                common_name: String::new(),
                role_name: String::new(),
            }),
        }
    }
    Roster::new(root(), sources)
}

/// A group and those above it.
fn path(groups: &[Made], at: usize) -> Vec<usize> {
    let mut path = vec![at];
    while let Some(parent) = groups[path[path.len() - 1]].parent {
        path.push(parent);
    }
    path
}

/// "Shows only to its members and managers, to those of a group below it, and to leaders above."
fn shows(groups: &[Made], at: usize, sees: impl Fn(usize) -> Is) -> bool {
    path(groups, at)
        .into_iter()
        .filter(|above| groups[*above].private)
        .all(|private| {
            let inside = (0..groups.len())
                .filter(|below| path(groups, *below).contains(&private))
                .any(|below| sees(below) != Is::Nothing);
            let led = path(groups, private)
                .into_iter()
                .any(|above| sees(above) == Is::Leader);
            inside || led
        })
}

proptest! {
    #[test]
    fn lists_and_commands_see_what_the_rule_says(groups in made()) {
        let roster = roster(&groups);
        let player = roster.visible_to(Who::Player(PLAYER));
        let stranger = roster.visible_to(Who::Stranger);
        for at in 0..groups.len() {
            let shown = shows(&groups, at, |group| groups[group].is);
            prop_assert_eq!(player.has(id(at)), shown, "group {} to the player", at);
            let to_strangers = shows(&groups, at, |_| Is::Nothing);
            prop_assert_eq!(stranger.has(id(at)), to_strangers, "group {} to strangers", at);
            let steps: Vec<Step> = path(&groups, at)
                .into_iter()
                .map(|above| Step {
                    private: groups[above].private,
                    inside: groups[above].is != Is::Nothing,
                    leads: groups[above].is == Is::Leader,
                })
                .collect();
            let told = path_opens(Who::Player(PLAYER), &steps);
            prop_assert!(!told || shown, "the path tells too much of group {}", at);
            prop_assert_eq!(path_opens(Who::Stranger, &steps), to_strangers);
        }
    }
}
