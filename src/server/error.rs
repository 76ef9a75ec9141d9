//! What can go wrong on the server, before it is cut down to what the caller may know.

use crate::domain::{AppError, ConflictCode, FieldProblem, access::Missing};

/// An error inside the server. Only [`Failure::App`] reaches callers as it is.
#[derive(Debug)]
pub enum Failure {
    /// A proper answer for the caller.
    App(AppError),
    /// A named rule of the database was broken; see [`Failure::into_app`].
    Constraint(&'static str),
    /// The database failed.
    Database(sqlx::Error),
    /// Start-up or a command of the server binary cannot go on; the text is for its operator.
    Setup(String),
}

/// Result of server code.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure for the operator.
    #[must_use]
    pub fn setup(text: String) -> Self {
        Self::Setup(text)
    }

    /// What the caller is told. Causes that are nobody's business outside are logged here under the
    /// request's id.
    #[must_use]
    pub fn into_app(self, trace_id: &str) -> AppError {
        match self {
            Self::App(error) => error,
            Self::Constraint(name) => constraint_error(name).unwrap_or_else(|| {
                tracing::error!(
                    constraint = name,
                    trace_id,
                    "a constraint without a code was broken"
                );
                AppError::Unavailable {
                    trace_id: trace_id.to_owned(),
                }
            }),
            Self::Database(error) => {
                tracing::error!(%error, trace_id, "database error");
                AppError::Unavailable {
                    trace_id: trace_id.to_owned(),
                }
            }
            Self::Setup(text) => {
                tracing::error!(text, trace_id, "set-up error");
                AppError::Unavailable {
                    trace_id: trace_id.to_owned(),
                }
            }
        }
    }
}

/// Constraints that commands can break, as PostgreSQL names them and as SQLite lists their columns.
const CONSTRAINTS: &[(&str, &str)] = &[
    ("user_account_name_key", "user_account.name_key"),
    ("user_account_email_key", "user_account.email_key"),
    ("org_name_key", "org.name_key"),
    ("org_slug_key", "org.slug"),
    ("domain_pkey", "domain.host"),
    ("org_type_pkey", "org_type.type_id"),
    (
        "player_common_name_key",
        "player.org_id, player.common_name",
    ),
    ("player_user_key", "player.org_id, player.user_id"),
    ("co_founder_pkey", "co_founder.org_id, co_founder.player_id"),
    (
        "roster_group_name_key",
        "roster_group.org_id, roster_group.name_key",
    ),
    ("role_name_key", "role.org_id, role.group_id, role.name_key"),
    (
        "membership_once_key",
        "membership.org_id, membership.player_id, membership.group_id, membership.role_id",
    ),
    (
        "membership_exclusive_key",
        "membership.org_id, membership.player_id",
    ),
    (
        "membership_singular_key",
        "membership.org_id, membership.role_id",
    ),
    (
        "membership_position_key",
        "membership.org_id, membership.position_id",
    ),
    (
        "group_manager_pkey",
        "group_manager.org_id, group_manager.group_id, group_manager.player_id",
    ),
    ("event_undoes_key", "event.org_id, event.undoes"),
    ("import_run_running_key", "import_run.org_id"),
    ("rank_name_key", "rank.org_id, rank.name_key"),
    ("rank_set_name_key", "rank_set.org_id, rank_set.name_key"),
    (
        "rank_holding_open_key",
        "rank_holding.org_id, rank_holding.player_id",
    ),
    (
        "group_manager_group_pkey",
        "group_manager_group.org_id, group_manager_group.group_id, group_manager_group.manager_group_id",
    ),
    (
        "attendance_state_name_key",
        "attendance_state.org_id, attendance_state.name_key",
    ),
    (
        "attendance_state_used_for_key",
        "attendance_state.org_id, attendance_state.used_for",
    ),
    (
        "attendance_pkey",
        "attendance.org_id, attendance.operation_id, attendance.player_id",
    ),
    (
        "attendance_appeal_pending_key",
        "attendance_appeal.org_id, attendance_appeal.operation_id, attendance_appeal.player_id",
    ),
    (
        "after_action_pkey",
        "after_action.org_id, after_action.operation_id",
    ),
    (
        "operation_category_name_key",
        "operation_category.org_id, operation_category.name_key",
    ),
    ("campaign_name_key", "campaign.org_id, campaign.name_key"),
    (
        "operation_template_name_key",
        "operation_template.org_id, operation_template.name_key",
    ),
    (
        "join_request_pending_key",
        "join_request.org_id, join_request.group_id, join_request.user_id",
    ),
    (
        "rsvp_player_key",
        "rsvp.org_id, rsvp.operation_id, rsvp.player_id",
    ),
    (
        "rsvp_guest_key",
        "rsvp.org_id, rsvp.operation_id, rsvp.guest_key",
    ),
    (
        "rsvp_place_key",
        "rsvp.org_id, rsvp.operation_id, rsvp.place",
    ),
    (
        "billet_once_key",
        "billet.org_id, billet.operation_id, billet.rsvp_id",
    ),
];

fn constraint_error(name: &str) -> Option<AppError> {
    let conflict = |code| Some(AppError::Conflict(code));
    match name {
        "user_account_name_key" => Some(AppError::field("name", FieldProblem::Taken)),
        "user_account_email_key" => Some(AppError::field("email", FieldProblem::Taken)),
        "org_name_key" => Some(AppError::field("name", FieldProblem::Taken)),
        "org_slug_key" => Some(AppError::field("slug", FieldProblem::Taken)),
        "org_type_pkey" => Some(AppError::field("type_id", FieldProblem::Taken)),
        "domain_pkey" => Some(AppError::field("host", FieldProblem::Taken)),
        "player_common_name_key" => Some(AppError::field("common_name", FieldProblem::Taken)),
        "roster_group_name_key"
        | "role_name_key"
        | "rank_name_key"
        | "rank_set_name_key"
        | "campaign_name_key"
        | "operation_template_name_key" => Some(AppError::field("name", FieldProblem::Taken)),
        "operation_category_name_key" => {
            Some(AppError::field("category[name]", FieldProblem::Taken))
        }
        "attendance_state_name_key" => Some(AppError::field("state[name]", FieldProblem::Taken)),
        "attendance_state_used_for_key" => {
            Some(AppError::field("state[used_for]", FieldProblem::Taken))
        }
        "attendance_pkey" | "after_action_pkey" => conflict(ConflictCode::Stale),
        "attendance_appeal_pending_key" => conflict(ConflictCode::AlreadyRequested),
        "player_user_key" => conflict(ConflictCode::AlreadyPlayer),
        "co_founder_pkey"
        | "group_manager_pkey"
        | "group_manager_group_pkey"
        | "membership_once_key" => conflict(ConflictCode::AlreadyMember),
        "join_request_pending_key" => conflict(ConflictCode::AlreadyRequested),
        "membership_exclusive_key" => conflict(ConflictCode::PlayerMoved { now_in: None }),
        "membership_singular_key" => conflict(ConflictCode::RoleTaken { holder: None }),
        "membership_position_key" => conflict(ConflictCode::PositionTaken { holder: None }),
        "rsvp_player_key" | "rsvp_guest_key" => conflict(ConflictCode::AlreadyAnswered),
        "rsvp_place_key" => conflict(ConflictCode::Stale),
        "billet_once_key" => conflict(ConflictCode::HasBillet),
        "event_undoes_key" => conflict(ConflictCode::AlreadyUndone),
        "rank_holding_open_key" => conflict(ConflictCode::Stale),
        "import_run_running_key" => conflict(ConflictCode::ImportRunning),
        _ => None,
    }
}

/// The stable name of a broken constraint, on either database.
fn constraint_name(error: &dyn sqlx::error::DatabaseError) -> Option<&'static str> {
    if let Some(name) = error.constraint() {
        return CONSTRAINTS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(known, _)| *known);
    }
    let columns = error.message().strip_prefix("UNIQUE constraint failed: ")?;
    CONSTRAINTS
        .iter()
        .find(|(_, listed)| *listed == columns)
        .map(|(known, _)| *known)
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(constraint_name) {
            Some(name) => Self::Constraint(name),
            None => Self::Database(error),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<ConflictCode> for Failure {
    fn from(code: ConflictCode) -> Self {
        Self::App(AppError::Conflict(code))
    }
}

impl From<Missing> for Failure {
    fn from(missing: Missing) -> Self {
        Self::App(AppError::Forbidden(missing))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::App(error) => write!(f, "{error}"),
            Self::Constraint(name) => write!(f, "constraint {name} broken"),
            Self::Database(error) => write!(f, "{error}"),
            Self::Setup(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}
