//! Files in and out: the upload of an import's files, and the report of a run as a file. Everything
//! else goes through `api`.

use super::{
    input::{Choices, MAX_BYTES, Upload, Uploads, read_role_names},
    service,
};
use crate::{
    domain::{AppError, ImportId, access::Action},
    server::{Ctx, Failure, Result, state::State},
    ui::words,
};
use axum::{
    Extension, Router,
    extract::{
        DefaultBodyLimit, Multipart, Path, Request,
        multipart::{Field, MultipartError},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, post},
};

/// Greatest size of an upload: three files, and what stands around them.
const UPLOAD_LIMIT: usize = 3 * MAX_BYTES + 256 * 1024;
/// Greatest size of a field that is no file.
const TEXT_LIMIT: usize = 16 * 1024;
/// Most parts of an upload; the form has five.
const MOST_FIELDS: usize = 20;
/// Longest name of a file, in characters.
const NAME_LIMIT: usize = 100;

/// Routes of this feature that are not server functions.
pub fn handlers() -> Router<State> {
    let upload = post(upload)
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .layer(from_fn(before_reading));
    Router::new()
        .route("/import/upload", upload)
        .route("/import/{id}/report.csv", get(report))
}

fn refuse(ctx: &Ctx, failure: Failure) -> Response {
    let error = failure.into_app(&ctx.request_id);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    plain(status, words::error(&error))
}

fn plain(status: StatusCode, text: impl Into<String>) -> Response {
    let mut text = text.into();
    text.push('\n');
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, text).into_response()
}

fn too_large() -> Response {
    plain(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The files are too large: at most 16 MB each.",
    )
}

/// Nobody sends megabytes who may not import, and nobody more than is read.
async fn before_reading(Extension(ctx): Extension<Ctx>, request: Request, next: Next) -> Response {
    let allowed = ctx.tenant().and_then(|_| {
        ctx.actor
            .may(Action::Import)
            .map_err(|missing| ctx.refuse(missing))
    });
    if let Err(failure) = allowed {
        return refuse(&ctx, failure);
    }
    if announced_size(request.headers()).is_some_and(|size| size > UPLOAD_LIMIT) {
        return too_large();
    }
    next.run(request).await
}

fn announced_size(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

async fn upload(Extension(ctx): Extension<Ctx>, form: Multipart) -> Response {
    let (uploads, choices) = match read_form(form).await {
        Ok(read) => read,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return too_large(),
        Err(_) => return refuse(&ctx, AppError::Transport.into()),
    };
    // On a task of its own, so that the run is kept even when the browser goes away.
    let work = {
        let ctx = ctx.clone();
        tokio::spawn(async move { service::check_upload(&ctx, uploads, choices).await })
    };
    let checked: Result<ImportId> = work.await.unwrap_or_else(|error| {
        Err(Failure::setup(format!(
            "checking an upload stopped: {error}"
        )))
    });
    match checked {
        Ok(id) => see_other(&format!("/import/{id}")),
        Err(failure) => refuse(&ctx, failure),
    }
}

fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

type Read<T> = std::result::Result<T, MultipartError>;

/// Reads the parts one after the other; of each no more is kept than may be.
async fn read_form(mut form: Multipart) -> Read<(Uploads, Choices)> {
    let mut uploads = Uploads {
        groups: Upload {
            name: "groups".to_owned(),
            bytes: Vec::new(),
        },
        memberships: Upload {
            name: "memberships".to_owned(),
            bytes: Vec::new(),
        },
        players: None,
    };
    let mut choices = Choices::default();
    for _ in 0..MOST_FIELDS {
        let Some(field) = form.next_field().await? else {
            break;
        };
        match field.name().unwrap_or_default() {
            "groups" => uploads.groups = read_file(field, "groups").await?,
            "memberships" => uploads.memberships = read_file(field, "memberships").await?,
            "players" => {
                let chosen = field.file_name().is_some_and(|name| !name.is_empty());
                let file = read_file(field, "players").await?;
                uploads.players = (chosen || !file.bytes.is_empty()).then_some(file);
            }
            "merge_case" => choices.merge_case = read_text(field).await? == "true",
            "prune" => choices.prune = read_text(field).await? == "true",
            "leadership_roles" => {
                choices.leadership_roles = Some(read_role_names(&read_text(field).await?));
            }
            _ => {}
        }
    }
    Ok((uploads, choices))
}

async fn read_file(field: Field<'_>, otherwise: &str) -> Read<Upload> {
    let name = field
        .file_name()
        .filter(|name| !name.is_empty())
        .unwrap_or(otherwise);
    let name = name.chars().take(NAME_LIMIT).collect();
    // One byte more than allowed tells the rules that there was more.
    let bytes = read_up_to(field, MAX_BYTES + 1).await?;
    Ok(Upload { name, bytes })
}

async fn read_text(field: Field<'_>) -> Read<String> {
    let bytes = read_up_to(field, TEXT_LIMIT).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn read_up_to(mut field: Field<'_>, most: usize) -> Read<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        let rest = most - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(rest)]);
    }
    Ok(bytes)
}

async fn report(Extension(ctx): Extension<Ctx>, Path(id): Path<String>) -> Response {
    let read = async {
        let id = id.parse().map_err(|_| Failure::App(AppError::NotFound))?;
        service::read_report(&ctx, id).await
    };
    match read.await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"import-report.csv\"",
                ),
                (header::CACHE_CONTROL, "private, no-store"),
            ];
            (headers, text).into_response()
        }
        Err(failure) => refuse(&ctx, failure),
    }
}
