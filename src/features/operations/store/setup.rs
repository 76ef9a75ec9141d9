//! What operations are set up with: categories, campaigns, templates, and the defaults of a new Org.

use crate::{
    domain::{AttendanceStateId, CampaignId, CategoryId, TemplateId, name::key, time::Instant},
    features::operations::{
        input::CategoryFields,
        model::{Mark, OperationShape, defaults},
        store::series::shape_text,
    },
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

/// Inserts a category after the others.
pub(in crate::features::operations) async fn insert_category(
    tx: &mut Write,
    category: CategoryId,
    fields: &CategoryFields,
) -> Result<()> {
    let args = (
        tx.org(),
        category,
        fields.name.clone(),
        key(&fields.name),
        fields.hue,
        fields.mark.as_str().to_owned(),
        fields.counts,
    );
    tx.run(
        "insert into operation_category (org_id, category_id, name, name_key, hue, mark, counts,
                                         sort_order)
         values ($1, $2, $3, $4, $5, $6, $7,
                 (select coalesce(max(sort_order), -1) + 1 from operation_category where org_id = $1))",
        args,
    )
    .await?;
    Ok(())
}

/// Changes a category; false when the version is another or it is deleted.
pub(in crate::features::operations) async fn update_category(
    tx: &mut Write,
    category: CategoryId,
    version: i64,
    fields: &CategoryFields,
) -> Result<bool> {
    let args = (
        tx.org(),
        category,
        version,
        fields.name.clone(),
        key(&fields.name),
        fields.hue,
        fields.mark.as_str().to_owned(),
        fields.counts,
    );
    let rows = tx
        .run(
            "update operation_category
                set name = $4, name_key = $5, hue = $6, mark = $7, counts = $8, version = version + 1
              where org_id = $1 and category_id = $2 and version = $3 and deleted_at is null",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Deletes a category; operations that have it keep it. False when the version is another.
pub(in crate::features::operations) async fn delete_category(
    tx: &mut Write,
    category: CategoryId,
    version: i64,
    now: Instant,
) -> Result<bool> {
    let args = (tx.org(), category, version, now);
    let rows = tx
        .run(
            "update operation_category set deleted_at = $4, version = version + 1
              where org_id = $1 and category_id = $2 and version = $3 and deleted_at is null",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Inserts a campaign.
pub(in crate::features::operations) async fn insert_campaign(
    tx: &mut Write,
    campaign: CampaignId,
    (name, description): (String, String),
) -> Result<()> {
    let args = (tx.org(), campaign, name.clone(), key(&name), description);
    tx.run(
        "insert into campaign (org_id, campaign_id, name, name_key, description)
         values ($1, $2, $3, $4, $5)",
        args,
    )
    .await?;
    Ok(())
}

/// Changes a campaign; false when the version is another.
pub(in crate::features::operations) async fn update_campaign(
    tx: &mut Write,
    campaign: CampaignId,
    version: i64,
    (name, description): (String, String),
) -> Result<bool> {
    let args = (
        tx.org(),
        campaign,
        version,
        name.clone(),
        key(&name),
        description,
    );
    let rows = tx
        .run(
            "update campaign set name = $4, name_key = $5, description = $6, version = version + 1
              where org_id = $1 and campaign_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Ends a campaign, or lets it go on; false when the version is another.
pub(in crate::features::operations) async fn end_campaign(
    tx: &mut Write,
    campaign: CampaignId,
    version: i64,
    at: Option<Instant>,
) -> Result<bool> {
    let args = (tx.org(), campaign, version, at);
    let rows = tx
        .run(
            "update campaign set ended_at = $4, version = version + 1
              where org_id = $1 and campaign_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// A template.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct TemplateRow {
    pub(in crate::features::operations) template_id: TemplateId,
    pub(in crate::features::operations) name: String,
    shape: String,
    pub(in crate::features::operations) version: i64,
}

impl TemplateRow {
    /// Its shape.
    pub(in crate::features::operations) fn shape(&self) -> OperationShape {
        serde_json::from_str(&self.shape).unwrap_or_default()
    }
}

/// All templates, by name.
pub(in crate::features::operations) async fn templates(tx: &mut Read) -> Result<Vec<TemplateRow>> {
    let org = tx.org();
    tx.all(
        "select template_id, name, shape, version from operation_template
          where org_id = $1 order by name_key",
        (org,),
    )
    .await
}

/// A template by id.
pub(in crate::features::operations) async fn template(
    tx: &mut Read,
    template: TemplateId,
) -> Result<TemplateRow> {
    let args = (tx.org(), template);
    tx.one(
        "select template_id, name, shape, version from operation_template
          where org_id = $1 and template_id = $2",
        args,
    )
    .await
}

/// Inserts a template.
pub(in crate::features::operations) async fn insert_template(
    tx: &mut Write,
    template: TemplateId,
    name: &str,
    shape: &OperationShape,
    now: Instant,
) -> Result<()> {
    let args = (
        tx.org(),
        template,
        name.to_owned(),
        key(name),
        shape_text(shape)?,
        now,
    );
    tx.run(
        "insert into operation_template (org_id, template_id, name, name_key, shape, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        args,
    )
    .await?;
    Ok(())
}

/// Deletes a template; false when the version is another.
pub(in crate::features::operations) async fn delete_template(
    tx: &mut Write,
    template: TemplateId,
    version: i64,
) -> Result<bool> {
    let args = (tx.org(), template, version);
    let rows = tx
        .run(
            "delete from operation_template
              where org_id = $1 and template_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
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
