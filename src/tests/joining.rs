//! Joining (§5): from a newcomer's first visit to leaving again, through the server functions.

mod leaving;
mod requests;
mod search;
mod types;

use crate::{
    catalogue::{Maker, borrow},
    support::{APEX, Answer, Caller, Org, PASSWORD, World, on_both_databases},
};
use axum::http::StatusCode;
use muster::domain::{
    AppError, ConflictCode, FieldProblem, GroupId, MembershipId, PlayerId, RequestId,
    access::{Action, Missing},
    event::EventKind,
};
use muster::features::joining::model::{InboxPage, JoinPage, RequestState, RequestsPage};

/// An Org with groups of each policy.
struct Scene {
    world: World,
    org: Org,
    open: GroupId,
    asking: GroupId,
    closed: GroupId,
    private: GroupId,
}

impl Scene {
    async fn new(world: &World) -> Self {
        Self::of(world, world.org("apple").await).await
    }

    /// The same in an Org of this type.
    async fn of_type(world: &World, type_id: &str) -> Self {
        let slug = type_id.replace('.', "-");
        let founder = world.user(&format!("{slug} founder")).await;
        let org = world.org_of_type(type_id, &slug, &slug, &founder).await;
        Self::of(world, org).await
    }

    async fn of(world: &World, org: Org) -> Self {
        let root = org.id.root_group();
        let group = |name: &'static str, visibility: &'static str, policy: &'static str| {
            let (world, org) = (world.clone(), org.clone());
            async move {
                world
                    .group_with(&org, root, name, false, visibility, policy)
                    .await
            }
        };
        Self {
            world: world.clone(),
            open: group("Open House", "public", "open").await,
            asking: group("Pilots", "public", "by_request").await,
            closed: group("Staff", "public", "closed").await,
            private: group("Shadows", "private", "open").await,
            org,
        }
    }

    async fn send(&self, path: &str, fields: &[(&str, String)], caller: &Caller) -> Answer {
        self.world
            .command(&self.org.host, path, &borrow(fields), caller)
            .await
    }

    async fn join(&self, group: GroupId, caller: &Caller) -> Answer {
        let fields = [
            ("group_id", group.to_string()),
            ("note", "I can fly".into()),
        ];
        self.send("/api/joining/join_group", &fields, caller).await
    }

    async fn answer(&self, id: RequestId, verdict: &str, note: &str, caller: &Caller) -> Answer {
        let fields = [
            ("request_id", id.to_string()),
            ("verdict", verdict.to_owned()),
            ("note", note.to_owned()),
        ];
        self.send("/api/joining/answer_request", &fields, caller)
            .await
    }

    async fn withdraw(&self, id: RequestId, caller: &Caller) -> Answer {
        let fields = [("request_id", id.to_string())];
        self.send("/api/joining/withdraw_request", &fields, caller)
            .await
    }

    async fn inbox(&self, caller: &Caller) -> InboxPage {
        let path = "/api/joining/read_inbox";
        self.world.read(&self.org.host, path, caller).await.json()
    }

    async fn join_page(&self, caller: &Caller) -> JoinPage {
        let path = "/api/joining/read_join";
        self.world.read(&self.org.host, path, caller).await.json()
    }

    async fn page(&self, path: &str, caller: &Caller) -> Answer {
        self.world.get(&self.org.host, path, caller).await
    }

    /// Asks and answers the request's id.
    async fn ask(&self, group: GroupId, caller: &Caller) -> RequestId {
        let event = self.join(group, caller).await.outcome().event.unwrap();
        assert_eq!(event.kind, EventKind::JoinRequested);
        event.data.request.expect("the event names the request")
    }

    async fn player_of(&self, caller: &Caller) -> Option<(PlayerId, String, String)> {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let found = tx
            .optional(
                "select player_id, common_name, standing from player
                  where org_id = $1 and user_id = $2",
                (self.org.id, caller.user),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        found
    }

    async fn membership(&self, player: PlayerId, group: GroupId) -> Option<MembershipId> {
        let roster = self.world.roster(&self.org).await;
        let members = roster.members_of(group);
        members
            .iter()
            .find(|member| member.player_id == player)
            .map(|member| member.membership_id)
    }

    async fn ranks_of(&self, player: PlayerId) -> Vec<(bool, i64)> {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let found = tx
            .all(
                "select until is null, level from rank_holding
                  where org_id = $1 and player_id = $2 order by since, holding_id",
                (self.org.id, player),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        found
    }

    async fn set_standing(&self, player: PlayerId, standing: &str) {
        let ctx = self.world.ctx(&self.org).await;
        let db = &self.world.state.db;
        let mut tx = db.write(ctx.tenant().unwrap()).await.unwrap();
        tx.run(
            "update player set standing = $3 where org_id = $1 and player_id = $2",
            (self.org.id, player, standing.to_owned()),
        )
        .await
        .unwrap();
        muster::server::events::commit(tx, &self.world.state.hub)
            .await
            .unwrap();
    }

    /// A manager of a group who is no member of it.
    async fn manager_of(&self, group: GroupId, name: &str) -> Caller {
        let (caller, player) = self.world.claimed(&self.org, name).await;
        let fields = [
            ("group_id", group.to_string()),
            ("player_id", player.to_string()),
            ("manages", "true".to_owned()),
        ];
        self.send("/api/roster/set_manager", &fields, &self.org.founder)
            .await
            .outcome();
        caller
    }
}

fn conflict(code: ConflictCode) -> AppError {
    AppError::Conflict(code)
}

on_both_databases! {
    async fn a_newcomer_becomes_a_member(world: World) {
        let scene = Scene::new(&world).await;
        let manager = scene.manager_of(scene.asking, "Manager").await;
        let fields = [
            ("name", "Newcomer"),
            ("email", "newcomer@example.org"),
            ("password", PASSWORD),
        ];
        world
            .command(APEX, "/api/accounts/register_user", &fields, &Caller::default())
            .await
            .outcome();
        let newcomer = world.registered("Newcomer").await;
        assert!(scene.player_of(&newcomer).await.is_none());

        // An open group: at once, and the user is a player from then on.
        let joined = scene.join(scene.open, &newcomer).await.outcome();
        let event = joined.event.unwrap();
        assert_eq!(event.kind, EventKind::MemberAdded);
        assert!(!event.can_undo, "the undo of one's own joining is for managers");
        assert!(joined.leave, "what the viewer may do has changed, so the page loads anew");
        let (player, name, standing) = scene.player_of(&newcomer).await.unwrap();
        assert_eq!((name.as_str(), standing.as_str()), ("Newcomer", "active"));
        assert_eq!(scene.ranks_of(player).await.len(), 1, "a newcomer has the default rank");
        assert!(scene.membership(player, scene.open).await.is_some());

        // A group by request: it waits with those who answer.
        let request = scene.ask(scene.asking, &newcomer).await;
        assert!(scene.membership(player, scene.asking).await.is_none());
        let page = scene.page(&format!("/groups/{}", scene.asking), &newcomer).await;
        assert!(page.body.contains("Requested on"), "the group's page shows the request");
        let inbox = scene.inbox(&manager).await;
        assert_eq!(inbox.waiting.len(), 1);
        assert_eq!(inbox.waiting[0].id, request);
        assert_eq!(inbox.waiting[0].note, "I can fly");
        let page = scene.page("/inbox", &manager).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("I can fly") && page.body.contains("data-live"));
        assert!(page.body.contains("data-badge=\"inbox\""), "the rail counts what waits");

        let approved = scene.answer(request, "approve", "Welcome aboard", &manager).await;
        assert_eq!(approved.outcome().event.unwrap().kind, EventKind::JoinApproved);
        assert!(scene.membership(player, scene.asking).await.is_some());
        assert!(scene.inbox(&manager).await.waiting.is_empty());
        let mine = scene.join_page(&newcomer).await.mine;
        assert_eq!(mine[0].state, RequestState::Approved);
        assert_eq!((mine[0].by.as_str(), mine[0].answer.as_str()), ("Manager", "Welcome aboard"));

        // Nothing changes it any more.
        let late = scene.answer(request, "decline", "After all", &manager).await.error();
        assert_eq!(late, conflict(ConflictCode::RequestActioned));
        let late = scene.withdraw(request, &newcomer).await.error();
        assert_eq!(late, conflict(ConflictCode::RequestActioned));

        let events = world.event_kinds(&scene.org).await;
        let told: Vec<&str> = events.iter().rev().take(5).rev().map(String::as_str).collect();
        assert_eq!(
            told,
            ["player.joined", "member.added", "request.made", "request.approved", "member.added"]
        );
    }

    async fn a_request_of_somebody_who_is_no_player_makes_one_when_it_is_approved(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        let request = scene.ask(scene.asking, &guest).await;
        assert!(scene.player_of(&guest).await.is_none(), "asking makes no player");
        let founder = &scene.org.founder;
        assert!(scene.inbox(founder).await.waiting[0].player.is_none());
        scene.answer(request, "approve", "", founder).await.outcome();
        let (player, name, _) = scene.player_of(&guest).await.unwrap();
        assert_eq!(name, "Guest");
        assert!(scene.membership(player, scene.asking).await.is_some());
        assert_eq!(scene.ranks_of(player).await.len(), 1);
    }

    async fn several_groups_get_an_answer_each(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        let fields = [
            ("groups[0]", scene.closed.to_string()),
            ("groups[1]", scene.open.to_string()),
            ("groups[2]", scene.asking.to_string()),
            ("groups[3]", scene.private.to_string()),
            ("groups[4]", scene.open.to_string()),
            ("note", "Hello".to_owned()),
        ];
        let outcome = scene.send("/api/joining/join_groups", &fields, &guest).await.outcome();
        assert_eq!(outcome.event.unwrap().text, "Joined Open House. Asked to join Pilots.");
        let goto = outcome.goto.unwrap();
        assert_eq!(
            goto,
            format!("/join?joined={}&asked={}&not={}", scene.open, scene.asking, scene.closed),
            "each group is answered once, and the private one as if it had not been named"
        );
        let page = scene.page(&goto, &guest).await;
        for text in ["Joined", "Asked: waits for an answer", "Not joined: its managers add people"] {
            assert!(page.body.contains(text), "the page says “{text}”");
        }
        // Once more: everything is so already, and nothing is written.
        let before = world.event_kinds(&scene.org).await.len();
        let outcome = scene.send("/api/joining/join_groups", &fields, &guest).await.outcome();
        assert!(outcome.event.is_none());
        assert_eq!(world.event_kinds(&scene.org).await.len(), before);
        let page = scene.page(&outcome.goto.unwrap(), &guest).await;
        assert!(page.body.contains("you are in it already"));
        assert!(page.body.contains("you have asked already"));
        // A made-up address claims nothing.
        let forged = format!("/join?joined={}&asked={}", scene.closed, scene.open);
        let page = scene.page(&forged, &guest).await;
        assert!(!page.body.contains("a moment ago"), "the page believes its address");
        let none = scene.send("/api/joining/join_groups", &[("note", String::new())], &guest).await;
        assert_eq!(none.error(), AppError::field("groups[]", FieldProblem::Required));
    }

    async fn one_form_joins_one_exclusive_group(world: World) {
        let scene = Scene::new(&world).await;
        let root = scene.org.id.root_group();
        let alpha = world.group_with(&scene.org, root, "Alpha", true, "public", "open").await;
        let bravo = world.group_with(&scene.org, root, "Bravo", true, "public", "open").await;
        let guest = world.user("Guest").await;
        let fields = [("groups[0]", alpha.to_string()), ("groups[1]", bravo.to_string())];
        scene.send("/api/joining/join_groups", &fields, &guest).await.outcome();
        let (player, ..) = scene.player_of(&guest).await.unwrap();
        let roster = world.roster(&scene.org).await;
        assert_eq!(roster.exclusive_of(player).unwrap().1, alpha);
        // Joining the other by itself is a transfer, and the page says so.
        let page = scene.page(&format!("/groups/{bravo}/join"), &guest).await;
        assert!(page.body.contains("You are in Alpha now"));
        let event = scene.join(bravo, &guest).await.outcome().event.unwrap();
        assert_eq!(event.kind, EventKind::MemberTransferred);
        let roster = world.roster(&scene.org).await;
        assert_eq!(roster.exclusive_of(player).unwrap().1, bravo);
    }

    async fn joining_twice_at_once_is_one_membership(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        world.session(&scene.org.host, &guest).await;
        let (one, other) = tokio::join!(scene.join(scene.open, &guest), scene.join(scene.open, &guest));
        let (won, lost) = if one.status == StatusCode::OK { (&one, &other) } else { (&other, &one) };
        won.outcome();
        assert_eq!(lost.error(), conflict(ConflictCode::AlreadyMember));
        assert_eq!(world.roster(&scene.org).await.members_of(scene.open).len(), 1);
        let players = world.roster(&scene.org).await;
        assert_eq!(players.players.iter().filter(|p| p.common_name == "Guest").count(), 1);
    }

    async fn a_taken_name_is_said_and_another_is_taken(world: World) {
        let scene = Scene::new(&world).await;
        world.player(&scene.org, "GUEST").await;
        let guest = world.user("Guest").await;
        let taken = AppError::field("common_name", FieldProblem::Taken);
        assert_eq!(scene.join(scene.open, &guest).await.error(), taken);
        assert_eq!(scene.join(scene.asking, &guest).await.error(), taken);
        assert!(scene.player_of(&guest).await.is_none());
        let page = scene.page(&format!("/groups/{}/join", scene.open), &guest).await;
        assert!(page.body.contains("Somebody here has your call sign already"));
        let fields = [
            ("group_id", scene.asking.to_string()),
            ("common_name", "Wanderer".to_owned()),
        ];
        let asked = scene.send("/api/joining/join_group", &fields, &guest).await.outcome();
        let request = asked.event.unwrap().data.request.unwrap();
        // Taken between the request and its answer: whoever answers gives another.
        world.player(&scene.org, "Wanderer").await;
        let founder = &scene.org.founder;
        assert!(scene.inbox(founder).await.waiting[0].name_taken);
        assert_eq!(scene.answer(request, "approve", "", founder).await.error(), taken);
        let fields = [
            ("request_id", request.to_string()),
            ("verdict", "approve".to_owned()),
            ("common_name", "Wanderer Two".to_owned()),
        ];
        scene.send("/api/joining/answer_request", &fields, founder).await.outcome();
        assert_eq!(scene.player_of(&guest).await.unwrap().1, "Wanderer Two");
    }

    async fn private_and_closed_groups_take_nobody(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        assert_eq!(scene.join(scene.private, &guest).await.error(), AppError::NotFound);
        let closed = scene.join(scene.closed, &guest).await.error();
        assert_eq!(closed, conflict(ConflictCode::GroupClosed));
        assert!(scene.player_of(&guest).await.is_none());
        let anonymous = scene.join(scene.open, &Caller::default()).await.error();
        assert_eq!(anonymous, AppError::SignInRequired);
        // A member sees a private group, which counts as closed for somebody above it.
        let founder = scene.join(scene.private, &scene.org.founder).await.error();
        assert_eq!(founder, conflict(ConflictCode::GroupClosed));
        // A group whose only role leads gives it to nobody.
        let root = scene.org.id.root_group();
        let council = world.group_with(&scene.org, root, "Council", false, "public", "open").await;
        let maker = Maker::new(&world, &scene.org, root);
        let role = maker.role_named(council, "Member").await;
        scene
            .send("/api/roster/delete_role", &[("role_id", role.to_string())], &scene.org.founder)
            .await
            .outcome();
        let refused = scene.join(council, &guest).await.error();
        assert_eq!(refused, conflict(ConflictCode::GroupClosed));
        assert!(scene.player_of(&guest).await.is_none(), "a refused join makes no player");
    }

    async fn visitors_see_how_to_join(world: World) {
        let scene = Scene::new(&world).await;
        let page = scene.page("/join", &Caller::default()).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Log in to join") && page.body.contains("Open House"));
        assert!(!page.body.contains("Shadows"));
        assert!(!page.body.contains("For tests"), "descriptions are for members");
        let (member, _) = world.claimed(&scene.org, "Member").await;
        let page = scene.page("/join", &member).await;
        assert!(page.body.contains("For tests"), "members see the descriptions");
        let page = scene.page(&format!("/groups/{}", scene.open), &Caller::default()).await;
        assert!(page.body.contains("Log in to join"));
        let manager = scene.manager_of(scene.closed, "Gatekeeper").await;
        let page = scene.page(&format!("/groups/{}", scene.closed), &member).await;
        assert!(page.body.contains("Managers: Gatekeeper."), "a closed group says whom to ask");
        assert_eq!(scene.page("/inbox", &manager).await.status, StatusCode::OK);
        assert_eq!(scene.page("/inbox", &Caller::default()).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn the_members_of_a_manager_group_manage(world: World) {
        let scene = Scene::new(&world).await;
        let (deputy, player) = world.claimed(&scene.org, "Deputy").await;
        world.place(&scene.org, player, scene.closed, None, &scene.org.founder).await.outcome();
        let set = |of: GroupId, by: GroupId, manages: &str| {
            [
                ("group_id", of.to_string()),
                ("manager_group_id", by.to_string()),
                ("manages", manages.to_owned()),
            ]
        };
        let path = "/api/roster/set_manager_group";
        let founder = &scene.org.founder;
        let itself = scene.send(path, &set(scene.asking, scene.asking, "true"), founder).await;
        assert_eq!(itself.error(), AppError::field("manager_group_id", FieldProblem::Unknown));
        let refused = scene.send(path, &set(scene.asking, scene.closed, "true"), &deputy).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let guest = world.user("Guest").await;
        let request = scene.ask(scene.asking, &guest).await;
        assert!(scene.inbox(&deputy).await.waiting.is_empty());
        let added = scene.send(path, &set(scene.asking, scene.closed, "true"), founder).await;
        let seq = added.seq();
        assert_eq!(
            added.outcome().event.unwrap().text,
            "Made the members of Staff managers of Pilots"
        );
        let again = scene.send(path, &set(scene.asking, scene.closed, "true"), founder).await;
        assert_eq!(again.error(), conflict(ConflictCode::AlreadyMember));
        assert_eq!(scene.inbox(&deputy).await.waiting.len(), 1);
        let page = scene.page(&format!("/groups/{}", scene.asking), &deputy).await;
        assert!(page.body.contains("All its members"));
        scene.answer(request, "approve", "", &deputy).await.outcome();
        // Undone, they manage no more.
        let undo = [("seq", seq.to_string())];
        scene.send("/api/audit/undo_event", &undo, founder).await.outcome();
        let other = world.user("Other").await;
        let request = scene.ask(scene.asking, &other).await;
        let refused = scene.answer(request, "approve", "", &deputy).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let gone = scene.send(path, &set(scene.asking, scene.closed, "false"), founder).await;
        assert_eq!(gone.error(), conflict(ConflictCode::Stale));
    }

    async fn what_the_type_does_not_switch_on_is_not_there(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("update org_type set modules = 'ranks' where type_id = 'muster.unit'", ())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.join(scene.open, &guest).await.error(), AppError::NotFound);
        let founder = &scene.org.founder;
        for path in ["/join", "/leave", "/inbox"] {
            assert_eq!(scene.page(path, founder).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let page = scene.page(&format!("/groups/{}", scene.open), founder).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("href=\"/inbox\"") && !page.body.contains("href=\"/join\""));
    }

    async fn adding_twice_removing_and_founders(world: World) {
        let scene = Scene::new(&world).await;
        let leader = {
            let (caller, player) = world.claimed(&scene.org, "Leader").await;
            let placed = world
                .place(&scene.org, player, scene.open, Some("In Command"), &scene.org.founder)
                .await;
            placed.outcome();
            caller
        };
        let smith = world.player(&scene.org, "Smith").await;
        world.place(&scene.org, smith, scene.open, None, &leader).await.outcome();
        let twice = world.place(&scene.org, smith, scene.open, None, &leader).await.error();
        assert_eq!(twice, conflict(ConflictCode::AlreadyMember));
        let remove = |id: MembershipId, reason: &str| {
            [("membership_id", id.to_string()), ("reason", reason.to_owned())]
        };
        let path = "/api/roster/remove_member";
        let membership = scene.membership(smith, scene.open).await.unwrap();
        let refused = scene.send(path, &remove(membership, " "), &leader).await.error();
        assert!(matches!(refused, AppError::Invalid(_)), "removing takes a reason");
        scene.send(path, &remove(membership, "Left town"), &leader).await.outcome();
        // Managers cannot remove the founder.
        scene.join(scene.open, &scene.org.founder).await.outcome();
        let (founder, ..) = scene.player_of(&scene.org.founder).await.unwrap();
        let membership = scene.membership(founder, scene.open).await.unwrap();
        let refused = scene.send(path, &remove(membership, "Coup"), &leader).await.error();
        assert_eq!(refused, AppError::Forbidden(Missing::Protected));
    }
}
