//! Server functions of the import. Files come in and reports go out through `handlers`.

use super::model::pages::{ImportPage, RunPage};
use crate::domain::{AppError, ImportId, event::Outcome};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What the first page needs, and the newest runs.
#[server(endpoint = "transfer_data/list_imports", input = GetUrl)]
pub async fn list_imports() -> Result<ImportPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("transfer_data/list_imports", move |ctx| async move {
        super::service::list_imports(&ctx).await
    })
    .await
}

/// One run: its report, and how far it is.
#[server(endpoint = "transfer_data/read_import", input = GetUrl)]
pub async fn read_import(
    /// Which.
    import_id: ImportId,
) -> Result<RunPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("transfer_data/read_import", move |ctx| async move {
        super::service::read_import(&ctx, import_id).await
    })
    .await
}

/// Begins to write a checked run; it goes on without the caller.
#[server(endpoint = "transfer_data/start_import")]
pub async fn start_import(
    /// Which.
    import_id: ImportId,
    /// How many memberships end, typed; needed above the limit only.
    #[server(default)]
    count: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("transfer_data/start_import", move |ctx| async move {
        super::service::start_import(&ctx, import_id, &count).await
    })
    .await
}
