//! Arguments that take some making: plans, offers, people of a level.

use super::{Maker, borrow};
use crate::support::Caller;
use axum::http::StatusCode;
use muster::domain::PlayerId;

impl Maker {
    /// Somebody of the level on which the officers of the matrix act; a Sergeant has it.
    pub(super) async fn person_below(&self) -> PlayerId {
        let (player, ..) = self.member().await;
        let fields = [
            ("player_id", player.to_string()),
            ("rank_id", self.rank_named("Sergeant").await.to_string()),
        ];
        self.founder("/api/ranks/promote_player", &borrow(&fields))
            .await
            .outcome();
        player
    }

    /// A plan of the caller's, or of the founder's where the caller may not make one; and whose.
    pub(crate) async fn plan(&self, caller: &Caller) -> (Caller, String) {
        let (_, group, membership) = self.member().await;
        let fields = [
            ("group_id", group.to_string()),
            ("members[0]", membership.to_string()),
            ("reason", "Inactive".to_owned()),
        ];
        let path = "/api/guard/plan_removal";
        for maker in [caller, &self.org.founder] {
            let answer = self
                .world
                .command(&self.org.host, path, &borrow(&fields), maker)
                .await;
            if answer.status == StatusCode::OK {
                let goto = answer
                    .outcome()
                    .goto
                    .expect("planning leads to the preview");
                let plan = goto.rsplit('/').next().unwrap().to_owned();
                return (maker.clone(), plan);
            }
        }
        panic!("the founder may plan a removal");
    }

    pub(super) async fn org_name(&self) -> String {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (name,): (String,) = tx
            .one("select name from org where org_id = $1", (self.org.id,))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        name
    }

    /// Nothing is offered.
    pub(super) async fn no_offer(&self) {
        let mut tx = self.world.state.db.system().await.unwrap();
        tx.run(
            "delete from founding_offer where org_id = $1",
            (self.org.id,),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// The founding is offered to somebody who is none of the callers.
    pub(super) async fn offer(&self) {
        self.no_offer().await;
        let (_, player) = self.world.claimed(&self.org, &self.name("Heir")).await;
        let id = player.to_string();
        self.founder("/api/tenants/offer_founding", &[("player_id", &id)])
            .await
            .outcome();
    }
}
