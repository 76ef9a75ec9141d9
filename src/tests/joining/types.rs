//! Joining where the type of the Org has no positions, and perhaps no ranks (§1.6): names (§1.4) and
//! groups (§5) are the same everywhere.

use super::*;

/// The types without positions, and whether there are pages of ranks.
const TYPES: [(&str, bool); 2] = [("muster.servers", false), ("muster.guild", true)];

on_both_databases! {
    async fn open_by_request_and_closed_are_the_same_in_every_type(world: World) {
        for (type_id, has_ranks) in TYPES {
            let scene = Scene::of_type(&world, type_id).await;
            let founder = &scene.org.founder;
            let guest = world.user(&format!("Guest of {type_id}")).await;
            for (path, there) in [
                ("/ranks".to_owned(), has_ranks),
                (format!("/groups/{}/positions/new", scene.open), false),
            ] {
                let status = scene.page(&path, founder).await.status;
                let expected = if there { StatusCode::OK } else { StatusCode::NOT_FOUND };
                assert_eq!(status, expected, "{path} in {type_id}");
            }
            let visitor = scene.page("/join", &Caller::default()).await;
            assert!(visitor.body.contains("Log in to join"), "{type_id}");
            assert!(!visitor.body.contains("Shadows"), "a private group shows in {type_id}");

            // Open: at once, with the role for everybody and the default rank.
            scene.join(scene.open, &guest).await.outcome();
            let (player, name, standing) = scene.player_of(&guest).await.unwrap();
            assert_eq!((name, standing.as_str()), (format!("Guest of {type_id}"), "active"));
            let ranks = scene.ranks_of(player).await;
            assert_eq!(ranks, [(true, 10)], "a newcomer has the default rank in {type_id}");
            let roster = world.roster(&scene.org).await;
            assert_eq!(roster.members_of(scene.open)[0].role_name, "Member");
            for path in ["/roster".to_owned(), format!("/players/{player}"), "/log".to_owned()] {
                assert_eq!(scene.page(&path, &guest).await.status, StatusCode::OK, "{path} in {type_id}");
            }
            let twice = scene.join(scene.open, &guest).await.error();
            assert_eq!(twice, conflict(ConflictCode::AlreadyMember));

            // By request: pending, then answered for good, or withdrawn.
            let manager = scene.manager_of(scene.asking, "Manager").await;
            let request = scene.ask(scene.asking, &guest).await;
            assert!(scene.membership(player, scene.asking).await.is_none());
            scene.withdraw(request, &guest).await.outcome();
            let request = scene.ask(scene.asking, &guest).await;
            scene.answer(request, "decline", "Not yet", &manager).await.outcome();
            let request = scene.ask(scene.asking, &guest).await;
            assert_eq!(scene.inbox(&manager).await.waiting.len(), 1);
            scene.answer(request, "approve", "", &manager).await.outcome();
            assert!(scene.membership(player, scene.asking).await.is_some());
            let late = scene.answer(request, "decline", "After all", &manager).await.error();
            assert_eq!(late, conflict(ConflictCode::RequestActioned));
            let stranger = world.user(&format!("Stranger of {type_id}")).await;
            let request = scene.ask(scene.asking, &stranger).await;
            scene.answer(request, "approve", "", &manager).await.outcome();
            assert!(scene.player_of(&stranger).await.is_some(), "being let in makes a player");

            // Closed, and private, which counts as closed: only managers and founders add.
            let closed = scene.join(scene.closed, &guest).await.error();
            assert_eq!(closed, conflict(ConflictCode::GroupClosed));
            assert_eq!(scene.join(scene.private, &guest).await.error(), AppError::NotFound);
            world.place(&scene.org, player, scene.closed, None, founder).await.outcome();
            let twice = world.place(&scene.org, player, scene.closed, None, founder).await.error();
            assert_eq!(twice, conflict(ConflictCode::AlreadyMember));

            // Leaving one group, and the organisation; and coming back.
            let own = scene.membership(player, scene.open).await.unwrap();
            let leave = [("membership_id", own.to_string())];
            scene.send("/api/joining/leave_group", &leave, &guest).await.outcome();
            assert!(scene.membership(player, scene.open).await.is_none());
            let sure = [("sure", "true".to_owned())];
            scene.send("/api/joining/leave_org", &sure, &guest).await.outcome();
            assert_eq!(scene.player_of(&guest).await.unwrap().2, "left");
            assert!(world.roster(&scene.org).await.groups_of(player).is_empty());
            let page = scene.page(&format!("/players/{player}"), founder).await;
            assert_eq!(page.status, StatusCode::OK, "the page of who left, in {type_id}");
            scene.join(scene.open, &guest).await.outcome();
            assert_eq!(scene.player_of(&guest).await.unwrap().0, player, "the same player again");
        }
    }

    async fn names_are_one_space_over_all_types(world: World) {
        let user = world.user("Ripley").await;
        world.user("Hicks").await;
        let first = [("name", "Nostromo"), ("slug", "nostromo"), ("type_id", "muster.servers")];
        let found = "/api/tenants/found_org";
        world.command(APEX, found, &first, &user).await.outcome();
        for (type_id, _) in TYPES {
            for (name, problem) in [
                ("nostromo", FieldProblem::Taken),
                ("Developers", FieldProblem::Reserved),
                ("Hicks", FieldProblem::UserName),
            ] {
                let fields = [("name", name), ("slug", "other"), ("type_id", type_id)];
                let refused = world.command(APEX, found, &fields, &user).await.error();
                assert_eq!(refused, AppError::field("name", problem), "{name} in {type_id}");
            }
        }
        // One's own name is fine.
        let own = [("name", "Ripley"), ("slug", "ripley"), ("type_id", "muster.guild")];
        world.command(APEX, found, &own, &user).await.outcome();
    }
}
