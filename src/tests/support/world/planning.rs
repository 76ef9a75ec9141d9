//! Operations to act on, made through their commands.

use super::{Answer, Caller, Org, World};
use chrono::{DateTime, Duration, DurationRound, Utc};
use muster::domain::{GroupId, OperationId};

/// What an operation is to be; everything else is made up.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) group: Option<GroupId>,
    pub(crate) title: String,
    /// `group`, `members` or `public`.
    pub(crate) audience: &'static str,
    /// `draft` or `now`.
    pub(crate) publish: &'static str,
    pub(crate) starts_in: Duration,
    pub(crate) length: &'static str,
    pub(crate) capacity: &'static str,
    pub(crate) zone: &'static str,
    /// How it comes again: empty for not at all, `weeks`, `days` and so on.
    pub(crate) every: &'static str,
}

impl Default for Planned {
    fn default() -> Self {
        Self {
            group: None,
            title: "Patrol".into(),
            audience: "members",
            publish: "now",
            starts_in: Duration::days(3),
            length: "2:00",
            capacity: "",
            zone: "UTC",
            every: "",
        }
    }
}

impl World {
    /// Plans a published operation of the whole organisation for all members, in three days.
    pub(crate) async fn operation(&self, org: &Org) -> OperationId {
        self.operation_with(org, &Planned::default()).await
    }

    /// Plans an operation as the founder.
    pub(crate) async fn operation_with(&self, org: &Org, planned: &Planned) -> OperationId {
        let answer = self.plan(org, planned, &org.founder).await;
        let goto = answer
            .outcome()
            .goto
            .expect("planning leads to the operation");
        goto.rsplit('/').next().unwrap().parse().unwrap()
    }

    /// Plans an operation as somebody.
    pub(crate) async fn plan(&self, org: &Org, planned: &Planned, caller: &Caller) -> Answer {
        let group = planned.group.unwrap_or(org.id.root_group());
        let mut fields = self.operation_fields(planned);
        fields.push(("group_id", group.to_string()));
        fields.push(("publish", planned.publish.to_owned()));
        fields.push(("repeat[every]", planned.every.to_owned()));
        let fields = crate::catalogue::borrow(&fields);
        let path = "/api/operations/plan_operation";
        self.command(&org.host, path, &fields, caller).await
    }

    /// The fields of an operation; the clock of its zone shows what UTC's would.
    pub(crate) fn operation_fields(&self, planned: &Planned) -> Vec<(&'static str, String)> {
        let starts = self.minute() + planned.starts_in;
        vec![
            ("operation[title]", planned.title.clone()),
            ("operation[audience]", planned.audience.to_owned()),
            ("operation[date]", starts.format("%Y-%m-%d").to_string()),
            ("operation[time]", starts.format("%H:%M").to_string()),
            ("operation[length]", planned.length.to_owned()),
            ("operation[zone]", planned.zone.to_owned()),
            ("operation[capacity]", planned.capacity.to_owned()),
        ]
    }

    /// The minute of now: operations begin with minutes.
    pub(crate) fn minute(&self) -> DateTime<Utc> {
        self.now().duration_trunc(Duration::minutes(1)).unwrap()
    }

    /// The version of an operation.
    pub(crate) async fn operation_version(&self, org: &Org, operation: OperationId) -> i64 {
        let mut tx = self.state.db.system_read().await.unwrap();
        let (version,): (i64,) = tx
            .one(
                "select version from operation where org_id = $1 and operation_id = $2",
                (org.id, operation),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        version
    }

    /// A command on an operation, with its version of now and further fields.
    pub(crate) async fn on_operation(
        &self,
        org: &Org,
        verb: &str,
        operation: OperationId,
        more: &[(&str, &str)],
        caller: &Caller,
    ) -> Answer {
        let version = self.operation_version(org, operation).await.to_string();
        let id = operation.to_string();
        let mut fields = vec![("operation_id", id.as_str()), ("version", version.as_str())];
        fields.extend(more);
        let path = format!("/api/operations/{verb}");
        self.command(&org.host, &path, &fields, caller).await
    }
}
