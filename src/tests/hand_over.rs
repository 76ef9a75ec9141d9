//! Handing the founding over (§3.1).

use crate::{
    catalogue::borrow,
    support::{Answer, Caller, Org, World, on_both_databases},
};
use muster::domain::{
    AppError, ConflictCode, FieldProblem, PlayerId, UserId, access::Missing, event::EventKind,
};

struct Scene {
    world: World,
    org: Org,
    heir: Caller,
    player: PlayerId,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let org = world.org("apple").await;
        let (heir, player) = world.claimed(&org, "Heir").await;
        Self {
            world: world.clone(),
            org,
            heir,
            player,
        }
    }

    async fn call(&self, name: &str, fields: &[(&str, String)], caller: &Caller) -> Answer {
        let path = format!("/api/tenants/{name}");
        self.world
            .command(&self.org.host, &path, &borrow(fields), caller)
            .await
    }

    async fn offer(&self) -> Answer {
        let fields = [("player_id", self.player.to_string())];
        self.call("offer_founding", &fields, &self.org.founder)
            .await
    }

    async fn accept(&self, name: &str) -> Answer {
        self.call("accept_founding", &[("name", name.to_owned())], &self.heir)
            .await
    }

    async fn founder(&self) -> UserId {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (founder,) = tx
            .one(
                "select founder_id from org where org_id = $1",
                (self.org.id,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        founder
    }
}

on_both_databases! {
    async fn it_is_offered_and_accepted_by_the_name(world: World) {
        let scene = Scene::new(&world).await;
        let fields = [("player_id", scene.player.to_string())];
        scene.call("add_co_founder", &fields, &scene.org.founder).await.outcome();
        scene.offer().await.outcome();
        let page = world.get(&scene.org.host, "/roster", &scene.heir).await;
        assert!(page.body.contains("You are offered the founding"), "every page says so");
        let page = world.get(&scene.org.host, "/founding", &scene.heir).await;
        assert!(page.body.contains("Type apple to accept"), "{}", page.body);
        for (typed, problem) in [("", FieldProblem::Required), ("pear", FieldProblem::Mismatch)] {
            let refused = scene.accept(typed).await.error();
            assert_eq!(refused, AppError::field("name", problem), "typed {typed:?}");
        }
        assert_eq!(Some(scene.founder().await), scene.org.founder.user);
        scene.accept(" Apple ").await.outcome();
        assert_eq!(Some(scene.founder().await), scene.heir.user);
        let kinds = world.event_kinds(&scene.org).await;
        let (_, last) = kinds.split_at(kinds.len() - 4);
        assert_eq!(last, [
            EventKind::FoundingOffered, EventKind::CoFounderRemoved,
            EventKind::CoFounderAdded, EventKind::FoundingHandedOver,
        ].map(|kind| kind.as_str().to_owned()));
        let settings = world.get(&scene.org.host, "/settings", &scene.org.founder).await;
        assert_eq!(settings.status, 200, "the former founder is a co-founder");
        let other = world.claimed(&scene.org, "Other").await.1;
        let fields = [("player_id", other.to_string())];
        let refused = scene.call("add_co_founder", &fields, &scene.org.founder).await;
        assert_eq!(refused.error(), AppError::Forbidden(Missing::Founder));
        scene.call("add_co_founder", &fields, &scene.heir).await.outcome();
        assert_eq!(scene.accept("apple").await.error(), AppError::NotFound, "once is enough");
    }

    async fn it_can_be_declined_and_taken_back(world: World) {
        let scene = Scene::new(&world).await;
        scene.offer().await.outcome();
        let again = scene.offer().await.error();
        assert_eq!(again, AppError::Conflict(ConflictCode::Stale), "one offer at a time");
        scene.call("decline_founding", &[], &scene.heir).await.outcome();
        assert_eq!(scene.accept("apple").await.error(), AppError::NotFound);
        scene.offer().await.outcome();
        scene.call("take_founding_back", &[], &scene.org.founder).await.outcome();
        assert_eq!(scene.accept("apple").await.error(), AppError::NotFound);
        let none = scene.call("take_founding_back", &[], &scene.org.founder).await.error();
        assert_eq!(none, AppError::Conflict(ConflictCode::Stale));
        assert_eq!(Some(scene.founder().await), scene.org.founder.user);
        let ended = EventKind::FoundingOfferEnded.as_str();
        assert_eq!(world.event_kinds(&scene.org).await.iter().filter(|kind| *kind == ended).count(), 2);
    }

    async fn nobody_else_offers_or_accepts(world: World) {
        let scene = Scene::new(&world).await;
        let (other, player) = world.claimed(&scene.org, "Other").await;
        let unclaimed = world.player(&scene.org, "Nobody").await;
        for (player, caller, error) in [
            (player, &scene.heir, AppError::Forbidden(Missing::Founder)),
            (unclaimed, &scene.org.founder, AppError::field("player_id", FieldProblem::Unknown)),
        ] {
            let fields = [("player_id", player.to_string())];
            assert_eq!(scene.call("offer_founding", &fields, caller).await.error(), error);
        }
        scene.offer().await.outcome();
        let fields = [("name", "apple".to_owned())];
        let stolen = scene.call("accept_founding", &fields, &other).await;
        assert_eq!(stolen.error(), AppError::NotFound, "an offer is one person's");
    }

    async fn of_accepting_and_taking_back_one_wins(world: World) {
        let scene = Scene::new(&world).await;
        scene.offer().await.outcome();
        let (accepted, taken) = tokio::join!(
            scene.accept("apple"),
            scene.call("take_founding_back", &[], &scene.org.founder),
        );
        let won = (accepted.status == 200, taken.status == 200);
        assert!(won.0 != won.1, "exactly one must win: {accepted:?} {taken:?}");
        let founder = if won.0 { scene.heir.user } else { scene.org.founder.user };
        assert_eq!(Some(scene.founder().await), founder);
    }

    async fn an_org_named_after_its_founder_is_renamed_first(world: World) {
        let founder = world.user("Rook").await;
        let org = world.org_of("apple", "Rook", &founder).await;
        let (heir, player) = world.claimed(&org, "Heir").await;
        let scene = Scene { world: world.clone(), org, heir, player };
        let refused = scene.offer().await.error();
        assert_eq!(
            refused,
            AppError::Conflict(ConflictCode::NamedAfterFounder),
            "an Org may not have the name of a user who is not its founder (§1.4)"
        );
        let rename = async |name: &str| {
            let mut tx = world.state.db.system_read().await.unwrap();
            let (version,): (i64,) = tx
                .one("select version from org where org_id = $1", (scene.org.id,))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let fields = [
                ("name", name.to_owned()),
                ("time_zone", "UTC".to_owned()),
                ("accent_hue", "30".to_owned()),
                ("version", version.to_string()),
            ];
            scene.call("edit_org", &fields, &scene.org.founder).await.outcome();
        };
        rename("Rookery").await;
        scene.offer().await.outcome();
        rename("Rook").await;
        let refused = scene.accept("Rook").await.error();
        assert_eq!(refused, AppError::Conflict(ConflictCode::NamedAfterFounder));
        rename("Rookery").await;
        scene.accept("rookery").await.outcome();
    }
}
