//! Leaving a group or the organisation (§5.1), being banned, and the one organisation of a type (§1.6).

use super::*;

on_both_databases! {
    async fn a_member_leaves_at_any_time(world: World) {
        let scene = Scene::new(&world).await;
        let (member, player) = world.claimed(&scene.org, "Member").await;
        let (_, other) = world.claimed(&scene.org, "Other").await;
        for who in [player, other] {
            world.place(&scene.org, who, scene.closed, None, &scene.org.founder).await.outcome();
        }
        let theirs = scene.membership(other, scene.closed).await.unwrap();
        let leave = |id: MembershipId| [("membership_id", id.to_string()), ("reason", "Time".to_owned())];
        let path = "/api/joining/leave_group";
        assert_eq!(scene.send(path, &leave(theirs), &member).await.error(), AppError::NotFound);
        let own = scene.membership(player, scene.closed).await.unwrap();
        let outcome = scene.send(path, &leave(own), &member).await.outcome();
        let event = outcome.event.unwrap();
        assert_eq!(event.sentence(), "Member left Staff");
        assert_eq!(event.data.reason.as_deref(), Some("Time"));
        assert_eq!(outcome.goto, Some(format!("/groups/{}", scene.closed)));
        assert!(scene.membership(player, scene.closed).await.is_none());
        assert!(scene.membership(other, scene.closed).await.is_some());
        assert_eq!(scene.send(path, &leave(own), &member).await.error(), AppError::NotFound);
        // Whoever left a private group cannot see it any more.
        world.place(&scene.org, player, scene.private, None, &scene.org.founder).await.outcome();
        let own = scene.membership(player, scene.private).await.unwrap();
        let outcome = scene.send(path, &leave(own), &member).await.outcome();
        assert_eq!(outcome.goto.as_deref(), Some("/roster"));
    }

    async fn leaving_the_organisation_ends_everything_and_who_comes_back_begins_anew(world: World) {
        let scene = Scene::new(&world).await;
        let (member, player) = world.claimed(&scene.org, "Member").await;
        let founder = &scene.org.founder;
        world.place(&scene.org, player, scene.closed, Some("In Command"), founder).await.outcome();
        world.rank(&scene.org, player, 60, [Action::Promote].into_iter().collect()).await;
        let id = player.to_string();
        for (path, fields) in [
            ("/api/tenants/add_co_founder", vec![("player_id", id.clone())]),
            (
                "/api/roster/set_manager",
                vec![
                    ("group_id", scene.asking.to_string()),
                    ("player_id", id.clone()),
                    ("manages", "true".to_owned()),
                ],
            ),
        ] {
            scene.send(path, &fields, founder).await.outcome();
        }
        let request = scene.ask(scene.asking, &member).await;
        let leave = "/api/joining/leave_org";
        let unsure = scene.send(leave, &[("sure", "false".to_owned())], &member).await.error();
        assert_eq!(unsure, AppError::field("sure", FieldProblem::Required));
        let sure = [("sure", "true".to_owned()), ("reason", "Moving away".to_owned())];
        let refused = scene.send(leave, &sure, founder).await.error();
        assert_eq!(refused, conflict(ConflictCode::FounderStays));
        let outcome = scene.send(leave, &sure, &member).await.outcome();
        assert_eq!(outcome.event.unwrap().kind, EventKind::Left);
        assert!(outcome.leave);

        let (same, _, standing) = scene.player_of(&member).await.unwrap();
        assert_eq!((same, standing.as_str()), (player, "left"));
        assert!(world.roster(&scene.org).await.groups_of(player).is_empty());
        assert!(world.roster(&scene.org).await.managed_by(player).next().is_none());
        let gone = scene.send(leave, &sure, &member).await.error();
        assert_eq!(gone, AppError::Forbidden(Missing::Membership));
        // Neither leader nor manager nor co-founder any more.
        let fields = [("group_id", scene.closed.to_string()), ("name", "Spy".to_owned())];
        let refused = scene.send("/api/roster/create_role", &fields, &member).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let late = scene.answer(request, "approve", "", founder).await.error();
        assert_eq!(late, conflict(ConflictCode::RequestActioned));
        let place = world.place(&scene.org, player, scene.open, None, founder).await.error();
        assert_eq!(place, conflict(ConflictCode::PlayerGone));

        scene.join(scene.open, &member).await.outcome();
        let (same, name, standing) = scene.player_of(&member).await.unwrap();
        assert_eq!((same, name.as_str(), standing.as_str()), (player, "Member", "active"));
        let ranks = scene.ranks_of(player).await;
        let open: Vec<&(bool, i64)> = ranks.iter().filter(|(open, _)| *open).collect();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].1, 10, "who comes back has the default rank; history keeps the others");
        let refused = scene.send("/api/roster/create_role", &fields, &member).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "coming back brings no post back");
    }

    async fn the_banned_stay_out(world: World) {
        let scene = Scene::new(&world).await;
        let (member, player) = world.claimed(&scene.org, "Member").await;
        let request = scene.ask(scene.asking, &member).await;
        scene.set_standing(player, "banned").await;
        let banned = AppError::Forbidden(Missing::NotBanned);
        for group in [scene.open, scene.asking, scene.private] {
            assert_eq!(scene.join(group, &member).await.error(), banned);
        }
        let fields = [("groups[0]", scene.open.to_string())];
        let refused = scene.send("/api/joining/join_groups", &fields, &member).await.error();
        assert_eq!(refused, banned);
        let refused = scene.answer(request, "approve", "", &scene.org.founder).await.error();
        assert_eq!(refused, conflict(ConflictCode::PlayerGone), "nobody lets them in by mistake");
        let page = scene.page(&format!("/groups/{}", scene.open), &member).await;
        assert!(page.body.contains("You were banned"));
        // Who was only removed may come back.
        scene.set_standing(player, "kicked").await;
        scene.join(scene.open, &member).await.outcome();
    }

    async fn one_organisation_of_a_type_where_that_is_the_rule(world: World) {
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("update org_type set one_per_person = true where type_id = 'muster.unit'", ())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let apple = Scene::new(&world).await;
        let pear = world.org("pear").await;
        let root = pear.id.root_group();
        let theirs = world.group_with(&pear, root, "Orchard", false, "public", "open").await;
        let asking = world.group_with(&pear, root, "Press", false, "public", "by_request").await;
        let join_pear = |group: GroupId, caller: &Caller| {
            let (world, host, caller) = (world.clone(), pear.host.clone(), caller.clone());
            async move {
                let id = group.to_string();
                world.command(&host, "/api/joining/join_group", &[("group_id", &id)], &caller).await
            }
        };
        // At once in both: one gets in.
        for round in 0..3 {
            let guest = world.user(&format!("Guest {round}")).await;
            world.session(&apple.org.host, &guest).await;
            world.session(&pear.host, &guest).await;
            let (here, there) = tokio::join!(apple.join(apple.open, &guest), join_pear(theirs, &guest));
            let (won, lost, org) = if here.status == StatusCode::OK {
                (&here, &there, "apple")
            } else {
                (&there, &here, "pear")
            };
            won.outcome();
            assert_eq!(lost.error(), conflict(ConflictCode::OtherOrg { org: org.into() }));
        }
        // Who asked there and sits here by then: whoever answers is not told where.
        let guest = world.user("Hesitant").await;
        let asked = join_pear(asking, &guest).await.outcome().event.unwrap();
        apple.join(apple.open, &guest).await.outcome();
        let refused = join_pear(asking, &guest).await.error();
        assert_eq!(refused, conflict(ConflictCode::AlreadyRequested));
        let id = asked.data.request.unwrap().to_string();
        let fields = [("request_id", id.as_str()), ("verdict", "approve")];
        let refused = world
            .command(&pear.host, "/api/joining/answer_request", &fields, &pear.founder)
            .await
            .error();
        assert_eq!(refused, conflict(ConflictCode::BelongsElsewhere));
        let refused = join_pear(theirs, &guest).await.error();
        assert_eq!(refused, conflict(ConflictCode::OtherOrg { org: "apple".into() }));
        // Founders sit in their own.
        let refused = join_pear(theirs, &apple.org.founder).await.error();
        assert_eq!(refused, conflict(ConflictCode::OtherOrg { org: "apple".into() }));
        // Leaving frees the seat.
        let sure = [("sure", "true".to_owned())];
        apple.send("/api/joining/leave_org", &sure, &guest).await.outcome();
        join_pear(theirs, &guest).await.outcome();
        // An invitation takes a seat as well.
        let secret = Maker::new(&world, &apple.org, apple.open).invitation().await.1;
        let fields = [("token", secret)];
        let refused = apple.send("/api/roster/accept_invitation", &fields, &pear.founder).await.error();
        assert_eq!(refused, conflict(ConflictCode::OtherOrg { org: "pear".into() }));
    }
}
