//! Typed ids. Each is a UUID (version 7, RFC 9562) that cannot be confused with another kind.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(
                Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            )]
            #[serde(transparent)]
            pub struct $name(pub Uuid);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }

            impl FromStr for $name {
                type Err = uuid::Error;
                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Uuid::parse_str(text).map(Self)
                }
            }
        )*

        /// Calls a macro once with the names of all id types (the database layer binds them).
        #[cfg_attr(not(feature = "ssr"), allow(unused_macros, reason = "only the server has a database"))]
        macro_rules! with_id_types {
            ($callback:ident) => { $callback!($($name),*); };
        }
        #[cfg_attr(not(feature = "ssr"), allow(unused_imports, reason = "only the server has a database"))]
        pub(crate) use with_id_types;
    };
}

ids! {
    /// A person's login (§2.1).
    UserId,
    /// An organisation, the tenant (§1.1).
    OrgId,
    /// A person inside one organisation (§2.2).
    PlayerId,
    /// A group of the roster (§4.1). The organisation itself is the root group: its id is the Org's.
    GroupId,
    /// A role of a group (§4.4).
    RoleId,
    /// An established place in a group (§4.5).
    PositionId,
    /// One interval of a player in a group (§4.6).
    MembershipId,
    /// One signed-in browser on one host (§2.4).
    SessionId,
    /// An invitation to claim an imported player (§2.2).
    InvitationId,
    /// One run of an import (§19.1).
    ImportId,
    /// A rank of an organisation (§3.2).
    RankId,
    /// A set of other names for the ranks (§3.2).
    RankSetId,
    /// A request to join a group (§5.1).
    RequestId,
    /// Something a person is told (§5.4).
    NoticeId,
    /// A bulk change that was planned (§4.8).
    PlanId,
    /// An operation (§9.1).
    OperationId,
    /// An operation that comes again (§9.1).
    SeriesId,
    /// A category of operations (§9.1).
    CategoryId,
    /// A campaign (§9.1).
    CampaignId,
    /// A shape to begin operations from (§9.1).
    TemplateId,
    /// Somebody's answer to an operation (§9.3).
    RsvpId,
    /// A section of an operation's billets (§9.4).
    SectionId,
    /// A place in an operation (§9.4).
    BilletId,
    /// A state of attendance (§9.6).
    AttendanceStateId,
    /// A correction of attendance (§9.6).
    CorrectionId,
    /// An appeal against recorded attendance (§9.6).
    AppealId,
    /// The address of a calendar feed (§9.2).
    FeedId,
    /// A leave of absence (§6.4).
    LeaveId,
    /// A qualification that people may hold (§6.2).
    QualificationId,
    /// An award that people may hold (§6.2).
    AwardId,
    /// A counted topic (§8.1).
    KeyId,
    /// A pool of points (§10.1).
    PoolId,
}

impl OrgId {
    /// The root group that stands for the organisation in its own tree (§4.1).
    #[must_use]
    pub fn root_group(self) -> GroupId {
        GroupId(self.0)
    }
}
