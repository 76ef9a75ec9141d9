//! What attendance can be.

use crate::{
    domain::{AttendanceStateId, name::key, time::Instant},
    features::attendance::{
        input::CheckedState,
        model::{Meaning, Tone, UsedFor},
    },
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A state as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::attendance) struct StateRow {
    pub(in crate::features::attendance) state_id: AttendanceStateId,
    pub(in crate::features::attendance) name: String,
    pub(in crate::features::attendance) abbreviation: String,
    credit: i64,
    excused: bool,
    counts: bool,
    #[sqlx(try_from = "String")]
    pub(in crate::features::attendance) used_for: UsedFor,
    #[sqlx(try_from = "String")]
    pub(in crate::features::attendance) tone: Tone,
    pub(in crate::features::attendance) deleted: bool,
    pub(in crate::features::attendance) version: i64,
}

impl StateRow {
    pub(in crate::features::attendance) fn meaning(&self) -> Meaning {
        Meaning {
            credit: self.credit,
            excused: self.excused,
            counts: self.counts,
        }
    }
}

/// All states in order, deleted ones last.
pub(in crate::features::attendance) async fn all(tx: &mut Read) -> Result<Vec<StateRow>> {
    let org = tx.org();
    tx.all(
        "select state_id, name, abbreviation, credit, excused, counts, used_for, tone,
                deleted_at is not null as deleted, version
           from attendance_state where org_id = $1
          order by deleted_at is not null, sort_order, name_key",
        (org,),
    )
    .await
}

/// How many entries have each state.
pub(in crate::features::attendance) async fn entries(
    tx: &mut Read,
) -> Result<Vec<(AttendanceStateId, i64)>> {
    let org = tx.org();
    tx.all(
        "select state_id, count(*) from attendance where org_id = $1 group by state_id",
        (org,),
    )
    .await
}

/// Inserts a state. A name, or a use, that another one has breaks an index.
pub(in crate::features::attendance) async fn insert(
    tx: &mut Write,
    id: AttendanceStateId,
    state: &CheckedState,
) -> Result<()> {
    let args = (
        tx.org(),
        id,
        state.name.clone(),
        key(&state.name),
        state.abbreviation.clone(),
        state.meaning.credit,
        state.meaning.excused,
        state.meaning.counts,
        state.used_for.as_str().to_owned(),
        state.tone.as_str().to_owned(),
        state.order,
    );
    tx.run(
        "insert into attendance_state (org_id, state_id, name, name_key, abbreviation, credit,
             excused, counts, used_for, tone, sort_order)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args,
    )
    .await?;
    Ok(())
}

/// Changes a state; false when the version is another.
pub(in crate::features::attendance) async fn update(
    tx: &mut Write,
    id: AttendanceStateId,
    version: i64,
    state: &CheckedState,
) -> Result<bool> {
    let args = (
        tx.org(),
        id,
        version,
        state.name.clone(),
        key(&state.name),
        state.abbreviation.clone(),
        state.meaning.credit,
        state.meaning.excused,
        state.meaning.counts,
        state.used_for.as_str().to_owned(),
        state.tone.as_str().to_owned(),
        state.order,
    );
    let rows = tx
        .run(
            "update attendance_state
                set name = $4, name_key = $5, abbreviation = $6, credit = $7, excused = $8,
                    counts = $9, used_for = $10, tone = $11, sort_order = $12, version = version + 1
              where org_id = $1 and state_id = $2 and version = $3 and deleted_at is null",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Takes a state out of those to choose; entries keep it. False when the version is another.
pub(in crate::features::attendance) async fn delete(
    tx: &mut Write,
    id: AttendanceStateId,
    version: i64,
    now: Instant,
) -> Result<bool> {
    let args = (tx.org(), id, version, now);
    let rows = tx
        .run(
            "update attendance_state set deleted_at = $4, used_for = '', version = version + 1
              where org_id = $1 and state_id = $2 and version = $3 and deleted_at is null",
            args,
        )
        .await?;
    Ok(rows == 1)
}
