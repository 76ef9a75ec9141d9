//! Arguments about attendance and leave.

use super::{Fields, Maker};
use crate::support::{Caller, Planned};
use muster::domain::{AppealId, AttendanceStateId, LeaveId, OperationId, PlayerId};
use uuid::Uuid;

/// A name that is made while a test runs.
fn name(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

impl Maker {
    /// Somebody in a fresh group, and an operation for all members that has just begun.
    pub(crate) async fn begun(&self) -> (OperationId, PlayerId) {
        let (player, ..) = self.member().await;
        let planned = Planned {
            title: self.name("Patrol"),
            ..Planned::default()
        };
        let id = self.world.operation_with(&self.org, &planned).await;
        let mut tx = self.world.state.db.system().await.unwrap();
        let now = self.world.now();
        tx.run(
            "update operation set starts_at = $3, ends_at = $4
              where org_id = $1 and operation_id = $2",
            (self.org.id, id, now, now + chrono::Duration::hours(2)),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        (id, player)
    }

    /// The state of this name.
    async fn state(&self, name: &str) -> AttendanceStateId {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (state,): (AttendanceStateId,) = tx
            .one(
                "select state_id from attendance_state where org_id = $1 and name = $2",
                (self.org.id, name.to_owned()),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        state
    }

    /// A new state that nobody has.
    async fn own_state(&self) -> AttendanceStateId {
        let id = AttendanceStateId(Uuid::now_v7());
        let name = self.name("State");
        let mut tx = self.world.state.db.system().await.unwrap();
        tx.run(
            "insert into attendance_state (org_id, state_id, name, name_key, abbreviation, credit)
             values ($1, $2, $3, $4, 'S', 50)",
            (self.org.id, id, name.clone(), name.to_lowercase()),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    fn state_fields(&self) -> Fields {
        vec![
            ("state[name]", self.name("State")),
            ("state[abbreviation]", "S".into()),
            ("state[credit]", "50".into()),
            ("state[counts]", "true".into()),
            ("state[used_for]", String::new()),
            ("state[tone]", "neutral".into()),
            ("state[order]", "9".into()),
        ]
    }

    /// The player of a caller; the founder's need not be one.
    async fn player_of(&self, caller: &Caller) -> Option<PlayerId> {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let row: Option<(PlayerId,)> = tx
            .optional(
                "select player_id from player where org_id = $1 and user_id = $2",
                (self.org.id, caller.user),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        row.map(|(player,)| player)
    }

    /// An appeal that waits, of this player.
    async fn appeal_of(&self, operation: OperationId, player: PlayerId) -> AppealId {
        let id = AppealId(Uuid::now_v7());
        let mut tx = self.world.state.db.system().await.unwrap();
        tx.run(
            "insert into attendance_appeal (org_id, appeal_id, operation_id, player_id, text, made_at)
             values ($1, $2, $3, $4, 'I was there', $5)",
            (self.org.id, id, operation, player, self.world.now()),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A request for leave that waits, of this player.
    async fn leave_of(&self, player: PlayerId) -> LeaveId {
        let id = LeaveId(Uuid::now_v7());
        let day = |days| (self.world.now() + chrono::Duration::days(days)).format("%Y-%m-%d");
        let mut tx = self.world.state.db.system().await.unwrap();
        tx.run(
            "insert into leave_of_absence (org_id, leave_id, player_id, from_day, until_day, asked_at)
             values ($1, $2, $3, $4, $5, $6)",
            (
                self.org.id,
                id,
                player,
                day(700).to_string(),
                day(701).to_string(),
                self.world.now(),
            ),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// The secret of a link for checking in.
    pub(crate) async fn check_in_secret(&self) -> String {
        let (id, _) = self.begun().await;
        let fields = [
            ("operation_id", id.to_string()),
            ("minutes", "15".to_owned()),
        ];
        let path = "/api/attendance/open_check_in";
        let answer = self.founder(path, &super::borrow(&fields)).await;
        let goto = answer.outcome().goto.expect("the page with the link");
        let (_, secret) = goto.split_once("check_in=").expect("the link's secret");
        secret.to_owned()
    }

    /// Valid arguments about attendance and leave.
    pub(super) async fn attending(&self, path: &str, caller: &Caller) -> Fields {
        let (operation, player) = self.begun().await;
        let on = ("operation_id", operation.to_string());
        let mark = |state: AttendanceStateId| {
            [
                (name(format!("marks[p{player}]")), state.to_string()),
                (name(format!("seen[p{player}]")), "0.".to_owned()),
            ]
        };
        let own = self.player_of(caller).await;
        match path {
            "/api/attendance/answer_appeal" => vec![
                (
                    "appeal_id",
                    self.appeal_of(operation, player).await.to_string(),
                ),
                ("verdict", "grant".into()),
            ],
            "/api/attendance/withdraw_appeal" => {
                let id = self.appeal_of(operation, own.unwrap_or(player)).await;
                vec![("appeal_id", id.to_string())]
            }
            "/api/attendance/check_in" | "/api/attendance/read_check_in" => {
                vec![("secret", self.check_in_secret().await)]
            }
            "/api/attendance/create_state" => self.state_fields(),
            "/api/attendance/edit_state" => {
                let mut fields = self.state_fields();
                fields.push(("state_id", self.own_state().await.to_string()));
                fields.push(("version", "1".into()));
                fields
            }
            "/api/attendance/delete_state" => vec![
                ("state_id", self.own_state().await.to_string()),
                ("version", "1".into()),
            ],
            "/api/attendance/file_report" => {
                let mut fields = vec![on, ("version", "0".into()), ("text", "Held.".into())];
                fields.extend(mark(self.state("Present").await));
                fields
            }
            "/api/attendance/fill_sheet" => vec![on, ("who", "others".into())],
            "/api/attendance/make_appeal" => vec![on, ("text", "I was there".into())],
            "/api/attendance/open_check_in" => vec![on, ("minutes", "15".into())],
            "/api/attendance/read_report" | "/api/attendance/read_sheet" => {
                vec![("id", operation.to_string())]
            }
            "/api/attendance/record_list" => {
                let mut tx = self.world.state.db.system_read().await.unwrap();
                let (text,): (String,) = tx
                    .one(
                        "select common_name from player where org_id = $1 and player_id = $2",
                        (self.org.id, player),
                    )
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
                let state = self.state("Present").await.to_string();
                vec![on, ("text", text), ("state_id", state)]
            }
            "/api/attendance/record_sheet" => {
                let mut fields = vec![on];
                fields.extend(mark(self.state("Present").await));
                fields
            }
            "/api/leave/answer_leave" => vec![
                ("leave_id", self.leave_of(player).await.to_string()),
                ("verdict", "approve".into()),
            ],
            "/api/leave/ask_leave" => {
                let first = 10 + 3 * i64::from(self.number());
                let day =
                    |days| (self.world.now() + chrono::Duration::days(days)).format("%Y-%m-%d");
                vec![
                    ("from", day(first % 600).to_string()),
                    ("until", day(first % 600 + 1).to_string()),
                    ("kind", "planned".into()),
                ]
            }
            "/api/leave/end_leave" => {
                let id = self.leave_of(own.unwrap_or(player)).await;
                vec![("leave_id", id.to_string()), ("version", "1".into())]
            }
            _ => Vec::new(),
        }
    }
}
