//! What operations are set up with: categories, campaigns, templates (§9.1).

#[cfg(feature = "ssr")]
use crate::features::operations::service;
use crate::{
    domain::{AppError, CampaignId, CategoryId, OperationId, TemplateId, event::Outcome},
    features::operations::{input::CategoryFields, model::pages::SetupPage},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Everything that operations are set up with.
#[server(endpoint = "operations/read_setup", input = GetUrl)]
pub async fn read_setup() -> Result<SetupPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_setup", |ctx| async move {
        service::read_setup(&ctx).await
    })
    .await
}

/// Adds a category.
#[server(endpoint = "operations/create_category")]
pub async fn create_category(
    /// What it is.
    category: CategoryFields,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/create_category", |ctx| async move {
        service::create_category(&ctx, category).await
    })
    .await
}

/// Changes a category.
#[server(endpoint = "operations/edit_category")]
pub async fn edit_category(
    /// Which.
    category_id: CategoryId,
    /// The version that was read.
    version: i64,
    /// What it is.
    category: CategoryFields,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/edit_category", move |ctx| async move {
        service::edit_category(&ctx, category_id, version, category).await
    })
    .await
}

/// Deletes a category.
#[server(endpoint = "operations/delete_category")]
pub async fn delete_category(
    /// Which.
    category_id: CategoryId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/delete_category", move |ctx| async move {
        service::delete_category(&ctx, category_id, version).await
    })
    .await
}

/// Adds a campaign.
#[server(endpoint = "operations/create_campaign")]
pub async fn create_campaign(
    /// Its name.
    name: String,
    /// What it is about, in Markdown.
    #[server(default)]
    description: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/create_campaign", |ctx| async move {
        service::create_campaign(&ctx, &name, &description).await
    })
    .await
}

/// Changes a campaign.
#[server(endpoint = "operations/edit_campaign")]
pub async fn edit_campaign(
    /// Which.
    campaign_id: CampaignId,
    /// The version that was read.
    version: i64,
    /// Its name.
    name: String,
    /// What it is about, in Markdown.
    #[server(default)]
    description: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/edit_campaign", move |ctx| async move {
        service::edit_campaign(&ctx, campaign_id, version, &name, &description).await
    })
    .await
}

/// Ends a campaign, or lets it go on.
#[server(endpoint = "operations/end_campaign")]
pub async fn end_campaign(
    /// Which.
    campaign_id: CampaignId,
    /// The version that was read.
    version: i64,
    /// It is over.
    #[server(default)]
    ended: bool,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/end_campaign", move |ctx| async move {
        service::end_campaign(&ctx, campaign_id, version, ended).await
    })
    .await
}

/// Keeps the shape of an operation as a template.
#[server(endpoint = "operations/save_template")]
pub async fn save_template(
    /// Of which.
    operation_id: OperationId,
    /// Its name.
    name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/save_template", move |ctx| async move {
        service::save_template(&ctx, operation_id, &name).await
    })
    .await
}

/// Deletes a template.
#[server(endpoint = "operations/delete_template")]
pub async fn delete_template(
    /// Which.
    template_id: TemplateId,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/delete_template", move |ctx| async move {
        service::delete_template(&ctx, template_id, version).await
    })
    .await
}
