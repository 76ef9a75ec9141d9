//! Valid arguments of every server function.

use super::{Fields, Maker, org_type};
use crate::{
    cast::TARGET_LEVEL,
    support::{Caller, PASSWORD},
};
use muster::features::guard::model::PlanPage;

impl Maker {
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
        if let Some(fields) = self.billeting(path, caller).await {
            return fields;
        }
        let one = || "1".to_owned();
        if let Some(function) = path.strip_prefix("/api/operations/") {
            return self.operation_arguments(function, caller).await;
        }
        match path {
            path if path.starts_with("/api/attendance/") || path.starts_with("/api/leave/") => {
                self.attending(path, caller).await
            }
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
            "/api/criteria/read_preview" => {
                vec![("rule", format!(r#"{{"member_of": "{}"}}"#, self.home))]
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
            "/api/joining/answer_request" => vec![
                ("request_id", self.request().await.0.to_string()),
                ("verdict", "approve".into()),
                ("note", "Welcome".into()),
            ],
            "/api/joining/join_group" => {
                vec![("group_id", self.joinable("open").await.to_string())]
            }
            // One, because a call that joins another one changes what the next call answers.
            "/api/joining/join_groups" => {
                vec![("groups[0]", self.joinable("open").await.to_string())]
            }
            "/api/joining/leave_group" => {
                vec![(
                    "membership_id",
                    self.own_membership(caller).await.to_string(),
                )]
            }
            // Without `sure`, so that nobody is gone for the calls that follow.
            "/api/joining/leave_org" => vec![("reason", "Enough".into())],
            "/api/joining/read_offer" => {
                vec![("group_id", self.joinable("open").await.to_string())]
            }
            "/api/joining/read_requests" => {
                vec![("group_id", self.request().await.1.to_string())]
            }
            "/api/joining/withdraw_request" => {
                let who = match caller.user {
                    Some(_) => caller,
                    None => &self.org.founder,
                };
                vec![("request_id", self.request_of(who).await.0.to_string())]
            }
            "/api/notices/mark_all_read" => vec![("up_to", "9".into())],
            "/api/notices/open_notice" => vec![("notice_id", self.notice(caller).await)],
            "/api/notices/set_switches" => vec![
                ("in_app[0]", "membership".into()),
                ("mail[3]", "requests".into()),
            ],
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
            "/api/roster/set_manager_group" => vec![
                ("group_id", self.group().await.to_string()),
                ("manager_group_id", self.group().await.to_string()),
                ("manages", "true".into()),
            ],
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
            "/api/tenants/create_org_type" => {
                let id = format!("example.{}", self.name("type").replace(' ', "-"));
                org_type(&id)
            }
            "/api/tenants/edit_org_type" => {
                let mut fields = org_type("muster.guild");
                fields.push(("version", one()));
                fields
            }
            "/api/tenants/read_org_type" => vec![("type_id", "muster.unit".into())],
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
}
