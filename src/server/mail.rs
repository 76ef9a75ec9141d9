//! Mail goes to an outbox table inside the command's transaction; delivery is a later job. In
//! development it is also written to the log, so that links can be followed.

use super::{ctx::Ctx, db::Tx, error::Result};
use uuid::Uuid;

/// Queues a mail.
///
/// # Errors
/// When the database fails.
pub async fn queue(tx: &mut Tx, ctx: &Ctx, to: &str, subject: &str, body: &str) -> Result<()> {
    if ctx.state.config.development {
        tracing::info!(to, subject, body, "mail (development)");
    }
    tx.run(
        "insert into outbox_mail (mail_id, to_address, subject, body, created_at)
         values ($1, $2, $3, $4, $5)",
        (
            Uuid::now_v7(),
            to.to_owned(),
            subject.to_owned(),
            body.to_owned(),
            ctx.now,
        ),
    )
    .await?;
    Ok(())
}
