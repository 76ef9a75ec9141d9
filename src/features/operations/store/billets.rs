//! Sections and billets, who has them and who would like them.

use crate::{
    domain::{BilletId, OperationId, PlayerId, RsvpId, SectionId, time::Instant},
    features::operations::model::{FilledBy, Held},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A billet as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct Billet {
    /// Its id.
    pub(in crate::features::operations) billet_id: BilletId,
    /// Of which operation.
    pub(in crate::features::operations) operation_id: OperationId,
    /// In which section.
    pub(in crate::features::operations) section_id: SectionId,
    /// What it is.
    pub(in crate::features::operations) title: String,
    /// What is to be known of it.
    pub(in crate::features::operations) text: String,
    /// What it needs, as JSON.
    pub(in crate::features::operations) needs: String,
    /// Who may fill it.
    #[sqlx(try_from = "String")]
    pub(in crate::features::operations) held: Held,
    /// Why, or for whom.
    pub(in crate::features::operations) held_note: String,
    /// Order within its section.
    pub(in crate::features::operations) sort_order: i64,
    /// Whose answer has it.
    pub(in crate::features::operations) rsvp_id: Option<RsvpId>,
    /// How they came in.
    #[sqlx(try_from = "String")]
    pub(in crate::features::operations) filled_by: FilledBy,
    /// For optimistic locking.
    pub(in crate::features::operations) version: i64,
}

macro_rules! select_billets {
    ($rest:literal) => {
        concat!(
            "select b.billet_id, b.operation_id, b.section_id, b.title, b.text, b.needs, b.held,
                    b.held_note, b.sort_order, b.rsvp_id, b.filled_by, b.version
               from billet b
               join section s on s.org_id = b.org_id and s.operation_id = b.operation_id
                             and s.section_id = b.section_id
              where b.org_id = $1 ",
            $rest
        )
    };
}

/// The billets of an operation, in the order of the board.
pub(in crate::features::operations) async fn of_operation(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<Billet>> {
    let args = (tx.org(), operation);
    tx.all(
        select_billets!(
            "and b.operation_id = $2
              order by s.sort_order, s.section_id, b.sort_order, b.billet_id"
        ),
        args,
    )
    .await
}

/// A billet by id.
pub(in crate::features::operations) async fn get(
    tx: &mut Read,
    billet: BilletId,
) -> Result<Billet> {
    let args = (tx.org(), billet);
    tx.one(select_billets!("and b.billet_id = $2"), args).await
}

/// The billet that somebody has.
pub(in crate::features::operations) async fn held_by(
    tx: &mut Read,
    operation: OperationId,
    rsvp: RsvpId,
) -> Result<Option<Billet>> {
    let args = (tx.org(), operation, rsvp);
    tx.optional(
        select_billets!("and b.operation_id = $2 and b.rsvp_id = $3"),
        args,
    )
    .await
}

/// The billets that a player has in the operations that begin in a span of time, its ends included.
pub(in crate::features::operations) async fn of_player_between(
    tx: &mut Read,
    player: PlayerId,
    from: Instant,
    until: Instant,
) -> Result<Vec<(OperationId, String)>> {
    let args = (tx.org(), player, from, until);
    tx.all(
        "select b.operation_id, b.title
           from rsvp r
           join operation o on o.org_id = r.org_id and o.operation_id = r.operation_id
           join billet b on b.org_id = r.org_id and b.operation_id = r.operation_id
                        and b.rsvp_id = r.rsvp_id
          where r.org_id = $1 and r.player_id = $2 and o.starts_at >= $3 and o.starts_at <= $4",
        args,
    )
    .await
}

/// The sections of an operation in order: id and name.
pub(in crate::features::operations) async fn sections(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<(SectionId, String)>> {
    let args = (tx.org(), operation);
    tx.all(
        "select section_id, name from section where org_id = $1 and operation_id = $2
          order by sort_order, section_id",
        args,
    )
    .await
}

/// Somebody's wish for a billet.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct Wish {
    /// Whose.
    pub(in crate::features::operations) rsvp_id: RsvpId,
    /// Which billet.
    pub(in crate::features::operations) billet_id: BilletId,
    /// Its place among their wishes, from 1.
    pub(in crate::features::operations) preference: i64,
    /// They wait for it, in this order.
    pub(in crate::features::operations) waiting_since: Option<i64>,
}

/// All wishes for billets of an operation, each person's in order.
pub(in crate::features::operations) async fn wishes(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<Wish>> {
    let args = (tx.org(), operation);
    tx.all(
        "select rsvp_id, billet_id, preference, waiting_since from billet_wish
          where org_id = $1 and operation_id = $2 order by rsvp_id, preference, billet_id",
        args,
    )
    .await
}

/// Writes a wish, or changes it.
pub(in crate::features::operations) async fn put_wish(
    tx: &mut Write,
    operation: OperationId,
    wish: &Wish,
) -> Result<()> {
    let args = (
        tx.org(),
        operation,
        wish.rsvp_id,
        wish.billet_id,
        wish.preference,
        wish.waiting_since,
    );
    tx.run(
        "insert into billet_wish (org_id, operation_id, rsvp_id, billet_id, preference, waiting_since)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (org_id, operation_id, rsvp_id, billet_id)
         do update set preference = excluded.preference, waiting_since = excluded.waiting_since",
        args,
    )
    .await?;
    Ok(())
}

/// Forgets all wishes of somebody.
pub(in crate::features::operations) async fn drop_wishes(
    tx: &mut Write,
    operation: OperationId,
    rsvp: RsvpId,
) -> Result<()> {
    let args = (tx.org(), operation, rsvp);
    tx.run(
        "delete from billet_wish where org_id = $1 and operation_id = $2 and rsvp_id = $3",
        args,
    )
    .await?;
    Ok(())
}

/// Somebody waits for nothing any more.
pub(in crate::features::operations) async fn stop_waiting(
    tx: &mut Write,
    operation: OperationId,
    rsvp: RsvpId,
) -> Result<()> {
    let args = (tx.org(), operation, rsvp);
    tx.run(
        "update billet_wish set waiting_since = null
          where org_id = $1 and operation_id = $2 and rsvp_id = $3 and waiting_since is not null",
        args,
    )
    .await?;
    Ok(())
}

/// Puts somebody into a billet that is empty; false when it is not.
pub(in crate::features::operations) async fn fill(
    tx: &mut Write,
    billet: BilletId,
    rsvp: RsvpId,
    by: FilledBy,
    now: Instant,
) -> Result<bool> {
    let args = (tx.org(), billet, rsvp, by.as_str().to_owned(), now);
    let rows = tx
        .run(
            "update billet set rsvp_id = $3, filled_by = $4, filled_at = $5, version = version + 1
              where org_id = $1 and billet_id = $2 and rsvp_id is null and held <> 'blocked'",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Empties a billet.
pub(in crate::features::operations) async fn empty(tx: &mut Write, billet: BilletId) -> Result<()> {
    let args = (tx.org(), billet);
    tx.run(
        "update billet set rsvp_id = null, filled_at = null, filled_by = '', version = version + 1
          where org_id = $1 and billet_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// A billet as a planner wrote it.
#[derive(Clone, Debug)]
pub(in crate::features::operations) struct BilletText {
    pub(in crate::features::operations) id: BilletId,
    pub(in crate::features::operations) section: SectionId,
    pub(in crate::features::operations) title: String,
    pub(in crate::features::operations) text: String,
    pub(in crate::features::operations) needs: String,
    pub(in crate::features::operations) held: Held,
    pub(in crate::features::operations) held_note: String,
    pub(in crate::features::operations) order: i64,
}

/// Inserts a billet, or changes it as a planner wrote it; whoever has it keeps it.
pub(in crate::features::operations) async fn put(
    tx: &mut Write,
    operation: OperationId,
    billet: &BilletText,
) -> Result<()> {
    let args = (
        tx.org(),
        operation,
        billet.id,
        billet.section,
        billet.title.clone(),
        billet.text.clone(),
        billet.needs.clone(),
        billet.held.as_str().to_owned(),
        billet.held_note.clone(),
        billet.order,
    );
    tx.run(
        "insert into billet (org_id, operation_id, billet_id, section_id, title, text, needs, held,
                             held_note, sort_order)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (org_id, billet_id) do update
            set section_id = excluded.section_id, title = excluded.title, text = excluded.text,
                needs = excluded.needs, held = excluded.held, held_note = excluded.held_note,
                sort_order = excluded.sort_order, version = billet.version + 1",
        args,
    )
    .await?;
    Ok(())
}

/// Deletes a billet; the wishes for it go with it.
pub(in crate::features::operations) async fn delete(
    tx: &mut Write,
    billet: BilletId,
) -> Result<()> {
    let args = (tx.org(), billet);
    tx.run(
        "delete from billet where org_id = $1 and billet_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Inserts a section, or changes its name and order.
pub(in crate::features::operations) async fn put_section(
    tx: &mut Write,
    operation: OperationId,
    section: SectionId,
    name: &str,
    order: i64,
) -> Result<()> {
    let args = (tx.org(), operation, section, name.to_owned(), order);
    tx.run(
        "insert into section (org_id, operation_id, section_id, name, sort_order)
         values ($1, $2, $3, $4, $5)
         on conflict (org_id, operation_id, section_id) do update
            set name = excluded.name, sort_order = excluded.sort_order",
        args,
    )
    .await?;
    Ok(())
}

/// Deletes a section that has no billets any more.
pub(in crate::features::operations) async fn delete_section(
    tx: &mut Write,
    operation: OperationId,
    section: SectionId,
) -> Result<()> {
    let args = (tx.org(), operation, section);
    tx.run(
        "delete from section where org_id = $1 and operation_id = $2 and section_id = $3",
        args,
    )
    .await?;
    Ok(())
}

/// Says who takes billets themselves, and from when; false when the version is another.
pub(in crate::features::operations) async fn set_release(
    tx: &mut Write,
    operation: OperationId,
    version: i64,
    self_service: bool,
    release: &str,
) -> Result<bool> {
    let args = (
        tx.org(),
        operation,
        version,
        self_service,
        release.to_owned(),
    );
    let rows = tx
        .run(
            "update operation set self_service = $4, release = $5, version = version + 1
              where org_id = $1 and operation_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}
