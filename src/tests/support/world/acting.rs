//! A roster to act on: groups, players and ranks, made through their commands.

use super::{Answer, Caller, Org, World};
use muster::domain::{GroupId, MembershipId, PlayerId, RankId, access::AccessSet};
use uuid::Uuid;

impl World {
    /// Creates a group through its command.
    pub(crate) async fn group(
        &self,
        org: &Org,
        parent: GroupId,
        name: &str,
        exclusive: bool,
    ) -> GroupId {
        self.group_with(org, parent, name, exclusive, "public", "closed")
            .await
    }

    /// Creates a group of this visibility that people join in this way.
    pub(crate) async fn group_with(
        &self,
        org: &Org,
        parent: GroupId,
        name: &str,
        exclusive: bool,
        visibility: &str,
        policy: &str,
    ) -> GroupId {
        let answer = self
            .command(
                &org.host,
                "/api/roster/create_group",
                &[
                    ("parent_id", &parent.to_string()),
                    ("name", name),
                    ("acronym", ""),
                    ("description", "For tests"),
                    ("kind", "Squad"),
                    ("exclusive", if exclusive { "true" } else { "false" }),
                    ("visibility", visibility),
                    ("policy", policy),
                ],
                &org.founder,
            )
            .await;
        answer.outcome().event.unwrap().group_id.unwrap()
    }

    /// Creates a player through its command.
    pub(crate) async fn player(&self, org: &Org, name: &str) -> PlayerId {
        let fields = [("common_name", name), ("group_id", "")];
        let answer = self
            .command(
                &org.host,
                "/api/roster/create_player",
                &fields,
                &org.founder,
            )
            .await;
        answer.outcome().event.unwrap().player_id.unwrap()
    }

    /// Puts a player into a group through its command, expecting them where the roster has them.
    pub(crate) async fn place(
        &self,
        org: &Org,
        player: PlayerId,
        group: GroupId,
        role: Option<&str>,
        caller: &Caller,
    ) -> Answer {
        let roster = self.roster(org).await;
        let expected = roster
            .exclusive_of(player)
            .map(|(membership, _)| membership);
        let role = role.map(|name| {
            roster
                .roles_of(group)
                .iter()
                .find(|role| role.name == name)
                .unwrap()
                .role_id
        });
        self.place_expecting(
            org,
            player,
            group,
            role.map(|role| role.to_string()),
            expected,
            caller,
        )
        .await
    }

    /// Puts a player into a group with a given expectation.
    pub(crate) async fn place_expecting(
        &self,
        org: &Org,
        player: PlayerId,
        group: GroupId,
        role: Option<String>,
        expected: Option<MembershipId>,
        caller: &Caller,
    ) -> Answer {
        let fields = [
            ("player_id", player.to_string()),
            ("group_id", group.to_string()),
            ("role_id", role.unwrap_or_default()),
            (
                "expected",
                expected.map(|id| id.to_string()).unwrap_or_default(),
            ),
        ];
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.command(&org.host, "/api/roster/place_player", &fields, caller)
            .await
    }

    /// Gives a player a new rank of this level and access, past all rules.
    pub(crate) async fn rank(&self, org: &Org, player: PlayerId, level: i64, access: AccessSet) {
        let (rank, holding) = (RankId(Uuid::now_v7()), Uuid::now_v7());
        let ctx = self.ctx(org).await;
        let mut tx = self.state.db.write(ctx.tenant().unwrap()).await.unwrap();
        tx.run(
            "insert into rank (org_id, rank_id, name, name_key, abbreviation, level, access)
             values ($1, $2, $3, $3, '', $4, $5)",
            (org.id, rank, rank.to_string(), level, access.stored()),
        )
        .await
        .unwrap();
        tx.run(
            "update rank_holding set until = $3
              where org_id = $1 and player_id = $2 and until is null",
            (org.id, player, self.now()),
        )
        .await
        .unwrap();
        tx.run(
            "insert into rank_holding (org_id, holding_id, player_id, rank_id, since, rank_name, level)
             values ($1, $2, $3, $4, $5, '', $6)",
            (org.id, holding, player, rank, self.now(), level),
        )
        .await
        .unwrap();
        muster::server::events::commit(tx, &self.state.hub)
            .await
            .unwrap();
    }

    /// The kinds of all events of the organisation, in order.
    pub(crate) async fn event_kinds(&self, org: &Org) -> Vec<String> {
        let mut tx = self.state.db.system_read().await.unwrap();
        let kinds: Vec<(String,)> = tx
            .all(
                "select kind from event where org_id = $1 order by seq",
                (org.id,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        kinds.into_iter().map(|(kind,)| kind).collect()
    }

    /// A user who is this player of the organisation.
    pub(crate) async fn claimed(&self, org: &Org, name: &str) -> (Caller, PlayerId) {
        let caller = self.user(&format!("{} {name}", org.slug)).await;
        let player = self.player(org, name).await;
        let ctx = self.ctx(org).await;
        let mut tx = self.state.db.write(ctx.tenant().unwrap()).await.unwrap();
        tx.run(
            "update player set user_id = $3 where org_id = $1 and player_id = $2",
            (org.id, player, caller.user),
        )
        .await
        .unwrap();
        muster::server::events::commit(tx, &self.state.hub)
            .await
            .unwrap();
        (caller, player)
    }
}
