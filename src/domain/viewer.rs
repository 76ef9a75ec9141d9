//! What every page knows about its viewer and its site; made by the server once per request and
//! serialised into the page.

use super::error::AppError;
use super::event::Said;
use super::ids::{OrgId, PlayerId, UserId};
use super::module::Modules;
use super::time::Instant;
use serde::{Deserialize, Serialize};

/// Which kind of host was asked for (§1.2, §1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Site {
    /// The installation's own host: registering, log-in, founding.
    Apex,
    /// An organisation's host.
    Org(OrgInfo),
}

/// What pages say about their organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgInfo {
    /// Its id.
    pub id: OrgId,
    /// Its name.
    pub name: String,
    /// Address of this host with scheme and port, without a slash at the end.
    pub url: String,
    /// Its type (§1.6).
    pub type_id: String,
    /// What the type switches on.
    pub modules: Modules,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Hue of its accent colour, 0–359.
    pub accent_hue: i64,
    /// Sequence number of its newest event when the page was made.
    pub seq: i64,
}

/// The signed-in user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerUser {
    /// Their id.
    pub id: UserId,
    /// Their call sign.
    pub name: String,
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// Administers the installation (§21). Every command checks again.
    pub site_admin: bool,
}

/// The viewer's player in this organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerPlayer {
    /// Their id.
    pub id: PlayerId,
    /// Their common name.
    pub name: String,
}

/// What the viewer may do, for showing and hiding controls. Every command checks again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Can {
    /// Change the organisation's settings.
    pub manage_org: bool,
    /// Add and remove co-founders.
    pub manage_founders: bool,
    /// Import people and groups.
    pub import: bool,
    /// Rearrange at least one group.
    pub edit_roster: bool,
    /// Create top-level groups and players anywhere.
    pub edit_all: bool,
    /// Read the event log.
    pub read_log: bool,
    /// Create and change ranks.
    pub edit_ranks: bool,
    /// See who can do what.
    pub read_access: bool,
    /// Look through somebody else's eyes.
    pub see_as: bool,
}

/// What the last form said, kept on the server until the next page shows it (§3 of the house
/// rules: nothing typed is lost, also without JavaScript).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The endpoint the form was sent to, e.g. `/api/roster/create_group`.
    pub endpoint: String,
    /// What was typed, without secrets. Empty after success.
    pub fields: Vec<(String, String)>,
    /// Why it failed.
    pub error: Option<AppError>,
    /// What was done.
    pub event: Option<Said>,
}

/// Everything about the viewer that pages need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The host that was asked for.
    pub site: Site,
    /// Address of the apex with scheme and port, without a slash at the end.
    pub apex_url: String,
    /// The signed-in user.
    pub user: Option<ViewerUser>,
    /// Their player here.
    pub player: Option<ViewerPlayer>,
    /// Their player is somebody else's: they see the organisation as this member (§3.6).
    pub seeing_as: bool,
    /// The founding is offered to them (§3.1).
    pub founding_offered: bool,
    /// What they may do here.
    pub can: Can,
    /// How many requests wait for them; none for those who answer none (§14.2).
    pub waiting: Option<i64>,
    /// How many of their notices here they have not read (§5.4).
    pub unread: i64,
    /// The result of the last form.
    pub flash: Option<Flash>,
    /// When the page was made. Only the server draws by it.
    #[serde(skip)]
    pub now: Instant,
}

impl Viewer {
    /// The organisation of this host, if it is one.
    #[must_use]
    pub fn org(&self) -> Option<&OrgInfo> {
        match &self.site {
            Site::Org(org) => Some(org),
            Site::Apex => None,
        }
    }
}
