//! Every server function with valid arguments: what the access matrix, the tenancy matrix and the
//! safety tests send.
//!
//! A new server function gets a row in [`ENDPOINTS`] and an arm in [`Maker::fields`]; the access
//! matrix fails until it has both. Arguments are made fresh for each call, in the subtree of one
//! group ([`Maker::home`]), so that calls do not disturb each other.

mod attending;
mod billeting;
mod endpoints;
mod fields;
mod making;
mod operations;

pub(crate) use endpoints::{ENDPOINTS, Endpoint, On};

use crate::{
    cast::TARGET_LEVEL,
    support::{APEX, Answer, Caller, Org, World},
};
use axum::{
    body::Body,
    http::{StatusCode, header},
};
use muster::domain::{
    GroupId, MembershipId, NoticeId, PlayerId, PositionId, RankId, RankSetId, RequestId, RoleId,
    SessionId, access::AccessSet,
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use tokio::sync::OnceCell;

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
    /// Somebody who asks to join groups.
    asker: Arc<OnceCell<Caller>>,
}

impl Maker {
    pub(crate) fn new(world: &World, org: &Org, home: GroupId) -> Self {
        Self {
            world: world.clone(),
            org: org.clone(),
            home,
            count: Arc::default(),
            asker: Arc::default(),
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

    /// A number that was not used before.
    pub(crate) fn number(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) async fn group(&self) -> GroupId {
        self.world
            .group(&self.org, self.home, &self.name("Squad"), true)
            .await
    }

    /// An ordinary group below home that people join in this way.
    pub(crate) async fn joinable(&self, policy: &str) -> GroupId {
        let name = self.name("Club");
        self.world
            .group_with(&self.org, self.home, &name, false, "public", policy)
            .await
    }

    /// A request to join a fresh group, and the group.
    pub(crate) async fn request_of(&self, caller: &Caller) -> (RequestId, GroupId) {
        let group = self.joinable("by_request").await;
        let id = group.to_string();
        let fields = [("group_id", id.as_str()), ("note", "Please")];
        self.world
            .command(&self.org.host, "/api/joining/join_group", &fields, caller)
            .await
            .outcome();
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (request,): (RequestId,) = tx
            .one(
                "select request_id from join_request where org_id = $1 and group_id = $2",
                (self.org.id, group),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (request, group)
    }

    /// A request of somebody who asks for a living.
    pub(crate) async fn request(&self) -> (RequestId, GroupId) {
        // Two makers may give the same names; a user's is unique over all Orgs.
        let name = format!("Asker {}", &uuid::Uuid::now_v7().to_string()[24..]);
        let asker = self.asker.get_or_init(|| self.world.user(&name)).await;
        self.request_of(asker).await
    }

    /// A membership of the caller in a fresh group; the founder's for who is no player here.
    async fn own_membership(&self, caller: &Caller) -> MembershipId {
        let group = self.joinable("open").await;
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let is_player: Option<(PlayerId,)> = tx
            .optional(
                "select player_id from player where org_id = $1 and user_id = $2",
                (self.org.id, caller.user),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let who = match is_player {
            Some(_) => caller,
            None => &self.org.founder,
        };
        let fields = [("group_id", group.to_string())];
        self.world
            .command(
                &self.org.host,
                "/api/joining/join_group",
                &borrow(&fields),
                who,
            )
            .await
            .outcome();
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (membership,): (MembershipId,) = tx
            .one(
                "select membership_id from membership where org_id = $1 and group_id = $2",
                (self.org.id, group),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        membership
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

    /// The id of a new notice of the caller's; the founder's for strangers.
    async fn notice(&self, caller: &Caller) -> String {
        let user = caller.user.or(self.org.founder.user);
        let ctx = self.world.ctx(&self.org).await;
        let id = NoticeId(uuid::Uuid::now_v7());
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let mut tx = self
            .world
            .state
            .db
            .write_beside(ctx.tenant().unwrap())
            .await
            .unwrap();
        tx.run(
            "insert into notice (org_id, notice_id, user_id, seq, topic, text, href, created_at)
             values ($1, $2, $3, $4, 'rank', 'You were promoted', '/roster', $5)",
            (
                self.org.id,
                id,
                user,
                i64::from(number) - 1_000_000,
                self.world.now(),
            ),
        )
        .await
        .unwrap();
        tx.done().await.unwrap();
        id.to_string()
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

/// The fields of an org type with two ranks.
pub(crate) fn org_type(id: &str) -> Fields {
    [
        ("type_id", id),
        ("name", "Club"),
        ("description", "For tests."),
        ("member_kind", "player"),
        ("modules[]", "joining"),
        ("access[]", "log.read"),
        ("access[]", "player.kick"),
        ("command_name", "club"),
        ("ranks[0][level]", "0"),
        ("ranks[0][name]", "Visitor"),
        ("ranks[1][level]", "10"),
        ("ranks[1][name]", "Regular"),
        ("ranks[1][access][]", "log.read"),
        ("default", "1"),
        ("guest", "0"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
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
