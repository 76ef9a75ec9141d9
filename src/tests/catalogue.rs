//! Every server function with valid arguments: what the access matrix, the tenancy matrix and the
//! safety tests send.
//!
//! A new server function gets a row in [`ENDPOINTS`] and an arm in [`Maker::fields`]; the access
//! matrix fails until it has both. Arguments are made fresh for each call, in the subtree of one
//! group ([`Maker::home`]), so that calls do not disturb each other.

mod endpoints;
mod making;

pub(crate) use endpoints::{ENDPOINTS, Endpoint, On};

use crate::{
    cast::TARGET_LEVEL,
    support::{APEX, Answer, Caller, Org, PASSWORD, World},
};
use axum::{
    body::Body,
    http::{StatusCode, header},
};
use muster::{
    domain::{
        GroupId, MembershipId, PlayerId, PositionId, RankId, RankSetId, RoleId, SessionId,
        access::AccessSet,
    },
    features::guard::model::PlanPage,
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// Arguments by name.
pub(crate) type Fields = Vec<(&'static str, String)>;

/// Makes arguments that exist, in one Org.
#[derive(Clone)]
pub(crate) struct Maker {
    pub(crate) world: World,
    pub(crate) org: Org,
    /// Everything is made below this group.
    pub(crate) home: GroupId,
    count: Arc<AtomicU32>,
}

impl Maker {
    pub(crate) fn new(world: &World, org: &Org, home: GroupId) -> Self {
        Self {
            world: world.clone(),
            org: org.clone(),
            home,
            count: Arc::default(),
        }
    }

    /// The same, but everything is made below another group.
    pub(crate) fn below(&self, home: GroupId) -> Self {
        Self {
            home,
            ..self.clone()
        }
    }

    /// A name that was not used before. Two makers give the same names in the same order.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{what} {}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) async fn group(&self) -> GroupId {
        self.world
            .group(&self.org, self.home, &self.name("Squad"), true)
            .await
    }

    /// Somebody in no group.
    pub(crate) async fn player(&self) -> PlayerId {
        self.world.player(&self.org, &self.name("Player")).await
    }

    pub(crate) async fn member(&self) -> (PlayerId, GroupId, MembershipId) {
        let group = self.group().await;
        let name = self.name("Player");
        let fields = [
            ("common_name", name.as_str()),
            ("group_id", &group.to_string()),
        ];
        let answer = self.founder("/api/roster/create_player", &fields).await;
        let player = answer.outcome().event.unwrap().player_id.unwrap();
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (membership,): (MembershipId,) = tx
            .one(
                "select membership_id from membership where org_id = $1 and player_id = $2",
                (self.org.id, player),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (player, group, membership)
    }

    /// A role that nobody holds, and its group.
    pub(crate) async fn role(&self) -> (GroupId, RoleId) {
        let group = self.group().await;
        let name = self.name("Role");
        let fields = [("group_id", group.to_string()), ("name", name.clone())];
        self.founder("/api/roster/create_role", &borrow(&fields))
            .await
            .outcome();
        (group, self.role_named(group, &name).await)
    }

    /// The id of a group's role.
    pub(crate) async fn role_named(&self, group: GroupId, name: &str) -> RoleId {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (role,): (RoleId,) = tx
            .one(
                "select role_id from role where org_id = $1 and group_id = $2 and name = $3",
                (self.org.id, group, name.to_owned()),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        role
    }

    /// A position that nobody fills, its role and group.
    pub(crate) async fn position(&self) -> (GroupId, RoleId, PositionId) {
        let (group, role) = self.role().await;
        let fields = [
            ("group_id", group.to_string()),
            ("name", self.name("Position")),
            ("wants", "Patience".to_owned()),
            ("role_id", role.to_string()),
        ];
        self.founder("/api/roster/create_position", &borrow(&fields))
            .await
            .outcome();
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (position,): (PositionId,) = tx
            .one(
                "select position_id from position where org_id = $1 and group_id = $2",
                (self.org.id, group),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (group, role, position)
    }

    /// A rank of this level that grants nothing and that nobody holds.
    pub(crate) async fn rank(&self, level: i64) -> RankId {
        let name = self.name("Rank");
        let fields = [("name", name.as_str()), ("level", &level.to_string())];
        self.founder("/api/ranks/create_rank", &fields)
            .await
            .outcome();
        self.rank_named(&name).await
    }

    /// The id of a rank.
    pub(crate) async fn rank_named(&self, name: &str) -> RankId {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (rank,): (RankId,) = tx
            .one(
                "select rank_id from rank
                  where org_id = $1 and name = $2 and deleted_at is null",
                (self.org.id, name.to_owned()),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        rank
    }

    /// A rank set that no group uses.
    pub(crate) async fn rank_set(&self) -> RankSetId {
        let name = self.name("Set");
        let answer = self
            .founder("/api/ranks/create_rank_set", &[("name", &name)])
            .await;
        let goto = answer.outcome().goto.expect("the page of the new set");
        goto.rsplit('/').next().unwrap().parse().unwrap()
    }

    /// Somebody in a group, with a rank of this level that grants nothing.
    pub(crate) async fn ranked(&self, level: i64) -> PlayerId {
        let (player, _, _) = self.member().await;
        let access = AccessSet::default();
        self.world.rank(&self.org, player, level, access).await;
        player
    }

    /// Somebody who was removed from the organisation and whose rank had the target level.
    pub(crate) async fn gone(&self) -> PlayerId {
        let player = self.ranked(TARGET_LEVEL).await;
        let fields = [
            ("player_id", player.to_string()),
            ("reason", "For tests".to_owned()),
        ];
        self.founder("/api/roster/kick_player", &borrow(&fields))
            .await
            .outcome();
        player
    }

    /// The secret of an invitation to claim somebody, and who that is.
    pub(crate) async fn invitation(&self) -> (PlayerId, String) {
        let player = self.player().await;
        let id = player.to_string();
        let answer = self
            .founder("/api/roster/invite_player", &[("player_id", &id)])
            .await;
        let goto = answer
            .outcome()
            .goto
            .expect("inviting leads to the page with the link");
        let (_, secret) = goto.split_once("invitation=").expect("the link's secret");
        (player, secret.to_owned())
    }

    /// The id of an import that was checked.
    pub(crate) async fn import(&self) -> String {
        let group = self.name("Imported");
        let groups = format!("group,parent\n{group},\n");
        let members = format!(
            "player,group,role\n{},{group},member\n",
            self.name("Recruit")
        );
        let answer = upload(&self.world, &self.org, &groups, &members, &self.org.founder).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "the upload failed: {}",
            answer.body
        );
        answer.location().rsplit('/').next().unwrap().to_owned()
    }

    /// A command of the founder's.
    pub(crate) async fn founder(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.world
            .command(&self.org.host, path, fields, &self.org.founder)
            .await
    }

    async fn version(&self, caller: &Caller) -> (i64, String, String) {
        let user = caller.user.or(self.org.founder.user);
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let row = tx
            .one(
                "select version, name, email from user_account where user_id = $1",
                (user,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        row
    }

    /// A session of the caller's on some other host; the founder's for strangers.
    async fn session_of(&self, caller: &Caller) -> SessionId {
        let caller = if caller.user.is_some() {
            caller
        } else {
            &self.org.founder
        };
        self.world.session("elsewhere.example", caller).await;
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (session,): (SessionId,) = tx
            .one(
                "select session_id from session where user_id = $1 and host = 'elsewhere.example'",
                (caller.user,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        session
    }

    fn details(&self) -> Fields {
        vec![
            ("name", self.name("Squad")),
            ("acronym", String::new()),
            ("description", "For tests".into()),
            ("kind", "Squad".into()),
            ("visibility", "public".into()),
            ("policy", "closed".into()),
        ]
    }

    /// Valid arguments of a server function for this caller, made fresh.
    pub(crate) async fn fields(&self, path: &str, caller: &Caller) -> Fields {
        let one = || "1".to_owned();
        match path {
            "/api/access/read_access" => vec![("id", self.member().await.0.to_string())],
            "/api/access/see_as" => vec![("player_id", self.person_below().await.to_string())],
            "/api/accounts/change_password" => vec![
                ("old_password", PASSWORD.into()),
                ("new_password", "another horse battery".into()),
            ],
            "/api/accounts/edit_account" => {
                let (version, name, email) = self.version(caller).await;
                vec![
                    ("name", name),
                    ("email", email),
                    ("time_zone", "Europe/Paris".into()),
                    ("version", version.to_string()),
                ]
            }
            "/api/accounts/register_user" => {
                let name = self.name("Newcomer");
                let email = format!("{}@example.org", name.replace(' ', "."));
                vec![
                    ("name", name),
                    ("email", email),
                    ("password", PASSWORD.into()),
                ]
            }
            "/api/accounts/revoke_session" => {
                vec![("session_id", self.session_of(caller).await.to_string())]
            }
            "/api/accounts/set_theme" => vec![("theme", "dark".into())],
            "/api/accounts/sign_in" => {
                let name = self.name("Login");
                self.world.user(&name).await;
                vec![("login", name), ("password", PASSWORD.into())]
            }
            "/api/audit/undo_event" => {
                let (player, group) = (self.player().await, self.group().await);
                let org = &self.org;
                let placed = self
                    .world
                    .place_expecting(org, player, group, None, None, &org.founder)
                    .await;
                vec![("seq", placed.seq().to_string())]
            }
            "/api/guard/apply_plan" => {
                let (maker, plan) = self.plan(caller).await;
                let path = format!("/api/guard/read_plan?id={plan}");
                let page = self.world.read(&self.org.host, &path, &maker).await;
                let page: PlanPage = page.json();
                vec![
                    ("plan_id", plan),
                    ("digest", page.digest),
                    ("count", page.plan.items.len().to_string()),
                ]
            }
            "/api/guard/plan_rank_change" => {
                let (player, group, _) = self.member().await;
                vec![
                    ("group_id", group.to_string()),
                    ("players[0]", player.to_string()),
                    ("rank_id", self.rank_named("Private").await.to_string()),
                    ("reason", "Time in service".into()),
                ]
            }
            "/api/guard/plan_removal" => {
                let (_, group, membership) = self.member().await;
                vec![
                    ("group_id", group.to_string()),
                    ("members[0]", membership.to_string()),
                    ("reason", "Inactive".into()),
                ]
            }
            "/api/guard/read_candidates" => {
                vec![("group", self.member().await.1.to_string())]
            }
            "/api/guard/read_plan" => vec![("id", self.plan(caller).await.1)],
            "/api/ranks/apply_insignia" => vec![
                ("set", "navy".into()),
                ("rank_set_id", self.rank_set().await.to_string()),
            ],
            "/api/ranks/appoint_rank" => vec![
                ("rank_id", self.rank(TARGET_LEVEL - 10).await.to_string()),
                ("version", one()),
                ("standard", "default".into()),
            ],
            "/api/ranks/choose_rank_set" => vec![
                ("group_id", self.group().await.to_string()),
                ("rank_set_id", self.rank_set().await.to_string()),
            ],
            "/api/ranks/create_rank" => vec![
                ("name", self.name("Rank")),
                ("level", TARGET_LEVEL.to_string()),
            ],
            "/api/ranks/create_rank_set" => vec![("name", self.name("Set"))],
            "/api/ranks/delete_rank" => vec![
                ("rank_id", self.rank(TARGET_LEVEL).await.to_string()),
                ("version", one()),
            ],
            "/api/ranks/delete_rank_set" => vec![
                ("rank_set_id", self.rank_set().await.to_string()),
                ("version", one()),
            ],
            // From the target level down, and up to the target level.
            "/api/ranks/demote_player" => vec![
                ("player_id", self.ranked(TARGET_LEVEL).await.to_string()),
                ("rank_id", self.rank(TARGET_LEVEL - 10).await.to_string()),
                ("reason", "For tests".into()),
            ],
            "/api/ranks/promote_player" => vec![
                (
                    "player_id",
                    self.ranked(TARGET_LEVEL - 10).await.to_string(),
                ),
                ("rank_id", self.rank(TARGET_LEVEL).await.to_string()),
            ],
            "/api/ranks/edit_rank" => vec![
                ("rank_id", self.rank(TARGET_LEVEL - 10).await.to_string()),
                ("version", one()),
                ("name", self.name("Rank")),
                ("level", TARGET_LEVEL.to_string()),
            ],
            "/api/ranks/edit_rank_set" => vec![
                ("rank_set_id", self.rank_set().await.to_string()),
                ("version", one()),
                ("name", self.name("Set")),
                (
                    "titles[0][rank_id]",
                    self.rank(TARGET_LEVEL).await.to_string(),
                ),
                ("titles[0][name]", "Pilot".into()),
            ],
            "/api/ranks/read_group_rank_set" => vec![("id", self.group().await.to_string())],
            "/api/ranks/read_player_rank" => {
                vec![("id", self.ranked(TARGET_LEVEL).await.to_string())]
            }
            "/api/ranks/read_rank" => vec![("id", self.rank(TARGET_LEVEL).await.to_string())],
            "/api/ranks/read_rank_set" => vec![("id", self.rank_set().await.to_string())],
            "/api/roster/kick_player" => vec![
                ("player_id", self.ranked(TARGET_LEVEL).await.to_string()),
                ("reason", "For tests".into()),
            ],
            "/api/roster/reinstate_player" => {
                vec![("player_id", self.gone().await.to_string())]
            }
            "/api/roster/accept_invitation" | "/api/roster/read_invitation" => {
                vec![("token", self.invitation().await.1)]
            }
            "/api/roster/apply_shape" => vec![("shape", "infantry-company".into())],
            "/api/roster/create_group" => {
                let mut fields = vec![("parent_id", self.home.to_string())];
                fields.extend(self.details());
                fields
            }
            "/api/roster/create_player" => vec![
                ("common_name", self.name("Player")),
                ("group_id", self.group().await.to_string()),
            ],
            "/api/roster/create_position" => {
                let (group, role) = self.role().await;
                vec![
                    ("group_id", group.to_string()),
                    ("name", "Gunner".into()),
                    ("wants", String::new()),
                    ("role_id", role.to_string()),
                ]
            }
            "/api/roster/create_role" => {
                vec![
                    ("group_id", self.group().await.to_string()),
                    ("name", "Gunner".into()),
                ]
            }
            "/api/roster/delete_position" => {
                vec![("position_id", self.position().await.2.to_string())]
            }
            "/api/roster/delete_role" => vec![("role_id", self.role().await.1.to_string())],
            "/api/roster/edit_group" => {
                let group = self.group().await;
                let mut fields = vec![("group_id", group.to_string()), ("version", one())];
                fields.extend(self.details());
                fields
            }
            "/api/roster/edit_position" => {
                let (_, role, position) = self.position().await;
                vec![
                    ("position_id", position.to_string()),
                    ("version", one()),
                    ("name", "Gunner".into()),
                    ("role_id", role.to_string()),
                ]
            }
            "/api/roster/edit_role" => vec![
                ("role_id", self.role().await.1.to_string()),
                ("version", one()),
                ("name", "Gunner".into()),
            ],
            "/api/roster/invite_player" => {
                vec![("player_id", self.member().await.0.to_string())]
            }
            "/api/roster/move_group" => {
                let (parent, after) = (self.group().await, self.home);
                let group = self.group().await;
                let sibling = self
                    .world
                    .group(&self.org, parent, &self.name("Team"), true)
                    .await;
                assert_ne!(after, sibling);
                vec![
                    ("group_id", group.to_string()),
                    ("version", one()),
                    ("parent_id", parent.to_string()),
                    ("after", sibling.to_string()),
                ]
            }
            "/api/roster/place_player" => {
                let (player, _, membership) = self.member().await;
                let (group, _, position) = self.position().await;
                vec![
                    ("player_id", player.to_string()),
                    ("group_id", group.to_string()),
                    ("position_id", position.to_string()),
                    ("expected", membership.to_string()),
                ]
            }
            "/api/roster/place_players" => vec![
                ("group_id", self.group().await.to_string()),
                ("players[0]", self.player().await.to_string()),
                ("players[1]", self.player().await.to_string()),
            ],
            "/api/roster/post_member" => {
                let (_, group, membership) = self.member().await;
                let role = self.role_named(group, "In Command").await;
                vec![
                    ("membership_id", membership.to_string()),
                    ("role_id", role.to_string()),
                ]
            }
            "/api/roster/read_group" => vec![("id", self.group().await.to_string())],
            "/api/roster/read_player" => vec![("id", self.member().await.0.to_string())],
            "/api/roster/read_roster" => vec![("view", "cards".into())],
            "/api/roster/remove_member" => vec![
                ("membership_id", self.member().await.2.to_string()),
                ("reason", "Left".into()),
            ],
            "/api/roster/rename_player" => vec![
                ("player_id", self.member().await.0.to_string()),
                ("version", one()),
                ("common_name", self.name("Renamed")),
            ],
            "/api/roster/retire_group" => vec![
                ("group_id", self.group().await.to_string()),
                ("version", one()),
                ("members", "unassigned".into()),
            ],
            "/api/roster/search" => vec![("text", "Squad".into())],
            "/api/roster/set_manager" => vec![
                ("group_id", self.group().await.to_string()),
                ("player_id", self.player().await.to_string()),
                ("manages", "true".into()),
            ],
            "/api/tenants/accept_founding" => {
                self.offer().await;
                vec![("name", self.org_name().await)]
            }
            "/api/tenants/decline_founding"
            | "/api/tenants/read_founding_offer"
            | "/api/tenants/take_founding_back" => {
                self.offer().await;
                Vec::new()
            }
            "/api/tenants/offer_founding" => {
                self.no_offer().await;
                let (_, player) = self.world.claimed(&self.org, &self.name("Heir")).await;
                vec![("player_id", player.to_string())]
            }
            "/api/tenants/add_co_founder" => {
                let (_, player) = self.world.claimed(&self.org, &self.name("Deputy")).await;
                vec![("player_id", player.to_string())]
            }
            "/api/tenants/remove_co_founder" => {
                let (_, player) = self.world.claimed(&self.org, &self.name("Deputy")).await;
                let id = player.to_string();
                self.founder("/api/tenants/add_co_founder", &[("player_id", &id)])
                    .await
                    .outcome();
                vec![("player_id", id)]
            }
            "/api/tenants/edit_org" => {
                let mut tx = self.world.state.db.system_read().await.unwrap();
                let (version, name): (i64, String) = tx
                    .one(
                        "select version, name from org where org_id = $1",
                        (self.org.id,),
                    )
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
                vec![
                    ("name", name),
                    ("time_zone", "Europe/Paris".into()),
                    ("accent_hue", "30".into()),
                    ("version", version.to_string()),
                ]
            }
            "/api/tenants/found_org" => vec![
                ("name", self.name("Club")),
                ("type_id", "muster.guild".into()),
            ],
            "/api/transfer_data/read_import" | "/api/transfer_data/start_import" => {
                vec![("import_id", self.import().await)]
            }
            _ => Vec::new(),
        }
    }

    /// Sends a call.
    pub(crate) async fn call(
        &self,
        endpoint: &Endpoint,
        fields: &[(&'static str, String)],
        caller: &Caller,
    ) -> Answer {
        call_on(&self.world, self.host(endpoint), endpoint, fields, caller).await
    }

    /// The host on which the server function answers.
    pub(crate) fn host(&self, endpoint: &Endpoint) -> &str {
        match endpoint.on {
            On::Apex => APEX,
            On::Org => &self.org.host,
        }
    }

    /// Waits until no import runs, so that the next one can start.
    pub(crate) async fn imports_done(&self) {
        for _ in 0..400 {
            let mut tx = self.world.state.db.system_read().await.unwrap();
            let (running,): (i64,) = tx
                .one(
                    "select count(*) from import_run where state = 'running'",
                    (),
                )
                .await
                .unwrap();
            tx.commit().await.unwrap();
            if running == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("an import did not end within ten seconds; see its error in the log");
    }
}

/// Borrows owned fields for [`World::command`].
pub(crate) fn borrow<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// Sends a call to any host.
pub(crate) async fn call_on(
    world: &World,
    host: &str,
    endpoint: &Endpoint,
    fields: &[(&'static str, String)],
    caller: &Caller,
) -> Answer {
    if endpoint.reads {
        return world.read(host, &read_path(endpoint, fields), caller).await;
    }
    let answer = world
        .command(host, endpoint.path, &borrow(fields), caller)
        .await;
    if endpoint.path == "/api/access/see_as" {
        world.own_eyes().await;
    }
    answer
}

/// Path and query of a read.
pub(crate) fn read_path(endpoint: &Endpoint, fields: &[(&'static str, String)]) -> String {
    let query: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", crate::support::encode(value)))
        .collect();
    format!("{}?{}", endpoint.path, query.join("&"))
}

/// Sends the files of an import as the page does.
pub(crate) async fn upload(
    world: &World,
    org: &Org,
    groups: &str,
    memberships: &str,
    caller: &Caller,
) -> Answer {
    const BOUNDARY: &str = "muster-boundary";
    let part = |name: &str, text: &str| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; \
             filename=\"{name}.csv\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n"
        )
    };
    let body = format!(
        "{}{}--{BOUNDARY}--\r\n",
        part("groups", groups),
        part("memberships", memberships)
    );
    let request = world
        .request("POST", &org.host, "/import/upload", caller)
        .await
        .header(header::ACCEPT, "text/html")
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        );
    world.send(request.body(Body::from(body)).unwrap()).await
}
