//! What the event log says (§20): kinds, their data, and the sentence people read.

use super::ids::{GroupId, PlayerId, RequestId};
use super::time::Instant;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)?) => {
        /// Kind of an event: `<area>.<what happened>`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum EventKind { $($(#[$doc])* #[serde(rename = $text)] $variant),* }

        impl EventKind {
            /// Every kind there is, in the order of the filters.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stored name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

kinds! {
    /// The organisation was founded.
    OrgFounded = "org.founded",
    /// Its settings were changed.
    OrgEdited = "org.edited",
    /// A co-founder was added.
    CoFounderAdded = "org.co_founder_added",
    /// A co-founder was removed.
    CoFounderRemoved = "org.co_founder_removed",
    /// A starting shape was applied.
    ShapeApplied = "org.shape_applied",
    /// A group was created.
    GroupCreated = "group.created",
    /// A group's name, description or settings were changed.
    GroupEdited = "group.edited",
    /// A group got another parent or place among its siblings.
    GroupMoved = "group.moved",
    /// A group was retired.
    GroupRetired = "group.retired",
    /// A retired group was brought back.
    GroupRevived = "group.revived",
    /// A role was created.
    RoleCreated = "role.created",
    /// A role was changed.
    RoleEdited = "role.edited",
    /// A role was deleted.
    RoleDeleted = "role.deleted",
    /// A position was created.
    PositionCreated = "position.created",
    /// A position was changed.
    PositionEdited = "position.edited",
    /// A position was deleted.
    PositionDeleted = "position.deleted",
    /// A manager was added to a group.
    ManagerAdded = "group.manager_added",
    /// A manager was removed from a group.
    ManagerRemoved = "group.manager_removed",
    /// A player was created.
    PlayerCreated = "player.created",
    /// A player's name was changed.
    PlayerRenamed = "player.renamed",
    /// A user was invited to claim a player.
    PlayerInvited = "player.invited",
    /// A user claimed a player.
    PlayerClaimed = "player.claimed",
    /// A player became a member of a group.
    MemberAdded = "member.added",
    /// A player was transferred from one exclusive group to another.
    MemberTransferred = "member.transferred",
    /// A member got another role or position.
    MemberPosted = "member.posted",
    /// A member was removed from a group.
    MemberRemoved = "member.removed",
    /// Groups and people were imported.
    Imported = "org.imported",
    /// The founder offered the founding to a player.
    FoundingOffered = "org.founding_offered",
    /// The offer was taken back or declined.
    FoundingOfferEnded = "org.founding_offer_ended",
    /// The player accepted: they are the founder now.
    FoundingHandedOver = "org.founding_handed_over",
    /// A rank was created.
    RankCreated = "rank.created",
    /// A rank was changed.
    RankEdited = "rank.edited",
    /// A rank was deleted.
    RankDeleted = "rank.deleted",
    /// A rank set was created.
    RankSetCreated = "rank.set_created",
    /// A rank set was changed.
    RankSetEdited = "rank.set_edited",
    /// A rank set was deleted.
    RankSetDeleted = "rank.set_deleted",
    /// A group got another rank set.
    RankSetChosen = "rank.set_chosen",
    /// A player got a higher rank.
    Promoted = "player.promoted",
    /// A player got a lower rank.
    Demoted = "player.demoted",
    /// A player was removed from the organisation.
    Kicked = "player.kicked",
    /// A player who was gone came back.
    Reinstated = "player.reinstated",
    /// A user became a player by joining.
    Joined = "player.joined",
    /// A player left the organisation.
    Left = "player.left",
    /// A group became a manager of a group.
    ManagerGroupAdded = "group.manager_group_added",
    /// A group is no longer a manager of a group.
    ManagerGroupRemoved = "group.manager_group_removed",
    /// Somebody asked to join a group.
    JoinRequested = "request.made",
    /// The request was taken back.
    JoinWithdrawn = "request.withdrawn",
    /// The request was approved.
    JoinApproved = "request.approved",
    /// The request was declined.
    JoinDeclined = "request.declined",
    /// Somebody looks through another member's eyes.
    SeenAs = "access.seen_as",
    /// A bulk change was applied.
    BulkApplied = "bulk.applied",
    /// A player got another rank of the same level.
    RankChanged = "player.rank_changed",
    /// A member left a group by themself.
    MemberLeft = "member.left",
    /// An operation was planned.
    OperationPlanned = "operation.planned",
    /// An operation was changed.
    OperationEdited = "operation.edited",
    /// An operation got another time.
    OperationMoved = "operation.moved",
    /// An operation was published: members see it and may answer.
    OperationPublished = "operation.published",
    /// An operation was cancelled.
    OperationCancelled = "operation.cancelled",
    /// A cancelled operation takes place after all.
    OperationRevived = "operation.revived",
    /// An operation is over.
    OperationEnded = "operation.ended",
    /// An operation was put away.
    OperationArchived = "operation.archived",
    /// An operation that was never published was deleted.
    OperationDeleted = "operation.deleted",
    /// The operations to come of a series were changed.
    SeriesEdited = "operation.series_edited",
    /// Further operations of a series were made ahead.
    SeriesExtended = "operation.series_extended",
    /// A series goes no further.
    SeriesEnded = "operation.series_ended",
    /// A category of operations was added, changed or deleted.
    CategoryEdited = "operation.category_edited",
    /// A campaign was added, changed or ended.
    CampaignEdited = "operation.campaign_edited",
    /// A template was added, changed or deleted.
    TemplateEdited = "operation.template_edited",
    /// Somebody answered whether they attend.
    Answered = "rsvp.answered",
    /// A leader confirmed an answer, or put it on standby.
    AnswerConfirmed = "rsvp.confirmed",
    /// Somebody moved from the waitlist to a place.
    PlaceGiven = "rsvp.place_given",
    /// Somebody lost their place to a smaller capacity and waits.
    PlaceLost = "rsvp.place_lost",
    /// A guest without account was added by name.
    GuestAdded = "rsvp.guest_added",
    /// A guest was removed.
    GuestRemoved = "rsvp.guest_removed",
    /// Sections or billets were added, changed or deleted.
    BilletsEdited = "billet.edited",
    /// Somebody has a billet.
    BilletFilled = "billet.filled",
    /// Somebody no longer has a billet.
    BilletLeft = "billet.left",
    /// Somebody waits for a billet.
    BilletAwaited = "billet.awaited",
    /// A suggestion was applied.
    BilletsSuggested = "billet.suggested",
    /// Attendance of an operation was recorded.
    AttendanceRecorded = "attendance.recorded",
    /// Recorded attendance was changed.
    AttendanceCorrected = "attendance.corrected",
    /// A link for checking in was made.
    CheckInOpened = "attendance.check_in_opened",
    /// Somebody checked in themself.
    CheckedIn = "attendance.checked_in",
    /// Somebody says that they were there.
    AttendanceAppealed = "attendance.appealed",
    /// An appeal was answered.
    AppealAnswered = "attendance.appeal_answered",
    /// What attendance can be was changed.
    AttendanceStateEdited = "attendance.state_edited",
    /// An after-action report was filed or changed.
    ReportFiled = "operation.report_filed",
    /// Somebody asked for leave of absence.
    LeaveRequested = "leave.requested",
    /// Leave was approved.
    LeaveApproved = "leave.approved",
    /// Leave was declined.
    LeaveDeclined = "leave.declined",
    /// Leave was withdrawn or ended early.
    LeaveEnded = "leave.ended",
    /// A leave got other dates.
    LeaveEdited = "leave.edited",
    /// Those without an answer were reminded.
    Reminded = "operation.reminded",
}

impl EventKind {
    /// Reads a stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// Names as they were when the event happened. Only what the kind needs is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventData {
    /// The player's common name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player: Option<String>,
    /// The group's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Where the player or group came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The role's or position's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// A changed text before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// A changed text after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Why, in the actor's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The request to join that it is about (§5.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// The operation's title (§9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

/// One line of the log as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// Sequence number within the organisation, without gaps.
    pub seq: i64,
    /// When it happened.
    pub at: Instant,
    /// The actor's name then.
    pub actor: String,
    /// What kind of thing happened.
    pub kind: EventKind,
    /// The player it concerns.
    pub player_id: Option<PlayerId>,
    /// The group it concerns.
    pub group_id: Option<GroupId>,
    /// The names as they were.
    pub data: EventData,
    /// The sequence number of the event that this one undid.
    pub undoes: Option<i64>,
    /// The sequence number of the event by which this one was undone.
    pub undone_by: Option<i64>,
    /// The viewer could undo it now, as far as a list can tell.
    pub can_undo: bool,
    /// The sentence, for readers who need nothing else of it; see [`Said`].
    pub text: String,
}

/// What a message on the screen needs of an [`EventLine`]. It reads from the same JSON, so that the
/// browser's program knows neither kinds nor sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Number of the event.
    pub seq: i64,
    /// The sentence.
    pub text: String,
    /// It can be undone.
    pub can_undo: bool,
    /// The number of the event that this one undid.
    pub undoes: Option<i64>,
}

impl From<EventLine> for Said {
    fn from(line: EventLine) -> Self {
        Self {
            seq: line.seq,
            text: line.text,
            can_undo: line.can_undo,
            undoes: line.undoes,
        }
    }
}

/// An [`Outcome`] as the browser's program reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// See [`Outcome::event`].
    pub event: Option<Said>,
    /// See [`Outcome::goto`].
    pub goto: Option<String>,
    /// See [`Outcome::leave`].
    pub leave: bool,
}

impl EventLine {
    /// What happened, in one sentence without the actor: "Moved Smith from Alpha to Bravo as
    /// Member".
    #[must_use]
    pub fn sentence(&self) -> String {
        sentence(self.kind, &self.data, self.undoes.is_some())
    }
}

/// See [`EventLine::sentence`].
#[must_use]
pub fn sentence(kind: EventKind, data: &EventData, undo: bool) -> String {
    use EventKind as K;
    let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "…".to_owned());
    let player = part(&data.player);
    let group = part(&data.group);
    let role = part(&data.role);
    let after = part(&data.after);
    let operation = part(&data.operation);
    let with_role = data
        .role
        .as_ref()
        .map(|role| format!(" as {role}"))
        .unwrap_or_default();
    let mut text = match kind {
        K::OrgFounded => format!("Founded {after}"),
        K::OrgEdited => "Changed the organisation's settings".to_owned(),
        K::CoFounderAdded => format!("Made {player} a co-founder"),
        K::CoFounderRemoved => format!("{player} is no longer a co-founder"),
        K::ShapeApplied => format!("Started from the shape “{after}”"),
        K::GroupCreated => format!("Created {group}"),
        K::GroupEdited => match &data.before {
            Some(before) => format!("Renamed {before} to {group}"),
            None => format!("Changed {group}"),
        },
        K::GroupMoved => match &data.after {
            Some(parent) => format!("Moved {group} under {parent}"),
            None => format!("Changed the order of {group}"),
        },
        K::GroupRetired => format!("Retired {group}"),
        K::GroupRevived => format!("Brought {group} back"),
        K::RoleCreated => format!("Added the role {role} to {group}"),
        K::RoleEdited => format!("Changed the role {role} of {group}"),
        K::RoleDeleted => format!("Deleted the role {role} of {group}"),
        K::PositionCreated => format!("Added the position {role} to {group}"),
        K::PositionEdited => format!("Changed the position {role} of {group}"),
        K::PositionDeleted => format!("Deleted the position {role} of {group}"),
        K::ManagerAdded => format!("Made {player} a manager of {group}"),
        K::ManagerRemoved => format!("{player} is no longer a manager of {group}"),
        K::PlayerCreated => format!("Added {player} to the organisation"),
        K::PlayerRenamed => format!("Renamed {} to {after}", part(&data.before)),
        K::PlayerInvited => format!("Invited someone to claim {player}"),
        K::PlayerClaimed => format!("{player} was claimed by its user"),
        K::MemberAdded => format!("Added {player} to {group}{with_role}"),
        K::MemberTransferred => {
            format!(
                "Moved {player} from {} to {group}{with_role}",
                part(&data.from)
            )
        }
        K::MemberPosted => format!("{player} is now {role} in {group}"),
        K::MemberRemoved => format!("Removed {player} from {group}"),
        K::Imported => format!("Imported {after}"),
        K::FoundingOffered => format!("Offered the founding to {player}"),
        K::FoundingOfferEnded => format!("The founding is no longer offered to {player}"),
        K::FoundingHandedOver => format!("{player} is the founder now"),
        K::RankCreated => format!("Added the rank {after}"),
        K::RankEdited => format!("Changed the rank {after}"),
        K::RankDeleted => format!("Deleted the rank {after}"),
        K::RankSetCreated => format!("Added the rank set {after}"),
        K::RankSetEdited => format!("Changed the rank set {after}"),
        K::RankSetDeleted => format!("Deleted the rank set {after}"),
        K::RankSetChosen => format!("{group} uses the rank set {after}"),
        K::Promoted => format!("Promoted {player} to {after}"),
        K::Demoted => format!("Demoted {player} to {after}"),
        K::Kicked => match &data.after {
            Some(_) => format!("Banned {player} from the organisation"),
            None => format!("Removed {player} from the organisation"),
        },
        K::Reinstated => format!("Brought {player} back"),
        K::Joined => format!("{player} joined the organisation"),
        K::Left => format!("{player} left the organisation"),
        K::ManagerGroupAdded => format!("Made the members of {after} managers of {group}"),
        K::ManagerGroupRemoved => format!("The members of {after} no longer manage {group}"),
        K::JoinRequested => format!("{player} asked to join {group}"),
        K::JoinWithdrawn => format!("{player} no longer asks to join {group}"),
        K::JoinApproved => format!("Let {player} join {group}"),
        K::JoinDeclined => format!("Did not let {player} join {group}"),
        K::SeenAs => format!("Looked through the eyes of {player}"),
        K::BulkApplied => after,
        K::RankChanged => format!("{player} has the rank {after} now"),
        K::MemberLeft => format!("{player} left {group}"),
        K::OperationPlanned => match &data.after {
            // A series, with its rule in words.
            Some(rule) => format!("Planned {operation}: {rule}"),
            None => format!("Planned {operation}"),
        },
        K::OperationEdited => format!("Changed {operation}"),
        K::OperationMoved => format!("Moved {operation} to {after}"),
        K::OperationPublished => format!("Published {operation}"),
        K::OperationCancelled => format!("Cancelled {operation}"),
        K::OperationRevived => format!("{operation} takes place after all"),
        K::OperationEnded => format!("{operation} is over"),
        K::OperationArchived => format!("Archived {operation}"),
        K::OperationDeleted => format!("Deleted {operation}"),
        K::SeriesExtended => format!("Planned further times of {operation}"),
        K::SeriesEdited => format!("Changed {operation} and those that follow"),
        K::SeriesEnded => format!("{operation} does not come again"),
        K::CategoryEdited => after,
        K::CampaignEdited => after,
        K::TemplateEdited => after,
        K::Answered => format!("{player} answered {operation}: {after}"),
        K::AnswerConfirmed => format!("{player} is {after} for {operation}"),
        K::PlaceGiven => format!("{player} has a place in {operation}"),
        K::PlaceLost => format!("{player} waits for a place in {operation}"),
        K::GuestAdded => format!("Added the guest {player} to {operation}"),
        K::GuestRemoved => format!("Removed the guest {player} from {operation}"),
        K::BilletsEdited => format!("Changed the billets of {operation}"),
        K::BilletFilled => format!("{player} is {role} in {operation}"),
        K::BilletLeft => format!("{player} is no longer {role} in {operation}"),
        K::BilletAwaited => format!("{player} waits for {role} in {operation}"),
        K::BilletsSuggested => format!("Filled billets of {operation} by suggestion: {after}"),
        K::AttendanceRecorded => format!("Recorded attendance of {operation}: {after}"),
        K::AttendanceCorrected => format!("Corrected {player} in {operation}: {after}"),
        K::CheckInOpened => format!("Opened the check-in of {operation}"),
        K::CheckedIn => format!("{player} checked in to {operation}"),
        K::AttendanceAppealed => {
            format!("{player} asked to correct their attendance of {operation}")
        }
        K::AppealAnswered => format!("Answered the appeal of {player} about {operation}: {after}"),
        K::AttendanceStateEdited => after,
        K::ReportFiled => format!("Filed the report on {operation}"),
        K::LeaveRequested => format!("{player} asked for leave {after}"),
        K::LeaveApproved => format!("Approved the leave of {player}"),
        K::LeaveDeclined => format!("Declined the leave of {player}"),
        K::LeaveEnded => format!("{player} is back from leave"),
        K::LeaveEdited => format!("Changed the leave of {player}"),
        K::Reminded => format!("Reminded {after} of {operation}"),
    };
    if undo {
        text.push_str(" (undo)");
    }
    text
}

/// What a command answers: the event to show as a toast, and where to go next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What happened, with its undo, when there is something to say.
    pub event: Option<EventLine>,
    /// A local path to show next; without it the caller stays where it is.
    pub goto: Option<String>,
    /// The address is of another host, so the browser must leave the page to get there.
    pub leave: bool,
}

impl Outcome {
    /// Goes to a local path without a word.
    #[must_use]
    pub fn goto(path: impl Into<String>) -> Self {
        Self {
            goto: Some(path.into()),
            ..Self::default()
        }
    }

    /// The same outcome, but going to this local path.
    #[must_use]
    pub fn and_goto(self, path: impl Into<String>) -> Self {
        Self {
            goto: Some(path.into()),
            ..self
        }
    }

    /// The same outcome, but with a full page load: what the viewer may do has changed.
    #[must_use]
    pub fn and_leave(self) -> Self {
        Self {
            leave: true,
            ..self
        }
    }

    /// A full page load of an address: after signing in or out, or to another host.
    #[must_use]
    pub fn leave(to: impl Into<String>) -> Self {
        Self {
            goto: Some(to.into()),
            leave: true,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_stored_and_read_by_name() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(EventKind::parse("nothing"), None);
    }

    #[test]
    fn a_transfer_reads_as_a_sentence() {
        let data = EventData {
            player: Some("Smith".into()),
            group: Some("Bravo".into()),
            from: Some("Alpha".into()),
            role: Some("Member".into()),
            ..EventData::default()
        };
        assert_eq!(
            sentence(EventKind::MemberTransferred, &data, false),
            "Moved Smith from Alpha to Bravo as Member"
        );
    }
}
