//! The twelve callers of the matrices, on a small roster with two groups and a private one.

use crate::{
    catalogue::Maker,
    support::{Caller, Org, World},
};
use muster::domain::{GroupId, access::AccessSet};

/// Names of the callers, in the order of the matrix's columns.
pub(crate) const CALLERS: [&str; 12] = [
    "anonymous",
    "guest",
    "member",
    "leader elsewhere",
    "leader here",
    "manager here",
    "officer below",
    "officer equal",
    "officer above",
    "co-founder",
    "founder",
    "foreign founder",
];

/// Level of the people whom the officers of the matrix act on.
pub(crate) const TARGET_LEVEL: i64 = 50;

/// The roster and the people.
pub(crate) struct Cast {
    pub(crate) world: World,
    pub(crate) org: Org,
    /// Makes arguments below the group "Here".
    pub(crate) maker: Maker,
    pub(crate) here: GroupId,
    /// In the order of [`CALLERS`].
    pub(crate) callers: Vec<Caller>,
}

impl Cast {
    /// Calls everybody together.
    pub(crate) async fn new(world: &World) -> Self {
        let org = world.org("apple").await;
        let foreign = world.org("pear").await;
        let root = org.id.root_group();
        let here = world.group(&org, root, "Here", true).await;
        let elsewhere = world.group(&org, root, "Elsewhere", true).await;
        let maker = Maker::new(world, &org, here);
        let guest = world.user("Guest").await;
        let (member_caller, member) = world.claimed(&org, "Member").await;
        world
            .place(&org, member, elsewhere, None, &org.founder)
            .await
            .outcome();
        let (leader_elsewhere, player) = world.claimed(&org, "Leader There").await;
        world
            .place(&org, player, elsewhere, Some("In Command"), &org.founder)
            .await
            .outcome();
        let (leader_here, player) = world.claimed(&org, "Leader Here").await;
        world
            .place(&org, player, here, Some("In Command"), &org.founder)
            .await
            .outcome();
        let (manager_here, player) = world.claimed(&org, "Manager Here").await;
        let fields = [
            ("group_id", here.to_string()),
            ("player_id", player.to_string()),
            ("manages", "true".to_owned()),
        ];
        let fields = crate::catalogue::borrow(&fields);
        maker
            .founder("/api/roster/set_manager", &fields)
            .await
            .outcome();
        let mut officers = Vec::new();
        for (name, above) in [("Below", -1), ("Equal", 0), ("Above", 1)] {
            let (officer, player) = world.claimed(&org, &format!("Officer {name}")).await;
            let access = AccessSet::everything();
            world.rank(&org, player, TARGET_LEVEL + above, access).await;
            officers.push(officer);
        }
        let (co_founder, player) = world.claimed(&org, "Deputy").await;
        let id = player.to_string();
        maker
            .founder("/api/tenants/add_co_founder", &[("player_id", &id)])
            .await
            .outcome();
        let mut callers = vec![
            Caller::default(),
            guest,
            member_caller,
            leader_elsewhere,
            leader_here,
            manager_here,
        ];
        callers.extend(officers);
        callers.extend([co_founder, org.founder.clone(), foreign.founder.clone()]);
        Self {
            world: world.clone(),
            org,
            maker,
            here,
            callers,
        }
    }
}
