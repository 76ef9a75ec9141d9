//! Arguments for answers and billets.

use super::{Fields, Maker, borrow};
use crate::support::{Caller, Planned};
use muster::domain::{BilletId, OperationId, PlayerId, RsvpId};
use muster::features::operations::{
    model::answers::{PlanPage, SuggestionPage},
    service,
};

/// What this file makes arguments for.
const OURS: [&str; 21] = [
    "add_guest",
    "answer_for",
    "answer_operation",
    "apply_suggestion",
    "await_billet",
    "confirm_answer",
    "edit_billet",
    "edit_billets",
    "empty_billet",
    "fill_billet",
    "leave_billet",
    "prefer_billets",
    "read_answers",
    "read_billet",
    "read_billets",
    "read_board",
    "read_plan",
    "read_suggestion",
    "remove_guest",
    "set_release",
    "take_billet",
];

/// An operation with a free billet and one that somebody has.
struct Billeted {
    operation: OperationId,
    free: BilletId,
    taken: BilletId,
    /// The answer of somebody without a billet.
    rsvp: RsvpId,
}

impl Maker {
    /// Arguments of the functions that answer and fill billets; `None` for all others.
    pub(super) async fn billeting(&self, path: &str, caller: &Caller) -> Option<Fields> {
        let verb = path.strip_prefix("/api/operations/")?;
        if !OURS.contains(&verb) {
            return None;
        }
        let made = self.billeted(caller).await;
        let operation = ("operation_id", made.operation.to_string());
        let id = ("id", made.operation.to_string());
        let free = ("billet_id", made.free.to_string());
        let taken = ("billet_id", made.taken.to_string());
        let rsvp = ("rsvp_id", made.rsvp.to_string());
        let weights =
            || ["preference", "qualification", "fairness"].map(|weight| (weight, "6".to_owned()));
        Some(match verb {
            "read_answers" | "read_billets" | "read_plan" => vec![id],
            "read_board" => vec![id, ("who", made.rsvp.to_string())],
            "read_billet" => vec![("id", made.free.to_string())],
            "read_suggestion" => [vec![id], weights().to_vec()].concat(),
            "answer_operation" => vec![operation, ("answer", "late".into())],
            "answer_for" => vec![
                operation,
                ("player_id", self.player().await.to_string()),
                ("answer", "maybe".into()),
            ],
            "confirm_answer" => vec![rsvp, ("confirmed", "confirmed".into())],
            "add_guest" => vec![operation, ("guest_name", self.name("Guest"))],
            "remove_guest" => vec![("rsvp_id", self.guest(made.operation).await.to_string())],
            "take_billet" => vec![free],
            "leave_billet" => {
                let fields = [("billet_id", made.free.to_string())];
                let path = "/api/operations/take_billet";
                let host = &self.org.host;
                self.world
                    .command(host, path, &borrow(&fields), caller)
                    .await;
                vec![free]
            }
            "await_billet" => vec![taken, ("waits", "true".into())],
            "prefer_billets" => vec![operation, ("billets[0]", made.free.to_string())],
            "fill_billet" => vec![free, rsvp],
            "empty_billet" => vec![taken],
            "edit_billet" => vec![
                free,
                ("version", "1".into()),
                ("billet[title]", self.name("Scout")),
            ],
            "edit_billets" => vec![
                operation,
                ("was", self.plan_of(made.operation).await.was),
                ("billets", "Medic\nScout".into()),
            ],
            "set_release" => {
                let version = self
                    .world
                    .operation_version(&self.org, made.operation)
                    .await;
                vec![
                    operation,
                    ("version", version.to_string()),
                    ("self_service", "true".into()),
                ]
            }
            "apply_suggestion" => {
                let mark = ("mark", self.suggestion_of(made.operation).await.mark);
                [vec![operation, mark], weights().to_vec()].concat()
            }
            verb => panic!("{verb} is in OURS and needs arguments here"),
        })
    }

    /// An operation with billets, and one of them.
    pub(crate) async fn raid(&self) -> (OperationId, BilletId) {
        let made = self.billeted(&self.org.founder).await;
        (made.operation, made.free)
    }

    async fn billeted(&self, caller: &Caller) -> Billeted {
        let planned = Planned {
            group: Some(self.home),
            title: self.name("Raid"),
            audience: "public",
            ..Planned::default()
        };
        let operation = self.world.operation_with(&self.org, &planned).await;
        let id = operation.to_string();
        let was = self.plan_of(operation).await.was;
        let fields = [
            ("operation_id", id.as_str()),
            ("was", was.as_str()),
            ("billets", "Lead\nMedic"),
        ];
        let path = "/api/operations/edit_billets";
        self.founder(path, &fields).await.outcome();
        let release = [("self_service", "true")];
        self.world
            .on_operation(
                &self.org,
                "set_release",
                operation,
                &release,
                &self.org.founder,
            )
            .await
            .outcome();
        let holder = self.coming(operation).await;
        let rsvp = self.coming(operation).await;
        let (free, taken) = (
            self.billet_named(operation, "Lead").await,
            self.billet_named(operation, "Medic").await,
        );
        let fields = [
            ("billet_id", taken.to_string()),
            ("rsvp_id", holder.to_string()),
        ];
        let path = "/api/operations/fill_billet";
        self.founder(path, &borrow(&fields)).await.outcome();
        // Who may not answer is not among those who come.
        let fields = [("operation_id", id.as_str()), ("answer", "attending")];
        let path = "/api/operations/answer_operation";
        self.world
            .command(&self.org.host, path, &fields, caller)
            .await;
        Billeted {
            operation,
            free,
            taken,
            rsvp,
        }
    }

    /// The answer of somebody who comes.
    async fn coming(&self, operation: OperationId) -> RsvpId {
        let player: PlayerId = self.player().await;
        let fields = [
            ("operation_id", operation.to_string()),
            ("player_id", player.to_string()),
            ("answer", "attending".to_owned()),
        ];
        let path = "/api/operations/answer_for";
        self.founder(path, &borrow(&fields)).await.outcome();
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (rsvp,): (RsvpId,) = tx
            .one(
                "select rsvp_id from rsvp
                  where org_id = $1 and operation_id = $2 and player_id = $3",
                (self.org.id, operation, player),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        rsvp
    }

    async fn guest(&self, operation: OperationId) -> RsvpId {
        let fields = [
            ("operation_id", operation.to_string()),
            ("guest_name", self.name("Guest")),
        ];
        let path = "/api/operations/add_guest";
        self.founder(path, &borrow(&fields)).await.outcome();
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (rsvp,): (RsvpId,) = tx
            .one(
                "select rsvp_id from rsvp
                  where org_id = $1 and operation_id = $2 and player_id is null",
                (self.org.id, operation),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        rsvp
    }

    async fn billet_named(&self, operation: OperationId, title: &str) -> BilletId {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (billet,): (BilletId,) = tx
            .one(
                "select billet_id from billet
                  where org_id = $1 and operation_id = $2 and title = $3",
                (self.org.id, operation, title.to_owned()),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        billet
    }

    async fn plan_of(&self, operation: OperationId) -> PlanPage {
        let ctx = self.world.ctx_of(&self.org, &self.org.founder).await;
        service::read_plan(&ctx, operation).await.unwrap()
    }

    async fn suggestion_of(&self, operation: OperationId) -> SuggestionPage {
        let ctx = self.world.ctx_of(&self.org, &self.org.founder).await;
        let weights = service::weights(6, 6, 6).unwrap();
        service::read_suggestion(&ctx, operation, weights)
            .await
            .unwrap()
    }
}
