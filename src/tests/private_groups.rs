//! A private group does not exist for those outside (§5.2): whatever they ask, the answer is the
//! same, byte for byte, whether the group is there or not.
//!
//! The number of the Org's newest event is left out of the comparison: it counts what happened, and
//! pages carry it so that browsers know when to read again.

use crate::{
    catalogue::{ENDPOINTS, Maker, borrow, call_on},
    support::{APEX, Caller, Org, World, on_both_databases},
    tenancy::{never_issued, plain, without},
};
use muster::domain::{GroupId, PlayerId};

/// A word that stands only in what is private.
const MARK: &str = "Zebra";

struct Scene {
    world: World,
    org: Org,
    maker: Maker,
    public: GroupId,
    elsewhere: GroupId,
    /// In a public group, and later in the private one.
    both: PlayerId,
    /// In no group, and later in the private one.
    only: PlayerId,
    /// A stranger, a member outside, a leader of another group.
    outside: Vec<(&'static str, Caller)>,
    /// Member of the private group.
    inside: Caller,
    inside_player: PlayerId,
    /// Leads the group above the private one.
    above: Caller,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let public = world.group(&org, root, "Here", false).await;
        let elsewhere = world.group(&org, root, "Elsewhere", false).await;
        let maker = Maker::new(world, &org, public);
        let both = world.player(&org, "Both").await;
        world
            .place(&org, both, public, None, &org.founder)
            .await
            .outcome();
        let only = world.player(&org, "Only").await;
        let (member, player) = world.claimed(&org, "Member").await;
        world
            .place(&org, player, public, None, &org.founder)
            .await
            .outcome();
        let (leader, player) = world.claimed(&org, "Leader").await;
        world
            .place(&org, player, elsewhere, Some("In Command"), &org.founder)
            .await
            .outcome();
        let (above, player) = world.claimed(&org, "Above").await;
        world
            .place(&org, player, public, Some("In Command"), &org.founder)
            .await
            .outcome();
        let (inside, inside_player) = world.claimed(&org, "Inside").await;
        let asker = world.user("Asker").await;
        let asked = world
            .group_with(&org, root, "Asked", false, "public", "by_request")
            .await;
        let fields = [("group_id", asked.to_string())];
        let asking = [&asker, &leader];
        for caller in asking {
            world
                .command(
                    &org.host,
                    "/api/joining/join_group",
                    &borrow(&fields),
                    caller,
                )
                .await
                .outcome();
        }
        let fields = [
            ("group_id", elsewhere.to_string()),
            ("manager_group_id", public.to_string()),
            ("manages", "true".to_owned()),
        ];
        maker
            .founder("/api/roster/set_manager_group", &borrow(&fields))
            .await
            .outcome();
        let outside = vec![
            ("a stranger", Caller::default()),
            ("a member", member),
            ("a leader", leader),
            ("somebody who asks to join", asker),
        ];
        Self {
            world: world.clone(),
            org,
            maker,
            public,
            elsewhere,
            both,
            only,
            outside,
            inside,
            inside_player,
            above,
        }
    }

    async fn private_group(&self, parent: GroupId, name: &str, exclusive: bool) -> GroupId {
        let fields = [
            ("parent_id", parent.to_string()),
            ("name", format!("{MARK} {name}")),
            ("acronym", "ZBR".to_owned()),
            ("description", format!("{MARK} description")),
            ("kind", format!("{MARK} kind")),
            ("exclusive", exclusive.to_string()),
            ("visibility", "private".to_owned()),
            // Counts as closed all the same.
            ("policy", "open".to_owned()),
        ];
        let answer = self
            .maker
            .founder("/api/roster/create_group", &borrow(&fields))
            .await;
        answer.outcome().event.unwrap().group_id.unwrap()
    }

    /// Makes the private group below a public one, with all that a group can have.
    async fn hide(&self, exclusive: bool) -> GroupId {
        let (world, org, maker) = (&self.world, &self.org, &self.maker);
        let hidden = self.private_group(self.public, "Cell", exclusive).await;
        let below = world
            .group(org, hidden, &format!("{MARK} Team"), exclusive)
            .await;
        let top = self
            .private_group(org.id.root_group(), "Staff", exclusive)
            .await;
        for (player, group) in [
            (self.both, hidden),
            (self.only, below),
            (self.inside_player, top),
        ] {
            world
                .place_expecting(org, player, group, None, None, &org.founder)
                .await
                .outcome();
        }
        if exclusive {
            let moved = world
                .place(org, self.only, hidden, Some("In Command"), &org.founder)
                .await;
            moved.outcome();
        }
        let role = maker.role_named(hidden, "Member").await;
        let fields = [
            ("group_id", hidden.to_string()),
            ("name", format!("{MARK} Gunner")),
            ("wants", format!("{MARK} wants")),
            ("role_id", role.to_string()),
        ];
        maker
            .founder("/api/roster/create_position", &borrow(&fields))
            .await
            .outcome();
        let fields = [
            ("group_id", hidden.to_string()),
            ("player_id", self.both.to_string()),
            ("manages", "true".to_owned()),
        ];
        maker
            .founder("/api/roster/set_manager", &borrow(&fields))
            .await
            .outcome();
        // The private group manages another that is public.
        let fields = [
            ("group_id", self.elsewhere.to_string()),
            ("manager_group_id", hidden.to_string()),
            ("manages", "true".to_owned()),
        ];
        maker
            .founder("/api/roster/set_manager_group", &borrow(&fields))
            .await
            .outcome();
        self.ask_for(top).await;
        hidden
    }

    /// Leaves a request for a private group behind, which was public when somebody asked.
    async fn ask_for(&self, group: GroupId) {
        let id = group.to_string();
        let asker = self.world.user(&format!("{MARK} Asker")).await;
        self.show(group, "public").await;
        let fields = [("group_id", id.as_str()), ("note", MARK)];
        self.world
            .command(&self.org.host, "/api/joining/join_group", &fields, &asker)
            .await
            .outcome();
        self.show(group, "private").await;
    }

    /// Shows a group to everybody or hides it, past all events.
    async fn show(&self, group: GroupId, visibility: &str) {
        let mut tx = self.world.state.db.system().await.unwrap();
        tx.run(
            "update roster_group set visibility = $3, policy = 'by_request'
              where org_id = $1 and group_id = $2",
            (self.org.id, group, visibility.to_owned()),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        // An event, so that no roster of before is kept in memory.
        let name = format!("{MARK} {visibility}");
        let fields = [("group_id", group.to_string()), ("name", name)];
        self.maker
            .founder("/api/roster/create_role", &borrow(&fields))
            .await
            .outcome();
    }

    /// Everything that an outsider can read.
    async fn everything(&self, caller: &Caller, with_edit: bool) -> Vec<(String, String)> {
        let mut paths: Vec<String> = Vec::new();
        for view in ["cards", "tree", "chart", "table"] {
            paths.push(format!("/roster?view={view}"));
            paths.push(format!("/roster?view={view}&filter={MARK}"));
            paths.push(format!("/roster?view={view}&filter=o"));
            paths.push(format!("/api/roster/read_roster?view={view}"));
        }
        if with_edit {
            paths.push("/roster?edit=1".into());
            paths.push("/api/roster/read_roster?view=cards&edit=true".into());
        }
        for id in [self.public, self.elsewhere] {
            paths.push(format!("/groups/{id}"));
            paths.push(format!("/groups/{id}/edit"));
            paths.push(format!("/groups/{id}/move"));
            paths.push(format!("/groups/{id}/retire"));
            paths.push(format!("/groups/{id}/add"));
            paths.push(format!("/groups/new?parent={id}"));
            paths.push(format!("/groups/{id}/join"));
            paths.push(format!("/groups/{id}/leave"));
            paths.push(format!("/groups/{id}/requests"));
            paths.push(format!("/groups/{id}/managers"));
            paths.push(format!("/api/roster/read_group?id={id}"));
            paths.push(format!("/api/joining/read_offer?group_id={id}"));
            paths.push(format!("/api/joining/read_requests?group_id={id}"));
        }
        for id in [self.both, self.only] {
            paths.push(format!("/players/{id}"));
            paths.push(format!("/players/{id}/move"));
            paths.push(format!("/players/{id}/edit"));
            paths.push(format!("/api/roster/read_player?id={id}"));
        }
        for text in [MARK, "ZBR", "o", "Only", "Both", ""] {
            paths.push(format!("/search?q={text}"));
            paths.push(format!("/api/roster/search?text={text}"));
            paths.push(format!("/search/palette?q={text}"));
        }
        paths.extend(
            [
                "/log",
                "/log?kind=group.created",
                "/log?kind=member.added",
                "/join",
                "/leave",
                "/inbox",
                "/api/joining/read_join",
                "/api/joining/read_inbox",
                "/api/audit/list_events",
                "/api/roster/read_choices",
                "/players/new",
                "/groups/new",
                "/start",
                "/settings",
                "/",
                "/about",
                "/api/tenants/read_public_face",
                "/robots.txt",
            ]
            .map(String::from),
        );
        let mut answers = Vec::new();
        for text in ["", MARK, "Here", "Cell"] {
            for path in [
                format!("/orgs?q={text}"),
                format!("/api/tenants/search_orgs?text={text}"),
            ] {
                let answer = self.world.get(APEX, &path, caller).await;
                answers.push((path, plain(&answer, "\u{0}")));
            }
        }
        for path in paths {
            let answer = if path.starts_with("/api/") {
                self.world.read(&self.org.host, &path, caller).await
            } else {
                self.world.get(&self.org.host, &path, caller).await
            };
            answers.push((path, without_numbers(&plain(&answer, "\u{0}"))));
        }
        answers
    }
}

/// Without the number of the newest event, and lengths that depend on it.
fn without_numbers(text: &str) -> String {
    let mut text = text.to_owned();
    for start in [
        "\"seq\":",
        "\\\"seq\\\":",
        "data-seq=\"",
        "content-length: ",
    ] {
        let mut parts = text.split(start);
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            kept.push_str(start);
            // Numbers of events in a list tell the events apart, but not their distance.
            kept.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        text = kept;
    }
    without(&text, "\"now\":\"")
}

/// Where two texts part.
fn difference(before: &str, after: &str) -> String {
    let at = before.bytes().zip(after.bytes()).position(|(a, b)| a != b);
    let at = at
        .unwrap_or(before.len().min(after.len()))
        .saturating_sub(150);
    let cut = |text: &str| {
        text.bytes()
            .skip(at)
            .take(400)
            .map(char::from)
            .collect::<String>()
    };
    format!(
        "without it: …{}…\nwith it:    …{}…",
        cut(before),
        cut(after)
    )
}

async fn nothing_shows(world: World, exclusive: bool) {
    let scene = Scene::new(&world).await;
    let mut before = Vec::new();
    for (_, caller) in &scene.outside {
        before.push(scene.everything(caller, !exclusive).await);
    }
    let hidden = scene.hide(exclusive).await;
    let mut leaks = Vec::new();
    for ((name, caller), before) in scene.outside.iter().zip(before) {
        let after = scene.everything(caller, !exclusive).await;
        for ((path, before), (_, after)) in before.iter().zip(&after) {
            // What was asked for stands in the answer.
            let asked = path.contains(MARK);
            if before != after || (!asked && after.contains(MARK)) {
                leaks.push(format!(
                    "{path} tells {name} of it:\n{}",
                    difference(before, after)
                ));
            }
        }
    }
    assert!(
        leaks.is_empty(),
        "a private group shows to those outside; everything that lists groups, members, counts or \
         events goes through Roster::visible_to:\n\n{}",
        leaks.join("\n\n")
    );
    // Those who belong to it do see it, or this test shows nothing.
    for (name, caller) in [("above", &scene.above), ("the founder", &scene.org.founder)] {
        let page = scene.world.get(&scene.org.host, "/roster", caller).await;
        assert!(
            page.body.contains("Zebra Cell"),
            "{name} must see the private group"
        );
        let page = scene
            .world
            .get(&scene.org.host, &format!("/groups/{hidden}"), caller)
            .await;
        assert_eq!(
            page.status.as_u16(),
            200,
            "{name} must see the private group's page"
        );
    }
    let page = scene
        .world
        .get(&scene.org.host, "/roster", &scene.inside)
        .await;
    assert!(page.body.contains("Zebra Staff") && !page.body.contains("Zebra Cell"));
}

on_both_databases! {
    async fn an_exclusive_private_group_does_not_show(world: World) {
        nothing_shows(world, true).await;
    }

    async fn an_ordinary_private_group_does_not_show(world: World) {
        nothing_shows(world, false).await;
    }

    async fn ids_of_private_groups_are_like_ids_that_never_were(world: World) {
        let scene = Scene::new(&world).await;
        let hidden = scene.hide(true).await;
        let mut tx = world.state.db.system_read().await.unwrap();
        let (position, role): (muster::domain::PositionId, muster::domain::RoleId) = tx
            .one(
                "select position_id, role_id from position where org_id = $1 and group_id = $2",
                (scene.org.id, hidden),
            )
            .await
            .unwrap();
        let (membership,): (muster::domain::MembershipId,) = tx
            .one(
                "select membership_id from membership
                  where org_id = $1 and group_id = $2 and player_id = $3 and until is null",
                (scene.org.id, hidden, scene.both),
            )
            .await
            .unwrap();
        let (request,): (muster::domain::RequestId,) = tx
            .one(
                "select r.request_id from join_request r join roster_group g
                     on g.org_id = r.org_id and g.group_id = r.group_id
                  where r.org_id = $1 and g.visibility = 'private'",
                (scene.org.id,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let hidden_id = |field: &str| match field {
            "parent_id" | "group_id" | "manager_group_id" | "id" | "after" | "groups[0]" => Some(hidden.to_string()),
            "request_id" => Some(request.to_string()),
            "role_id" => Some(role.to_string()),
            "position_id" => Some(position.to_string()),
            "membership_id" => Some(membership.to_string()),
            _ => None,
        };
        let mut leaks = Vec::new();
        for endpoint in ENDPOINTS {
            if !["/api/roster/", "/api/joining/"]
                .iter()
                .any(|area| endpoint.path.starts_with(area))
            {
                continue;
            }
            let fields = scene.maker.fields(endpoint.path, &scene.org.founder).await;
            for at in 0..fields.len() {
                let Some(id) = hidden_id(fields[at].0) else { continue };
                if endpoint.path.ends_with("read_player") {
                    continue;
                }
                for (name, caller) in &scene.outside {
                    let ask = |value: String| {
                        let mut fields = fields.clone();
                        fields[at].1 = value;
                        let world = &world;
                        let host = &scene.org.host;
                        async move { call_on(world, host, endpoint, &fields, caller).await }
                    };
                    let random = never_issued();
                    let probe = plain(&ask(id.clone()).await, &id);
                    let never = plain(&ask(random.clone()).await, &random);
                    if probe != never {
                        leaks.push(format!(
                            "{} with {} by {name}:\n{}",
                            endpoint.path, fields[at].0, difference(&never, &probe)
                        ));
                    }
                }
            }
        }
        for path in [
            "", "/edit", "/move", "/retire", "/add", "/managers", "/roles/new", "/positions/new",
            "/join", "/leave", "/requests",
        ] {
            for (name, caller) in &scene.outside {
                let random = never_issued();
                let ask = |id: &str| {
                    let path = format!("/groups/{id}{path}");
                    let (world, host) = (&world, &scene.org.host);
                    async move { world.get(host, &path, caller).await }
                };
                let probe = plain(&ask(&hidden.to_string()).await, &hidden.to_string());
                let never = plain(&ask(&random).await, &random);
                if probe != never {
                    leaks.push(format!("/groups/…{path} by {name}:\n{}", difference(&never, &probe)));
                }
            }
        }
        assert!(
            leaks.is_empty(),
            "an id of a private group can be told from one that never was; authorise() answers \
             NotFound for what the actor may not see:\n\n{}",
            leaks.join("\n\n")
        );
    }

    async fn a_retired_private_group_does_not_show(world: World) {
        let scene = Scene::new(&world).await;
        scene.hide(false).await;
        let roster = world.roster(&scene.org).await;
        // Subgroups first; the one of them is public and hidden with the private one above it.
        let mut groups: Vec<_> = roster.groups.iter().filter(|g| g.name.starts_with(MARK)).collect();
        groups.reverse();
        assert_eq!(groups.len(), 3);
        for group in groups {
            let fields = [
                ("group_id", group.id.to_string()),
                ("version", group.version.to_string()),
                ("members", "unassigned".to_owned()),
            ];
            let retired = scene.maker.founder("/api/roster/retire_group", &borrow(&fields)).await;
            retired.outcome();
        }
        let mut leaks = Vec::new();
        for (name, caller) in &scene.outside {
            for (path, answer) in scene.everything(caller, true).await {
                if !path.contains(MARK) && answer.contains(MARK) {
                    let at = answer.find(MARK).unwrap_or_default();
                    let around: String = answer.chars().skip(at.saturating_sub(80)).take(200).collect();
                    leaks.push(format!("{path} tells {name} of it: …{around}…"));
                }
            }
        }
        assert!(
            leaks.is_empty(),
            "a private group shows to those outside once it is retired; Roster::visible_to hides \
             retired groups, too:\n\n{}",
            leaks.join("\n\n")
        );
        for (name, caller) in [("above", &scene.above), ("the founder", &scene.org.founder)] {
            let log = world.get(&scene.org.host, "/log", caller).await;
            assert!(log.body.contains("Zebra Cell"), "{name} must see what became of it");
        }
        let log = world.get(&scene.org.host, "/log", &scene.above).await;
        assert!(!log.body.contains("Zebra Staff"), "it stood above nobody but the founder");
    }

    async fn the_past_of_a_private_group_does_not_show(world: World) {
        let scene = Scene::new(&world).await;
        scene.hide(true).await;
        world.wait(chrono::Duration::days(3));
        let day = (world.now() - chrono::Duration::days(1)).format("%Y-%m-%d").to_string();
        for (name, caller) in &scene.outside {
            for view in ["cards", "tree", "chart", "table"] {
                let path = format!("/roster?view={view}&as_of={day}");
                let page = world.get(&scene.org.host, &path, caller).await;
                assert!(!page.body.contains(MARK), "{path} tells {name} of the private group");
            }
        }
        let page = world.get(&scene.org.host, &format!("/roster?as_of={day}"), &scene.org.founder).await;
        assert!(page.body.contains(MARK), "the founder sees it in the past, too");
    }
}
