//! Arguments of the server functions of operations.

use super::{Fields, Maker, borrow};
use crate::support::{Caller, Planned};
use muster::{
    domain::{FeedId, OperationId, PlayerId},
    features::operations::service,
};

impl Maker {
    /// A published operation of the home group, for all members.
    pub(crate) async fn operation(&self) -> OperationId {
        self.operation_as("now").await
    }

    /// An operation of the home group that was published `now` or is a `draft`.
    pub(crate) async fn operation_as(&self, publish: &'static str) -> OperationId {
        let planned = Planned {
            group: Some(self.home),
            title: self.name("Patrol"),
            publish,
            ..Planned::default()
        };
        self.world.operation_with(&self.org, &planned).await
    }

    /// A weekly series of the home group, by its first operation.
    pub(crate) async fn series(&self) -> OperationId {
        let planned = Planned {
            group: Some(self.home),
            title: self.name("Patrol"),
            every: "weeks",
            ..Planned::default()
        };
        self.world.operation_with(&self.org, &planned).await
    }

    /// A row of what operations are set up with: its id and its version.
    async fn set_up(&self, path: &str, fields: Fields, sql: &'static str) -> (String, String) {
        let name = fields[0].1.clone();
        let fields: Vec<(&str, String)> = fields;
        let answer = self.founder(path, &borrow(&fields)).await;
        answer.outcome();
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (id, version): (uuid::Uuid, i64) = tx.one(sql, (self.org.id, name)).await.unwrap();
        tx.commit().await.unwrap();
        (id.to_string(), version.to_string())
    }

    fn category_fields(&self) -> Fields {
        vec![
            ("category[name]", self.name("Category")),
            ("category[hue]", "90".into()),
            ("category[mark]", "star".into()),
            ("category[counts]", "true".into()),
        ]
    }

    async fn category(&self) -> Fields {
        let sql = "select category_id, version from operation_category
                    where org_id = $1 and name = $2";
        let path = "/api/operations/create_category";
        let (id, version) = self.set_up(path, self.category_fields(), sql).await;
        vec![("category_id", id), ("version", version)]
    }

    async fn campaign(&self) -> Fields {
        let sql = "select campaign_id, version from campaign where org_id = $1 and name = $2";
        let path = "/api/operations/create_campaign";
        let fields = vec![("name", self.name("Campaign"))];
        let (id, version) = self.set_up(path, fields, sql).await;
        vec![("campaign_id", id), ("version", version)]
    }

    async fn template(&self) -> Fields {
        let sql = "select template_id, version from operation_template
                    where org_id = $1 and name = $2";
        let path = "/api/operations/save_template";
        let operation = self.operation().await;
        let fields = vec![
            ("name", self.name("Template")),
            ("operation_id", operation.to_string()),
        ];
        let (id, version) = self.set_up(path, fields, sql).await;
        vec![("template_id", id), ("version", version)]
    }

    /// Id and version of an operation.
    async fn versioned(&self, operation: OperationId) -> Fields {
        let version = self.world.operation_version(&self.org, operation).await;
        vec![
            ("operation_id", operation.to_string()),
            ("version", version.to_string()),
        ]
    }

    /// An operation that is over, as the worker leaves it.
    async fn done(&self) -> OperationId {
        let operation = self.operation().await;
        let mut tx = self.world.state.db.system().await.unwrap();
        tx.run(
            "update operation set state = 'done' where org_id = $1 and operation_id = $2",
            (self.org.id, operation),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        operation
    }

    /// A feed of the caller's; somebody else's for who is no player here.
    async fn feed_of(&self, caller: &Caller) -> FeedId {
        let ctx = self.world.ctx(&self.org).await;
        let mut tx = self
            .world
            .state
            .db
            .write_beside(ctx.tenant().unwrap())
            .await
            .unwrap();
        let own: Option<(PlayerId,)> = tx
            .optional(
                "select player_id from player where org_id = $1 and user_id = $2",
                (self.org.id, caller.user),
            )
            .await
            .unwrap();
        let (player,) = match own {
            Some(own) => own,
            None => tx
                .one(
                    "select player_id from player where org_id = $1 order by player_id limit 1",
                    (self.org.id,),
                )
                .await
                .unwrap(),
        };
        let feed = FeedId(uuid::Uuid::now_v7());
        tx.run(
            "insert into calendar_feed (org_id, feed_id, player_id, name, token_hash, created_at)
             values ($1, $2, $3, 'My phone', $4, $5)",
            (
                self.org.id,
                feed,
                player,
                feed.to_string(),
                self.world.now(),
            ),
        )
        .await
        .unwrap();
        tx.done().await.unwrap();
        feed
    }

    /// The secret of a member's personal link to an operation of the home group.
    pub(crate) async fn answer_token(&self) -> String {
        let (member, _) = self.world.claimed(&self.org, &self.name("Asked")).await;
        let operation = self.operation().await;
        let ctx = self.world.ctx(&self.org).await;
        let mut tx = self
            .world
            .state
            .db
            .read(ctx.tenant().unwrap())
            .await
            .unwrap();
        let links = service::answer_links(&mut tx, &ctx, operation)
            .await
            .unwrap()
            .expect("a published operation takes answers");
        tx.done().await.unwrap();
        let path = links.path_for(member.user.unwrap());
        path.trim_start_matches("/answer/").to_owned()
    }

    /// Valid arguments of the server functions of operations.
    pub(super) async fn operation_arguments(&self, function: &str, caller: &Caller) -> Fields {
        let reason = ("reason", "The server is down".to_owned());
        match function {
            "create_category" => self.category_fields(),
            "edit_category" => {
                let mut fields = self.category().await;
                fields.extend(self.category_fields());
                fields
            }
            "delete_category" => self.category().await,
            "create_campaign" => vec![("name", self.name("Campaign"))],
            "edit_campaign" => {
                let mut fields = self.campaign().await;
                fields.push(("name", self.name("Campaign")));
                fields
            }
            "end_campaign" => {
                let mut fields = self.campaign().await;
                fields.push(("ended", "true".into()));
                fields
            }
            "save_template" => vec![
                ("operation_id", self.operation().await.to_string()),
                ("name", self.name("Template")),
            ],
            "delete_template" => self.template().await,
            "plan_operation" => {
                let planned = Planned {
                    title: self.name("Patrol"),
                    ..Planned::default()
                };
                let mut fields = self.world.operation_fields(&planned);
                fields.push(("group_id", self.home.to_string()));
                fields.push(("publish", "draft".into()));
                fields
            }
            "edit_operation" => {
                let mut fields = self.versioned(self.operation().await).await;
                fields.extend(self.world.operation_fields(&Planned::default()));
                fields
            }
            "publish_operation" | "delete_operation" => {
                let draft = self.operation_as("draft").await;
                self.versioned(draft).await
            }
            "schedule_operation" => {
                let mut fields = self.versioned(self.operation_as("draft").await).await;
                fields.push(("publish", "now".into()));
                fields
            }
            "cancel_operation" => {
                let mut fields = self.versioned(self.operation().await).await;
                fields.push(reason);
                fields
            }
            "revive_operation" => {
                let operation = self.operation().await;
                let (founder, why) = (&self.org.founder, [("reason", "Rain")]);
                let verb = "cancel_operation";
                let org = &self.org;
                let cancelled = self.world.on_operation(org, verb, operation, &why, founder);
                cancelled.await.outcome();
                self.versioned(operation).await
            }
            "archive_operation" => self.versioned(self.done().await).await,
            "end_series" => {
                let mut fields = self.versioned(self.series().await).await;
                fields.push(reason);
                fields
            }
            "move_operation" => {
                let mut fields = self.versioned(self.operation().await).await;
                let day = self.world.now().date_naive() + chrono::Duration::days(5);
                fields.push(("date", day.to_string()));
                fields.push(("time", "20:00".into()));
                fields
            }
            "drop_operation" => {
                let mut fields = self.versioned(self.operation().await).await;
                fields.push(("from", "2026-03-06".into()));
                fields.push(("to", "2026-03-09".into()));
                fields
            }
            "read_answer_link" => vec![("token", self.answer_token().await)],
            "answer_by_link" => vec![
                ("token", self.answer_token().await),
                ("answer", "late".into()),
            ],
            "make_feed" => vec![("name", self.name("Feed"))],
            "revoke_feed" => vec![("feed_id", self.feed_of(caller).await.to_string())],
            "read_operation" | "read_history" | "read_move" => {
                vec![("id", self.operation().await.to_string())]
            }
            "read_operation_form" => vec![("id", self.operation().await.to_string())],
            _ => Vec::new(),
        }
    }
}
