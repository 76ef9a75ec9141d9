//! What pages of joining are given, and the rule of who may come in how.

use crate::{
    domain::{MembershipId, PlayerId, RequestId, time::Instant},
    features::{
        attendance::model::pages::WaitingAppeal,
        leave::model::LeaveLine,
        roster::model::{
            Policy,
            pages::{GroupChoice, PlayerChoice},
        },
    },
};
use serde::{Deserialize, Serialize};

/// Limits of what people send.
pub mod limits {
    /// Longest note of a request or an answer, in characters (§5.1).
    pub const NOTE: usize = 500;
    /// Groups that are joined in one go, at most.
    pub const AT_ONCE: usize = 50;
}

/// State of a request (§5.1): pending, then one of the others for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Waits for an answer.
    Pending,
    /// Somebody let the person in.
    Approved,
    /// Somebody did not.
    Declined,
    /// The person took it back.
    Withdrawn,
}

impl RequestState {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the stored form; the database allows no other.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "approved" => Self::Approved,
            "declined" => Self::Declined,
            "withdrawn" => Self::Withdrawn,
            _ => Self::Pending,
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "Waiting",
            Self::Approved => "Approved",
            Self::Declined => "Declined",
            Self::Withdrawn => "Withdrawn",
        }
    }
}

/// What somebody can do about belonging to a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Way {
    /// Nothing: the type of the organisation has no joining (§1.6).
    #[default]
    None,
    /// Log in first.
    SignIn,
    /// Join at once.
    Join {
        /// There is something to say first: a transfer, or the name of a newcomer.
        confirm: bool,
    },
    /// Ask to join.
    Ask,
    /// Wait for the answer to this request, or withdraw it.
    Requested {
        /// The request.
        id: RequestId,
        /// When it was made.
        at: Instant,
    },
    /// Leave: they are a member.
    Leave {
        /// Their membership.
        id: MembershipId,
    },
    /// Only managers add people.
    Closed,
    /// The person was banned.
    Banned,
}

/// What is known of somebody and a group, for [`way`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Stands {
    /// They are signed in.
    pub signed_in: bool,
    /// They were banned from the organisation.
    pub banned: bool,
    /// Their membership of the group.
    pub member: Option<MembershipId>,
    /// Their pending request for it.
    pub pending: Option<(RequestId, Instant)>,
    /// Joining would end another membership or make them a player.
    pub confirm: bool,
}

/// The way into a group, or out of it (§5.1). A private group counts as closed.
#[must_use]
pub fn way(stands: Stands, policy: Policy, private: bool) -> Way {
    if let Some(id) = stands.member {
        return Way::Leave { id };
    }
    if let Some((id, at)) = stands.pending {
        return Way::Requested { id, at };
    }
    match policy {
        Policy::Closed => Way::Closed,
        _ if private => Way::Closed,
        _ if stands.banned => Way::Banned,
        _ if !stands.signed_in => Way::SignIn,
        Policy::Open => Way::Join {
            confirm: stands.confirm,
        },
        Policy::ByRequest => Way::Ask,
    }
}

/// A group as somebody sees it who might join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The group.
    pub group: GroupChoice,
    /// What it is called, such as "Squad".
    pub kind: String,
    /// Its description as safe HTML, for members of the organisation (§5.2) who may join the group.
    pub description_html: String,
    /// One such group at a time.
    pub exclusive: bool,
    /// How people join.
    pub policy: Policy,
    /// How many are in it.
    pub members: u32,
    /// What the viewer can do.
    pub way: Way,
    /// The exclusive group that joining would take the viewer out of.
    pub from: Option<String>,
    /// Who adds people: managers, else leaders.
    pub managers: Vec<PlayerChoice>,
}

/// Somebody who is no player here yet, but would be by joining.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// Their call sign, which is their name here unless they give another.
    pub name: String,
    /// Somebody here has that name.
    pub taken: bool,
}

/// One of the viewer's own requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRequest {
    /// Its id.
    pub id: RequestId,
    /// The group, while the viewer may see it.
    pub group: Option<GroupChoice>,
    /// Where it stands.
    pub state: RequestState,
    /// What the viewer wrote.
    pub note: String,
    /// When.
    pub at: Instant,
    /// When it was answered or withdrawn.
    pub actioned_at: Option<Instant>,
    /// Who answered.
    pub by: String,
    /// What they wrote.
    pub answer: String,
}

/// The page on which people join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinPage {
    /// The groups that the viewer sees, in command order.
    pub offers: Vec<Offer>,
    /// Their requests, newest first.
    pub mine: Vec<MyRequest>,
    /// They would become a player.
    pub newcomer: Option<Newcomer>,
}

/// The page on which somebody joins, or leaves, one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferPage {
    /// The group.
    pub offer: Offer,
    /// They would become a player.
    pub newcomer: Option<Newcomer>,
}

/// A request that the viewer may answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its id.
    pub id: RequestId,
    /// For which group.
    pub group: GroupChoice,
    /// Who asks.
    pub name: String,
    /// Their player; none for newcomers.
    pub player: Option<PlayerId>,
    /// What they wrote.
    pub note: String,
    /// When.
    pub at: Instant,
    /// The exclusive group that approval takes them out of, if the viewer may see it.
    pub from: Option<String>,
    /// They would become a player, but somebody has this name by now.
    pub name_taken: bool,
}

/// A request that was answered or withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its id.
    pub id: RequestId,
    /// Who asked.
    pub name: String,
    /// Their player.
    pub player: Option<PlayerId>,
    /// How it ended.
    pub state: RequestState,
    /// What they wrote.
    pub note: String,
    /// When they asked.
    pub at: Instant,
    /// When it ended.
    pub actioned_at: Option<Instant>,
    /// Who answered.
    pub by: String,
    /// What they wrote.
    pub answer: String,
}

/// Everything that waits for the viewer (§14.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxPage {
    /// Newest first.
    pub waiting: Vec<Waiting>,
    /// So many more wait behind those.
    pub more: u32,
    /// Leave that somebody asks for (§6.4).
    pub leave: Vec<LeaveLine>,
    /// People who say that they were there (§9.6).
    pub appeals: Vec<WaitingAppeal>,
}

/// The requests of one group, for those who answer them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestsPage {
    /// The group.
    pub group: GroupChoice,
    /// What waits, newest first.
    pub waiting: Vec<Waiting>,
    /// What was answered or withdrawn, newest first.
    pub past: Vec<Answered>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn someone() -> Stands {
        Stands {
            signed_in: true,
            ..Stands::default()
        }
    }

    #[test]
    fn the_policy_decides_for_those_outside() {
        assert_eq!(
            way(someone(), Policy::Open, false),
            Way::Join { confirm: false }
        );
        assert_eq!(way(someone(), Policy::ByRequest, false), Way::Ask);
        assert_eq!(way(someone(), Policy::Closed, false), Way::Closed);
        assert_eq!(way(Stands::default(), Policy::Open, false), Way::SignIn);
        assert_eq!(way(Stands::default(), Policy::Closed, false), Way::Closed);
    }

    #[test]
    fn a_private_group_counts_as_closed() {
        for policy in Policy::ALL {
            assert_eq!(way(someone(), *policy, true), Way::Closed);
        }
    }

    #[test]
    fn who_is_in_can_leave_and_who_asked_waits_whatever_the_policy() {
        let id = MembershipId::default();
        let request = (RequestId::default(), Instant::UNIX_EPOCH);
        for policy in Policy::ALL {
            let member = Stands {
                member: Some(id),
                pending: Some(request),
                ..someone()
            };
            assert_eq!(way(member, *policy, true), Way::Leave { id });
            let asked = Stands {
                pending: Some(request),
                ..someone()
            };
            let (id, at) = request;
            assert_eq!(way(asked, *policy, false), Way::Requested { id, at });
        }
    }

    #[test]
    fn the_banned_stay_out() {
        let banned = Stands {
            banned: true,
            ..someone()
        };
        assert_eq!(way(banned, Policy::Open, false), Way::Banned);
        assert_eq!(way(banned, Policy::ByRequest, false), Way::Banned);
    }

    #[test]
    fn states_are_read_as_they_are_stored() {
        use RequestState as S;
        for state in [S::Pending, S::Approved, S::Declined, S::Withdrawn] {
            assert_eq!(S::parse(state.as_str()), state);
        }
    }
}
