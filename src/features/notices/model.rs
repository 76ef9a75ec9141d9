//! Topics, what pages show, and the rule that makes notices of an event.

use crate::domain::{
    NoticeId,
    event::{EventData, EventKind},
    ids::{GroupId, OperationId, PlayerId},
    time::Instant,
};
use serde::{Deserialize, Serialize};

/// Notices on a page.
pub const PAGE: usize = 50;

macro_rules! topics {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $label:literal, $hint:literal);* $(;)?) => {
        /// What people switch on and off together (§5.4).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Topic { $($(#[$doc])* #[serde(rename = $id)] $variant),* }

        impl Topic {
            /// Every topic, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stored name.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// What people read.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// What belongs to it.
            #[must_use]
            pub fn hint(self) -> &'static str {
                match self { $(Self::$variant => $hint),* }
            }
        }
    };
}

topics! {
    /// Where somebody belongs.
    Membership = "membership", "My groups",
        "You are added to a group, moved or removed; you leave or come back to the organisation.";
    /// What somebody is there.
    Roles = "roles", "My roles",
        "You get another role or position, or begin or cease to manage a group.";
    /// Promotions and demotions.
    Rank = "rank", "My rank", "You are promoted or demoted, or get another rank.";
    /// Answers to requests to join.
    Requests = "requests", "My requests", "A request of yours to join a group is answered.";
    /// Requests to join a group that somebody leads or manages.
    GroupRequests = "group_requests", "Requests to my groups",
        "Somebody asks to join a group that you lead or manage, or takes the request back; a member of it asks for leave.";
    /// Places and billets in operations.
    Places = "places", "My places in operations",
        "You get a place or billet in an operation, or lose it, or a leader answers for you.";
    /// Operations that are published.
    Operations = "operations", "New operations",
        "An operation that is for you is published.";
    /// Operations that somebody answered.
    MyOperations = "my_operations", "Operations I answered",
        "One that you attend, or may attend, is moved or cancelled, or takes place after all.";
    /// Reminders of operations without an answer.
    Reminders = "reminders", "Reminders",
        "An operation that is for you begins soon and you have not said whether you come.";
    /// One's own leave and attendance.
    Attendance = "attendance", "My leave and attendance",
        "Your leave or an appeal of yours is answered, or your attendance is corrected.";
    /// The groups of an organisation.
    Groups = "groups", "Groups of my organisation",
        "For founders: a group is created, renamed or retired.";
    /// Founder and co-founders.
    Founders = "founders", "Founders",
        "You become or cease to be a co-founder, or the founding is offered or handed over.";
}

impl Topic {
    /// Reads a stored name.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.id() == id)
    }
}

/// A notice as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeLine {
    /// Its id.
    pub id: NoticeId,
    /// Number of the event it was made from.
    pub seq: i64,
    /// The sentence.
    pub text: String,
    /// Where more of it is to be seen.
    pub href: String,
    /// When it happened.
    pub at: Instant,
    /// It was not opened yet.
    pub unread: bool,
}

/// A page of notices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticePage {
    /// The notices, newest first.
    pub notices: Vec<NoticeLine>,
    /// How many are unread in all.
    pub unread: i64,
    /// The next page begins before this number.
    pub next: Option<i64>,
}

/// Where somebody wants to be told of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// Of what.
    pub topic: Topic,
    /// On the page of notices.
    pub in_app: bool,
    /// By mail.
    pub mail: bool,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The user of this player.
    Player(PlayerId),
    /// The members of this group.
    Members(GroupId),
    /// Whose memberships of this group the event ended.
    Dismissed(GroupId),
    /// Whose memberships of this group the event began.
    Returned(GroupId),
    /// Who made the request to join that the event is about.
    Requester,
    /// Who manages or leads this group (§3.4, §5.1).
    Managers(GroupId),
    /// Founder and co-founders.
    Founders,
    /// Whom the suggestion that the event is about put into a billet.
    Placed,
    /// Everybody who sees the operation that the event is about, if it has not begun.
    Invited,
    /// Those of them who attend it, come late or may come.
    Coming,
    /// Those it is for who have not answered and are not on leave.
    Unanswered,
}

/// What an audience is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// To whom.
    pub to: Audience,
    /// The switch that it hangs on.
    pub topic: Topic,
    /// The sentence, in the second person, without a full stop.
    pub text: String,
    /// Why, in the actor's words; empty when nobody said.
    pub because: String,
    /// A local path to where it can be seen.
    pub href: String,
}

impl Say {
    /// The sentence with its reason.
    #[must_use]
    pub fn whole(&self) -> String {
        if self.because.is_empty() {
            self.text.clone()
        } else {
            format!("{}: “{}”", self.text, self.because)
        }
    }
}

/// An event as far as notices are made of it.
#[derive(Clone, Debug)]
pub struct Happened {
    /// What kind of thing.
    pub kind: EventKind,
    /// Who did it.
    pub actor: String,
    /// The player it concerns is the actor.
    pub by_subject: bool,
    /// The player it concerns.
    pub player: Option<PlayerId>,
    /// The operation it concerns.
    pub operation: Option<OperationId>,
    /// The group it concerns.
    pub group: Option<GroupId>,
    /// The group it comes from, or that is the other one of two.
    pub from_group: Option<GroupId>,
    /// Names as they were.
    pub data: EventData,
    /// It takes another event back.
    pub undoes: bool,
    /// Name of the organisation.
    pub org: String,
}

/// Longest reason that a notice repeats; the whole of it stands in the log.
const BECAUSE_MAX: usize = 300;

/// What is told of an event, and to whom: the most concerned first, because nobody is told twice of
/// one event. Most events say nothing to anybody; an import in particular (§19.1) sends no flood.
#[must_use]
pub fn say(event: &Happened) -> Vec<Say> {
    let mut said = about_people(event);
    said.extend(about_groups(event));
    said.extend(about_places(event));
    said.extend(about_operations(event));
    for one in &mut said {
        one.text = one_line(&one.text);
        if event.undoes {
            one.text.push_str(" (undo)");
            one.because.clear();
        }
    }
    said
}

/// Does it ask those who are told of it whether they come (§9.3)? Then their mails have a personal link
/// to answer by.
#[must_use]
pub fn asks_for_answer(event: &Happened) -> bool {
    use EventKind as K;
    let asking = [
        K::OperationPublished,
        K::OperationMoved,
        K::OperationRevived,
        K::Reminded,
    ];
    asking.contains(&event.kind)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of at most [`BECAUSE_MAX`] characters.
fn because(data: &EventData) -> String {
    let line = one_line(data.reason.as_deref().unwrap_or_default());
    if line.chars().count() <= BECAUSE_MAX {
        return line;
    }
    let mut cut: String = line.chars().take(BECAUSE_MAX).collect();
    cut.push('…');
    cut
}

/// What is told to the one it is done to.
fn about_people(event: &Happened) -> Vec<Say> {
    use EventKind as K;
    let data = &event.data;
    let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "…".to_owned());
    let (actor, org) = (&event.actor, &event.org);
    let (group, after) = (part(&data.group), part(&data.after));
    let as_role = match &data.role {
        Some(role) => format!(" as {role}"),
        None => String::new(),
    };
    let of_group = event.group.map(|group| format!("/groups/{group}"));
    let of_group = of_group.unwrap_or_else(|| "/roster".to_owned());
    let of_player = event.player.map(|player| format!("/players/{player}"));
    let of_player = of_player.unwrap_or_else(|| "/roster".to_owned());
    let (topic, text, href) = match event.kind {
        K::MemberAdded => (
            Topic::Membership,
            format!("{actor} added you to {group}{as_role}"),
            of_group,
        ),
        K::MemberTransferred => (
            Topic::Membership,
            format!(
                "{actor} moved you from {} to {group}{as_role}",
                part(&data.from)
            ),
            of_group,
        ),
        K::LeaveApproved | K::LeaveDeclined => {
            let how = if event.kind == K::LeaveApproved {
                "approved"
            } else {
                "declined"
            };
            let text = format!("{actor} {how} your leave {after}");
            (Topic::Attendance, text, "/absence".to_owned())
        }
        K::AttendanceCorrected | K::AppealAnswered => {
            let href = event
                .operation
                .map(|id| format!("/operations/{id}/attendance"));
            let operation = part(&data.operation);
            let text = if event.kind == K::AttendanceCorrected {
                format!("{actor} corrected your attendance of {operation}: {after}")
            } else {
                format!("Your appeal about {operation} was {after} by {actor}")
            };
            (Topic::Attendance, text, href.unwrap_or(of_player))
        }
        // The group may be one that they no longer see.
        K::MemberRemoved => (
            Topic::Membership,
            format!("{actor} removed you from {group}"),
            of_player,
        ),
        K::Kicked => {
            let done = if data.after.is_some() {
                "banned"
            } else {
                "removed"
            };
            let text = format!("{actor} {done} you from {org}");
            (Topic::Membership, text, "/roster".to_owned())
        }
        K::Reinstated => (
            Topic::Membership,
            format!("{actor} brought you back to {org}"),
            of_player,
        ),
        K::MemberPosted => (
            Topic::Roles,
            format!("{actor} made you {} in {group}", part(&data.role)),
            of_group,
        ),
        K::ManagerAdded => (
            Topic::Roles,
            format!("{actor} made you a manager of {group}"),
            of_group,
        ),
        K::ManagerRemoved => (
            Topic::Roles,
            format!("{actor} removed you from the managers of {group}"),
            of_player,
        ),
        K::Promoted => (
            Topic::Rank,
            format!("{actor} promoted you to {after}"),
            of_player,
        ),
        K::Demoted => (
            Topic::Rank,
            format!("{actor} demoted you to {after}"),
            of_player,
        ),
        K::RankChanged => (
            Topic::Rank,
            format!("{actor} gave you the rank {after}"),
            of_player,
        ),
        K::CoFounderAdded => (
            Topic::Founders,
            format!("{actor} made you a co-founder of {org}"),
            "/roster".to_owned(),
        ),
        K::CoFounderRemoved => (
            Topic::Founders,
            format!("{actor} removed you from the co-founders of {org}"),
            "/roster".to_owned(),
        ),
        K::FoundingOffered => (
            Topic::Founders,
            format!("{actor} offers you the founding of {org}"),
            "/founding".to_owned(),
        ),
        K::FoundingOfferEnded => (
            Topic::Founders,
            format!("{actor} no longer offers you the founding of {org}"),
            "/roster".to_owned(),
        ),
        K::FoundingHandedOver => (
            Topic::Founders,
            format!("You are the founder of {org} now"),
            "/settings".to_owned(),
        ),
        K::JoinApproved | K::JoinDeclined => {
            let how = if event.kind == K::JoinApproved {
                "approved"
            } else {
                "declined"
            };
            // Who was not let in may not see the group, but always the answer.
            let href = if event.kind == K::JoinApproved {
                of_group
            } else {
                "/join".to_owned()
            };
            return vec![Say {
                to: Audience::Requester,
                topic: Topic::Requests,
                text: format!("Your request to join {group} was {how} by {actor}"),
                because: because(data),
                href,
            }];
        }
        K::ManagerGroupAdded | K::ManagerGroupRemoved => {
            let Some(by) = event.from_group else {
                return Vec::new();
            };
            let (text, href) = if event.kind == K::ManagerGroupAdded {
                let text =
                    format!("{actor} made you, as a member of {after}, a manager of {group}");
                (text, of_group)
            } else {
                let text = format!(
                    "{actor} removed you, as a member of {after}, from the managers of {group}"
                );
                (text, format!("/groups/{by}"))
            };
            return vec![Say {
                to: Audience::Members(by),
                topic: Topic::Roles,
                text,
                because: String::new(),
                href,
            }];
        }
        K::GroupRetired | K::GroupRevived => {
            let Some(id) = event.group else {
                return Vec::new();
            };
            let (to, text, href) = if event.kind == K::GroupRetired {
                let text = format!("{actor} retired {group}, so you are no longer in it");
                (Audience::Dismissed(id), text, "/roster".to_owned())
            } else {
                let text = format!("{actor} brought {group} back, and you are in it again");
                (Audience::Returned(id), text, of_group)
            };
            return vec![Say {
                to,
                topic: Topic::Membership,
                text,
                because: String::new(),
                href,
            }];
        }
        _ => return Vec::new(),
    };
    let Some(player) = event.player else {
        return Vec::new();
    };
    vec![Say {
        to: Audience::Player(player),
        topic,
        text,
        because: because(data),
        href,
    }]
}

/// What is told to whom an operation has a place for, or no longer.
fn about_places(event: &Happened) -> Option<Say> {
    use EventKind as K;
    let data = &event.data;
    let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "…".to_owned());
    let (actor, operation) = (&event.actor, part(&data.operation));
    let (role, after) = (part(&data.role), part(&data.after));
    if event.kind == K::BilletsSuggested && !event.undoes {
        return Some(Say {
            to: Audience::Placed,
            topic: Topic::Places,
            text: format!("You have a billet in {operation}"),
            because: String::new(),
            href: format!("/operations/{}/billets", event.operation?),
        });
    }
    let text = match event.kind {
        K::Answered => format!("{actor} answered {operation} for you: {after}"),
        K::AnswerConfirmed => format!("You are {after} for {operation}"),
        K::PlaceGiven => format!("You have a place in {operation}"),
        K::PlaceLost => format!("You wait for a place in {operation}: there are fewer now"),
        K::BilletFilled if data.after.as_deref() == Some("waitlist") => {
            format!("You are {role} in {operation}: the billet you waited for is yours")
        }
        K::BilletFilled => format!("{actor} made you {role} in {operation}"),
        K::BilletLeft => format!("You are no longer {role} in {operation}"),
        _ => return None,
    };
    Some(Say {
        to: Audience::Player(event.player?),
        topic: Topic::Places,
        text,
        because: String::new(),
        href: format!("/operations/{}", event.operation?),
    })
}

/// What is told to those whom an operation concerns.
fn about_operations(event: &Happened) -> Option<Say> {
    use EventKind as K;
    let data = &event.data;
    let operation = data.operation.as_deref().unwrap_or("…");
    let after = data.after.as_deref().unwrap_or("…");
    let (to, topic, text) = match event.kind {
        K::OperationPublished => {
            let text = format!("{operation} is planned: {after}");
            (Audience::Invited, Topic::Operations, text)
        }
        K::OperationMoved => {
            let text = format!("{operation} was moved to {after}");
            (Audience::Coming, Topic::MyOperations, text)
        }
        K::OperationCancelled => {
            let text = format!("{operation} was cancelled");
            (Audience::Coming, Topic::MyOperations, text)
        }
        K::Reminded => {
            let begins = data.before.as_deref().unwrap_or("…");
            let text = format!("{operation} begins {begins}: say whether you come");
            (Audience::Unanswered, Topic::Reminders, text)
        }
        K::OperationRevived => {
            let text = format!("{operation} takes place after all");
            (Audience::Coming, Topic::MyOperations, text)
        }
        _ => return None,
    };
    Some(Say {
        to,
        topic,
        text,
        because: because(data),
        href: format!("/operations/{}", event.operation?),
    })
}

/// What is told to those who lead, manage or founded.
fn about_groups(event: &Happened) -> Option<Say> {
    use EventKind as K;
    let data = &event.data;
    let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "…".to_owned());
    let (actor, player, group) = (&event.actor, part(&data.player), part(&data.group));
    let of_group = event.group.map(|group| format!("/groups/{group}"));
    let of_group = of_group.unwrap_or_else(|| "/roster".to_owned());
    let founders = |topic, text, href| {
        Some(Say {
            to: Audience::Founders,
            topic,
            text,
            because: String::new(),
            href,
        })
    };
    match event.kind {
        K::JoinRequested | K::JoinWithdrawn => {
            let (what, below) = if event.kind == K::JoinRequested {
                ("asks", "/requests")
            } else {
                ("no longer asks", "")
            };
            Some(Say {
                to: Audience::Managers(event.group?),
                topic: Topic::GroupRequests,
                text: format!("{player} {what} to join {group}"),
                because: because(data),
                href: of_group + below,
            })
        }
        K::LeaveRequested => Some(Say {
            to: Audience::Managers(event.group?),
            topic: Topic::GroupRequests,
            text: format!("{player} asks for leave {}", part(&data.after)),
            because: String::new(),
            href: "/absence".to_owned(),
        }),
        K::GroupCreated => founders(Topic::Groups, format!("{actor} created {group}"), of_group),
        K::GroupEdited => {
            let text = format!("{actor} renamed {} to {group}", data.before.as_ref()?);
            founders(Topic::Groups, text, of_group)
        }
        K::GroupRetired => {
            let text = format!("{actor} retired {group}");
            founders(Topic::Groups, text, "/roster".to_owned())
        }
        K::GroupRevived => {
            let text = format!("{actor} brought {group} back");
            founders(Topic::Groups, text, of_group)
        }
        K::FoundingHandedOver => {
            let text = format!("{player} is the founder of {} now", event.org);
            founders(Topic::Founders, text, "/roster".to_owned())
        }
        K::FoundingOfferEnded if event.by_subject => {
            let text = format!("{player} declined the founding of {}", event.org);
            founders(Topic::Founders, text, "/settings".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
