//! What operations are set up with: categories, campaigns, templates, and the defaults of a new Org.

use crate::{
    domain::{AttendanceStateId, CampaignId, CategoryId, name::key, time::Instant},
    features::operations::model::{Mark, defaults},
    server::{
        Result,
        db::{Read, Write},
    },
};
use uuid::Uuid;

/// A category.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CategoryRow {
    /// Its id.
    pub category_id: CategoryId,
    /// Its name.
    pub name: String,
    /// Hue of its mark.
    pub hue: i64,
    /// Shape of its mark.
    #[sqlx(try_from = "String")]
    pub mark: Mark,
    /// Its operations count towards attendance (§9.7).
    pub counts: bool,
    /// It was deleted; old operations keep it.
    pub deleted: bool,
    /// For optimistic locking.
    pub version: i64,
}

/// All categories in order, deleted ones too.
pub(in crate::features::operations) async fn categories(tx: &mut Read) -> Result<Vec<CategoryRow>> {
    let org = tx.org();
    tx.all(
        "select category_id, name, hue, mark, counts, deleted_at is not null as deleted, version
           from operation_category where org_id = $1 order by sort_order, name_key",
        (org,),
    )
    .await
}

/// A campaign.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CampaignRow {
    /// Its id.
    pub campaign_id: CampaignId,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// For optimistic locking.
    pub version: i64,
}

/// All campaigns, those that go on first.
pub(in crate::features::operations) async fn campaigns(tx: &mut Read) -> Result<Vec<CampaignRow>> {
    let org = tx.org();
    tx.all(
        "select campaign_id, name, description, ended_at, version from campaign
          where org_id = $1 order by ended_at is not null, name_key",
        (org,),
    )
    .await
}

/// The name of a campaign.
pub(in crate::features::operations) async fn campaign_name(
    tx: &mut Read,
    campaign: CampaignId,
) -> Result<Option<String>> {
    let args = (tx.org(), campaign);
    let row: Option<(String,)> = tx
        .optional(
            "select name from campaign where org_id = $1 and campaign_id = $2",
            args,
        )
        .await?;
    Ok(row.map(|(name,)| name))
}

/// Inserts what a new Org begins with.
pub(in crate::features::operations) async fn insert_defaults(tx: &mut Write) -> Result<()> {
    let org = tx.org();
    for (at, state) in defaults::STATES.iter().enumerate() {
        tx.run(
            "insert into attendance_state (org_id, state_id, name, name_key, abbreviation, credit,
                 excused, counts, used_for, tone, sort_order)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            (
                org,
                AttendanceStateId(Uuid::now_v7()),
                state.name.to_owned(),
                key(state.name),
                state.abbreviation.to_owned(),
                state.credit,
                state.excused,
                state.counts,
                state.used_for.to_owned(),
                state.tone.to_owned(),
                at as i64,
            ),
        )
        .await?;
    }
    for (at, category) in defaults::CATEGORIES.iter().enumerate() {
        tx.run(
            "insert into operation_category (org_id, category_id, name, name_key, hue, mark, counts,
                                             sort_order)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            (
                org,
                CategoryId(Uuid::now_v7()),
                category.name.to_owned(),
                key(category.name),
                category.hue,
                category.mark.as_str().to_owned(),
                category.counts,
                at as i64,
            ),
        )
        .await?;
    }
    Ok(())
}
