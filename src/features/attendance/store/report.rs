//! After-action reports.

use crate::{
    domain::{OperationId, time::Instant},
    server::{
        Ctx, Result,
        db::{Read, Write},
    },
};

/// A report.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::attendance) struct ReportRow {
    pub(in crate::features::attendance) text: String,
    pub(in crate::features::attendance) filed_at: Instant,
    pub(in crate::features::attendance) filed_name: String,
    pub(in crate::features::attendance) version: i64,
}

/// The report of an operation.
pub(in crate::features::attendance) async fn get(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Option<ReportRow>> {
    let args = (tx.org(), operation);
    tx.optional(
        "select text, filed_at, filed_name, version from after_action
          where org_id = $1 and operation_id = $2",
        args,
    )
    .await
}

/// Files a report. A second one breaks the key.
pub(in crate::features::attendance) async fn insert(
    tx: &mut Write,
    ctx: &Ctx,
    operation: OperationId,
    text: &str,
) -> Result<()> {
    let args = (
        tx.org(),
        operation,
        text.to_owned(),
        ctx.now,
        ctx.actor.user.as_ref().map(|user| user.id),
        ctx.actor.name(),
    );
    tx.run(
        "insert into after_action (org_id, operation_id, text, filed_at, filed_by, filed_name)
         values ($1, $2, $3, $4, $5, $6)",
        args,
    )
    .await?;
    Ok(())
}

/// Changes a report; who filed it first stays. False when the version is another.
pub(in crate::features::attendance) async fn update(
    tx: &mut Write,
    operation: OperationId,
    version: i64,
    text: &str,
) -> Result<bool> {
    let args = (tx.org(), operation, version, text.to_owned());
    let rows = tx
        .run(
            "update after_action set text = $4, version = version + 1
              where org_id = $1 and operation_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}
