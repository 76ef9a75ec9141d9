//! Who is told what (§5.4): the right people, nobody else, each once, and where they want it.

mod worker;

use crate::{
    catalogue::{borrow, upload},
    support::{Caller, Org, World, on_both_databases},
};
use axum::http::StatusCode;
use chrono::Duration;
use muster::{
    domain::{
        AppError, GroupId, PlayerId, RequestId,
        event::{EventData, EventKind},
    },
    features::{
        demo,
        notices::{
            model::{NoticePage, Switch, Topic},
            service::catch_up,
        },
    },
    server::{
        events::{self, NewEvent},
        housekeeping,
    },
};
use uuid::Uuid;

const LIST: &str = "/api/notices/list_notices";

async fn page(world: &World, org: &Org, caller: &Caller) -> NoticePage {
    catch_up(&world.state).await.unwrap();
    world.read(&org.host, LIST, caller).await.json()
}

/// What somebody was told, the oldest first.
async fn told(world: &World, org: &Org, caller: &Caller) -> Vec<String> {
    let notices = page(world, org, caller).await.notices;
    notices
        .into_iter()
        .rev()
        .map(|notice| notice.text)
        .collect()
}

/// What somebody was told since the last time.
async fn news(world: &World, org: &Org, caller: &Caller) -> Vec<String> {
    let news = page(world, org, caller).await.notices;
    let unread = news.iter().rev().filter(|notice| notice.unread);
    let texts = unread.map(|notice| notice.text.clone()).collect();
    let fields = [("up_to", "999999")];
    let endpoint = "/api/notices/mark_all_read";
    world
        .command(&org.host, endpoint, &fields, caller)
        .await
        .outcome();
    texts
}

/// Mails to somebody: subject and body, the oldest first.
async fn mails(world: &World, name: &str) -> Vec<(String, String)> {
    catch_up(&world.state).await.unwrap();
    let address = format!("{}@example.org", name.replace(' ', ".").to_lowercase());
    let mut tx = world.state.db.system_read().await.unwrap();
    let mails = tx
        .all(
            "select subject, body from outbox_mail where to_address = $1 order by mail_id",
            (address,),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    mails
}

/// Writes an event that other features' commands write.
async fn happens(world: &World, org: &Org, event: NewEvent) {
    let ctx = world.ctx(org).await;
    let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
    events::append(&mut tx, &ctx, event).await.unwrap();
    events::commit(tx, &world.state.hub).await.unwrap();
}

fn promoted(player: PlayerId, to: &str) -> NewEvent {
    let data = EventData {
        after: Some(to.to_owned()),
        reason: Some("Service".to_owned()),
        ..EventData::default()
    };
    NewEvent::new(EventKind::Promoted, data).player(player)
}

/// A request of a user to join a group, and its events.
async fn request(world: &World, org: &Org, group: GroupId, user: &Caller) -> RequestId {
    let id = RequestId(Uuid::now_v7());
    let ctx = world.ctx(org).await;
    let mut tx = world
        .state
        .db
        .write_beside(ctx.tenant().unwrap())
        .await
        .unwrap();
    tx.run(
        "insert into join_request (org_id, request_id, group_id, user_id, common_name, created_at)
         values ($1, $2, $3, $4, 'Recruit', $5)",
        (org.id, id, group, user.user, world.now()),
    )
    .await
    .unwrap();
    tx.done().await.unwrap();
    happens(
        world,
        org,
        about_request(EventKind::JoinRequested, id, group, "Please"),
    )
    .await;
    id
}

fn about_request(kind: EventKind, id: RequestId, group: GroupId, reason: &str) -> NewEvent {
    let data = EventData {
        player: Some("Recruit".into()),
        group: Some("Alpha".into()),
        reason: Some(reason.into()),
        request: Some(id),
        ..EventData::default()
    };
    NewEvent::new(kind, data).group(group)
}

async fn command(world: &World, org: &Org, endpoint: &str, fields: &[(&str, String)]) {
    let answer = world
        .command(&org.host, endpoint, &borrow(fields), &org.founder)
        .await;
    answer.outcome();
}

async fn manage(world: &World, org: &Org, group: GroupId, player: PlayerId, manages: bool) {
    let fields = [
        ("group_id", group.to_string()),
        ("player_id", player.to_string()),
        ("manages", manages.to_string()),
    ];
    command(world, org, "/api/roster/set_manager", &fields).await;
}

async fn co_founder(world: &World, org: &Org, name: &str) -> Caller {
    let (caller, player) = world.claimed(org, name).await;
    let fields = [("player_id", player.to_string())];
    command(world, org, "/api/tenants/add_co_founder", &fields).await;
    caller
}

async fn leader(world: &World, org: &Org, name: &str, group: GroupId) -> Caller {
    let (caller, player) = world.claimed(org, name).await;
    world
        .place(org, player, group, Some("In Command"), &org.founder)
        .await
        .outcome();
    caller
}

fn details(name: &str, visibility: &str) -> Vec<(&'static str, String)> {
    vec![
        ("name", name.to_owned()),
        ("description", "For tests".to_owned()),
        ("kind", "Squad".to_owned()),
        ("visibility", visibility.to_owned()),
        ("policy", "closed".to_owned()),
    ]
}

async fn private_group(world: &World, org: &Org, name: &str) -> GroupId {
    let mut fields = details(name, "private");
    fields.extend([
        ("parent_id", org.id.0.to_string()),
        ("exclusive", "false".to_owned()),
    ]);
    let answer = world
        .command(
            &org.host,
            "/api/roster/create_group",
            &borrow(&fields),
            &org.founder,
        )
        .await;
    answer.outcome().event.unwrap().group_id.unwrap()
}

async fn switch(world: &World, org: &Org, caller: &Caller, in_app: &[Topic], mail: &[Topic]) {
    let named = |what: &str, topics: &[Topic]| {
        let topics = topics.iter().enumerate();
        topics
            .map(|(at, topic)| (format!("{what}[{at}]"), topic.id().to_owned()))
            .collect::<Vec<_>>()
    };
    let fields = [named("in_app", in_app), named("mail", mail)].concat();
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let endpoint = "/api/notices/set_switches";
    world
        .command(&org.host, endpoint, &fields, caller)
        .await
        .outcome();
}

on_both_databases! {
    async fn people_are_told_what_is_done_to_them(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let (member, player) = world.claimed(&org, "Member").await;
        let (other, _) = world.claimed(&org, "Other").await;
        let alpha = world.group(&org, root, "Alpha", true).await;
        let bravo = world.group(&org, root, "Bravo", true).await;
        world.place(&org, player, alpha, None, &org.founder).await.outcome();
        world.place(&org, player, bravo, None, &org.founder).await.outcome();
        let (membership, _) = world.roster(&org).await.exclusive_of(player).unwrap();
        let command_role = world.roster(&org).await.roles_of(bravo).iter()
            .find(|role| role.leadership).unwrap().role_id;
        let fields = [("membership_id", membership.to_string()), ("role_id", command_role.to_string())];
        command(&world, &org, "/api/roster/post_member", &fields).await;
        manage(&world, &org, alpha, player, true).await;
        manage(&world, &org, alpha, player, false).await;
        let (membership, _) = world.roster(&org).await.exclusive_of(player).unwrap();
        let fields = [("membership_id", membership.to_string()), ("reason", "On leave".into())];
        command(&world, &org, "/api/roster/remove_member", &fields).await;
        happens(&world, &org, promoted(player, "Sergeant")).await;
        for (kind, reason) in [(EventKind::Kicked, Some("Cheating")), (EventKind::Reinstated, None)] {
            let data = EventData { reason: reason.map(Into::into), ..EventData::default() };
            happens(&world, &org, NewEvent::new(kind, data).player(player)).await;
        }
        assert_eq!(told(&world, &org, &member).await, [
            "apple founder added you to Alpha as Member",
            "apple founder moved you from Alpha to Bravo as Member",
            "apple founder made you In Command in Bravo",
            "apple founder made you a manager of Alpha",
            "apple founder removed you from the managers of Alpha",
            "apple founder removed you from Bravo: “On leave”",
            "Muster promoted you to Sergeant: “Service”",
            "Muster removed you from apple: “Cheating”",
            "Muster brought you back to apple",
        ]);
        assert!(told(&world, &org, &other).await.is_empty(), "somebody else is told");
        // The founder did all that: nobody is told of what they did themselves.
        assert!(told(&world, &org, &org.founder).await.is_empty());
        let mails = mails(&world, "apple Member").await;
        assert_eq!(mails.len(), 9);
        assert_eq!(mails[5].0, "apple: apple founder removed you from Bravo");
        let link = format!("https://{}/players/{player}", org.host);
        assert_eq!(mails[5].1, format!(
            "apple founder removed you from Bravo: “On leave”.\n\n{link}\n\n-- \n\
             apple on Muster, https://{host}\nMails like this are about “My groups”. \
             Choose what you get: https://{host}/notices/settings\n", host = org.host
        ));
    }

    async fn founders_hear_of_groups_and_of_each_other(world: World) {
        let org = world.org("apple").await;
        let deputy = co_founder(&world, &org, "Deputy").await;
        let (member, player) = world.claimed(&org, "Member").await;
        assert_eq!(news(&world, &org, &deputy).await, ["apple founder made you a co-founder of apple"]);
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        world.place(&org, player, alpha, None, &org.founder).await.outcome();
        let edit = |version: &str, name: &str| {
            let mut fields = details(name, "public");
            fields.extend([("group_id", alpha.to_string()), ("version", version.to_owned())]);
            fields
        };
        command(&world, &org, "/api/roster/edit_group", &edit("1", "Anvil")).await;
        let mut same_name = edit("2", "Anvil");
        same_name.push(("acronym", "ANV".into()));
        command(&world, &org, "/api/roster/edit_group", &same_name).await;
        let retire = [("group_id", alpha.to_string()), ("version", "3".into()), ("members", "unassigned".into())];
        let answer = world
            .command(&org.host, "/api/roster/retire_group", &borrow(&retire), &org.founder)
            .await;
        let seq = answer.seq().to_string();
        command(&world, &org, "/api/audit/undo_event", &[("seq", seq)]).await;
        assert_eq!(news(&world, &org, &deputy).await, [
            "apple founder created Alpha",
            "apple founder renamed Alpha to Anvil",
            "apple founder retired Anvil",
            "apple founder brought Anvil back (undo)",
        ]);
        assert_eq!(told(&world, &org, &member).await, [
            "apple founder added you to Alpha as Member",
            "apple founder retired Anvil, so you are no longer in it",
            "apple founder brought Anvil back, and you are in it again (undo)",
        ]);
        // The co-founder acts, so the founder is told.
        let mut fields = details("Bravo", "public");
        fields.extend([("parent_id", org.id.0.to_string()), ("exclusive", "true".to_owned())]);
        let endpoint = "/api/roster/create_group";
        world.command(&org.host, endpoint, &borrow(&fields), &deputy).await.outcome();
        assert_eq!(news(&world, &org, &org.founder).await, ["Deputy created Bravo"]);
        assert!(news(&world, &org, &deputy).await.is_empty());
    }

    async fn requests_go_to_those_who_answer_them(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let above = world.group(&org, root, "Above", true).await;
        let alpha = world.group(&org, above, "Alpha", true).await;
        let elsewhere = world.group(&org, root, "Elsewhere", true).await;
        let staff = world.group(&org, root, "Staff", false).await;
        let leads_above = leader(&world, &org, "Above", above).await;
        let leads_elsewhere = leader(&world, &org, "Elsewhere", elsewhere).await;
        let (manager, manages) = world.claimed(&org, "Manager").await;
        let (clerk, works) = world.claimed(&org, "Clerk").await;
        let guest = world.user("Guest").await;
        // Nobody leads the group or manages it: those who lead above it are asked.
        let first = request(&world, &org, alpha, &guest).await;
        for caller in [&leads_elsewhere, &manager, &clerk, &org.founder, &guest, &leads_above] {
            news(&world, &org, caller).await;
        }
        assert_eq!(told(&world, &org, &leads_above).await[1], "Recruit asks to join Alpha: “Please”");
        assert_eq!(told(&world, &org, &leads_elsewhere).await.len(), 1, "they were placed, no more");
        manage(&world, &org, alpha, manages, true).await;
        world.place(&org, works, staff, None, &org.founder).await.outcome();
        let mut tx = world.state.db.write(world.ctx(&org).await.tenant().unwrap()).await.unwrap();
        tx.run(
            "insert into group_manager_group (org_id, group_id, manager_group_id, since) values ($1, $2, $3, $4)",
            (org.id, alpha, staff, world.now()),
        ).await.unwrap();
        events::commit(tx, &world.state.hub).await.unwrap();
        let leads_alpha = leader(&world, &org, "Alpha", alpha).await;
        for caller in [&leads_alpha, &manager, &clerk] {
            news(&world, &org, caller).await;
        }
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "update join_request set state = 'withdrawn', actioned_at = created_at
              where org_id = $1 and request_id = $2",
            (org.id, first),
        ).await.unwrap();
        tx.commit().await.unwrap();
        happens(&world, &org, about_request(EventKind::JoinWithdrawn, first, alpha, "")).await;
        let answered = ["Recruit no longer asks to join Alpha"];
        for caller in [&leads_alpha, &manager, &clerk] {
            assert_eq!(news(&world, &org, caller).await, answered);
        }
        for caller in [&leads_above, &leads_elsewhere, &org.founder, &guest] {
            assert!(news(&world, &org, caller).await.is_empty(), "somebody is told who answers nothing");
        }
        let second = request(&world, &org, alpha, &guest).await;
        for (kind, text) in [
            (EventKind::JoinDeclined, "Your request to join Alpha was declined by Muster: “Welcome”"),
            (EventKind::JoinApproved, "Your request to join Alpha was approved by Muster: “Welcome”"),
        ] {
            happens(&world, &org, about_request(kind, second, alpha, "Welcome")).await;
            assert_eq!(news(&world, &org, &guest).await, [text], "who asked has no player yet");
        }
        // A group that nobody leads, with nobody above: the founder is asked.
        let lonely = world.group(&org, root, "Lonely", true).await;
        request(&world, &org, lonely, &guest).await;
        assert_eq!(news(&world, &org, &org.founder).await.len(), 1);
        assert!(news(&world, &org, &leads_above).await.is_empty());
    }

    async fn an_approval_is_told_once(world: World) {
        let org = world.org("apple").await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        let (member, player) = world.claimed(&org, "Member").await;
        let id = request(&world, &org, alpha, &member).await;
        news(&world, &org, &member).await;
        // As approving does: the approval and what follows from it, in one transaction.
        let ctx = world.ctx(&org).await;
        let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
        let approved = about_request(EventKind::JoinApproved, id, alpha, "").player(player);
        events::append(&mut tx, &ctx, approved).await.unwrap();
        let added = EventData { group: Some("Alpha".into()), ..EventData::default() };
        let added = NewEvent::new(EventKind::MemberAdded, added).player(player).group(alpha);
        events::append(&mut tx, &ctx, added).await.unwrap();
        events::commit(tx, &world.state.hub).await.unwrap();
        assert_eq!(
            news(&world, &org, &member).await,
            ["Your request to join Alpha was approved by Muster"]
        );
    }

    async fn groups_that_manage_are_told_through_their_members(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let alpha = world.group(&org, root, "Alpha", true).await;
        let staff = world.group(&org, root, "Staff", false).await;
        let (clerk, player) = world.claimed(&org, "Clerk").await;
        let (other, _) = world.claimed(&org, "Other").await;
        world.place(&org, player, staff, None, &org.founder).await.outcome();
        news(&world, &org, &clerk).await;
        for (kind, text) in [
            (EventKind::ManagerGroupAdded, "Muster made you, as a member of Staff, a manager of Alpha"),
            (
                EventKind::ManagerGroupRemoved,
                "Muster removed you, as a member of Staff, from the managers of Alpha",
            ),
        ] {
            let data = EventData {
                group: Some("Alpha".into()),
                after: Some("Staff".into()),
                ..EventData::default()
            };
            let event = NewEvent::new(kind, data).group(alpha).from_group(Some(staff));
            happens(&world, &org, event).await;
            assert_eq!(news(&world, &org, &clerk).await, [text]);
        }
        assert!(told(&world, &org, &other).await.is_empty());
    }

    async fn private_groups_are_told_to_their_own_only(world: World) {
        let org = world.org("apple").await;
        let cell = private_group(&world, &org, "Cell").await;
        let (member, player) = world.claimed(&org, "Member").await;
        let (bystander, _) = world.claimed(&org, "Bystander").await;
        let (kicked, gone) = world.claimed(&org, "Gone").await;
        let guest = world.user("Guest").await;
        world.place(&org, player, cell, Some("In Command"), &org.founder).await.outcome();
        // A manager who was removed from the organisation answers nothing any more.
        manage(&world, &org, cell, gone, true).await;
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "update player set standing = 'kicked' where org_id = $1 and player_id = $2",
            (org.id, gone),
        ).await.unwrap();
        tx.commit().await.unwrap();
        happens(&world, &org, promoted(gone, "Nobody")).await;
        news(&world, &org, &kicked).await;
        request(&world, &org, cell, &guest).await;
        assert_eq!(told(&world, &org, &member).await, [
            "apple founder added you to Cell as In Command",
            "Recruit asks to join Alpha: “Please”",
        ]);
        let membership = world.roster(&org).await.members_of(cell)[0].membership_id;
        let fields = [("membership_id", membership.to_string()), ("reason", "Security".into())];
        command(&world, &org, "/api/roster/remove_member", &fields).await;
        // The one it is done to is told, though the group is hidden from them now.
        let page = page(&world, &org, &member).await;
        assert_eq!(page.notices[0].text, "apple founder removed you from Cell: “Security”");
        let answer = world.get(&org.host, &page.notices[0].href, &member).await;
        assert_eq!(answer.status, StatusCode::OK, "the link leads to where they may go");
        for caller in [&bystander, &guest, &kicked] {
            assert!(news(&world, &org, caller).await.is_empty(), "a private group is told of");
        }
        assert!(mails(&world, "apple Bystander").await.is_empty());
    }

    async fn everybody_chooses_what_they_are_told_and_where(world: World) {
        let org = world.org("apple").await;
        let (member, player) = world.claimed(&org, "Member").await;
        let all: Vec<Switch> =
            world.read(&org.host, "/api/notices/read_switches", &member).await.json();
        assert!(all.iter().all(|switch| switch.in_app && switch.mail) && all.len() == Topic::ALL.len());
        let counts = async || {
            let told = told(&world, &org, &member).await.len();
            (told, mails(&world, "apple Member").await.len())
        };
        happens(&world, &org, promoted(player, "One")).await;
        assert_eq!(counts().await, (1, 1));
        switch(&world, &org, &member, &[Topic::Rank], &[]).await;
        happens(&world, &org, promoted(player, "Two")).await;
        assert_eq!(counts().await, (2, 1));
        switch(&world, &org, &member, &[Topic::Groups], &[Topic::Roles, Topic::Rank]).await;
        happens(&world, &org, promoted(player, "Three")).await;
        assert_eq!(counts().await, (2, 2));
        switch(&world, &org, &member, &[], &[]).await;
        happens(&world, &org, promoted(player, "Four")).await;
        assert_eq!(counts().await, (2, 2));
        // In all organisations at once.
        let other = world.org_of("pear", "pear", &member).await;
        let set: Vec<Switch> =
            world.read(&other.host, "/api/notices/read_switches", &member).await.json();
        assert!(set.iter().all(|switch| !switch.in_app && !switch.mail));
        let refused = world
            .command(&org.host, "/api/notices/set_switches", &[("mail[0]", "everything")], &member)
            .await;
        assert!(matches!(refused.error(), AppError::Invalid(_)));
        // Who is locked out is told nothing.
        switch(&world, &org, &member, Topic::ALL, Topic::ALL).await;
        let mut tx = world.state.db.system().await.unwrap();
        let sql = "update user_account set disabled_at = created_at where user_id = $1";
        tx.run(sql, (member.user,)).await.unwrap();
        tx.commit().await.unwrap();
        happens(&world, &org, promoted(player, "Five")).await;
        assert_eq!(mails(&world, "apple Member").await.len(), 2);
    }

    async fn notices_are_read_by_their_owner(world: World) {
        let org = world.org("apple").await;
        let other_org = world.org("pear").await;
        let (member, player) = world.claimed(&org, "Member").await;
        let (other, _) = world.claimed(&org, "Other").await;
        for number in 0..60 {
            happens(&world, &org, promoted(player, &format!("Grade {number}"))).await;
        }
        let first = page(&world, &org, &member).await;
        assert_eq!((first.notices.len(), first.unread), (50, 60));
        let path = format!("{LIST}?before={}", first.next.unwrap());
        let rest: NoticePage = world.read(&org.host, &path, &member).await.json();
        assert_eq!((rest.notices.len(), rest.next), (10, None));
        assert!(rest.notices.iter().all(|old| first.notices.iter().all(|new| new.id != old.id)));
        let shows = async |count: usize| {
            let page = world.get(&org.host, "/roster", &member).await;
            page.body.contains(&format!("data-unread=\"{count}\""))
        };
        assert!(shows(60).await, "the frame says how many are unread");
        // Opening is a form, which works without the program.
        let newest = first.notices[0].id.to_string();
        let fields = [("notice_id", newest.as_str())];
        let endpoint = "/api/notices/open_notice";
        let answer = world.form(&org.host, endpoint, &fields, &member).await;
        assert_eq!(answer.location(), format!("/players/{player}"));
        assert!(shows(59).await);
        for (host, caller) in [(&org.host, &other), (&other_org.host, &member)] {
            let error = world.command(host, endpoint, &fields, caller).await.error();
            assert_eq!(error, AppError::NotFound, "only the owner has it, and only in its Org");
        }
        // What came after the page was made stays unread.
        let seq = first.notices[0].seq.to_string();
        happens(&world, &org, promoted(player, "Latest")).await;
        catch_up(&world.state).await.unwrap();
        let fields = [("up_to", seq.as_str())];
        world.command(&org.host, "/api/notices/mark_all_read", &fields, &member).await.outcome();
        assert!(shows(1).await);
        let html = world.get(&org.host, "/notices", &member).await;
        assert!(html.body.contains("Muster promoted you to Latest: “Service”"), "{}", html.body);
        let elsewhere = world.get(&other_org.host, "/roster", &member).await;
        assert!(elsewhere.body.contains("data-unread=\"0\""), "notices belong to their Org");
        let stranger = world.get(&org.host, "/roster", &Caller::default()).await;
        assert!(!stranger.body.contains("data-unread"), "strangers have no notices");
    }

    async fn names_cannot_add_headers_to_mails(world: World) {
        let org = world.org("apple").await;
        let (_, player) = world.claimed(&org, "Member").await;
        let event = promoted(player, "Sergeant\r\nBcc: eve@example.org\r\n\r\nHello");
        happens(&world, &org, event).await;
        let sink = crate::support::Sink::start().await;
        catch_up(&world.state).await.unwrap();
        let config = world.mail_to(&sink.url(), 60);
        let postman = muster::server::mail::Postman::new(&config).unwrap();
        muster::server::mail::deliver_due(&world.state, &postman).await.unwrap();
        let mails = sink.mails();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "apple.member@example.org"));
        assert!(!mails[0].text.contains("\r\nBcc"), "{}", mails[0].text);
        let subject = mails[0].header("Subject");
        assert_eq!(subject, "apple: Muster promoted you to Sergeant Bcc: eve@example.org Hello");
    }
}
