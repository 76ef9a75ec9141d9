//! Who is told of what, in which words.

use super::*;
use uuid::Uuid;

const GROUP: GroupId = GroupId(Uuid::from_u128(1));
const OTHER: GroupId = GroupId(Uuid::from_u128(3));
const OPERATION: OperationId = OperationId(Uuid::from_u128(4));
const PLAYER: PlayerId = PlayerId(Uuid::from_u128(2));

fn happened(kind: EventKind) -> Happened {
    let text = |text: &str| Some(text.to_owned());
    Happened {
        kind,
        actor: "Radu".to_owned(),
        by_subject: false,
        player: Some(PLAYER),
        operation: Some(OPERATION),
        group: Some(GROUP),
        from_group: Some(OTHER),
        data: EventData {
            player: text("Mira"),
            group: text("Anvil One"),
            from: text("Hammer"),
            role: text("Member"),
            before: text("Anvil"),
            after: text("Sergeant"),
            reason: text("Well\r\ndone"),
            request: None,
            operation: text("Patrol"),
        },
        undoes: false,
        org: "Task Force".to_owned(),
    }
}

fn wholes(kind: EventKind) -> Vec<String> {
    say(&happened(kind)).iter().map(Say::whole).collect()
}

#[test]
fn only_what_can_be_answered_asks_for_an_answer() {
    use EventKind as K;
    for kind in [K::OperationPublished, K::OperationMoved, K::Reminded] {
        assert!(asks_for_answer(&happened(kind)), "{kind:?}");
    }
    for kind in [K::OperationCancelled, K::PlaceGiven, K::MemberAdded] {
        assert!(!asks_for_answer(&happened(kind)), "{kind:?}");
    }
}

#[test]
fn people_are_told_in_the_second_person() {
    use EventKind as K;
    for (kind, text) in [
        (
            K::MemberAdded,
            "Radu added you to Anvil One as Member: “Well done”",
        ),
        (
            K::MemberTransferred,
            "Radu moved you from Hammer to Anvil One as Member: “Well done”",
        ),
        (
            K::MemberRemoved,
            "Radu removed you from Anvil One: “Well done”",
        ),
        (
            K::MemberPosted,
            "Radu made you Member in Anvil One: “Well done”",
        ),
        (
            K::ManagerAdded,
            "Radu made you a manager of Anvil One: “Well done”",
        ),
        (
            K::ManagerRemoved,
            "Radu removed you from the managers of Anvil One: “Well done”",
        ),
        (K::Promoted, "Radu promoted you to Sergeant: “Well done”"),
        (K::Demoted, "Radu demoted you to Sergeant: “Well done”"),
        (
            K::RankChanged,
            "Radu gave you the rank Sergeant: “Well done”",
        ),
        (K::Kicked, "Radu banned you from Task Force: “Well done”"),
        (
            K::Reinstated,
            "Radu brought you back to Task Force: “Well done”",
        ),
        (
            K::JoinApproved,
            "Your request to join Anvil One was approved by Radu: “Well done”",
        ),
        (
            K::JoinDeclined,
            "Your request to join Anvil One was declined by Radu: “Well done”",
        ),
        (K::JoinRequested, "Mira asks to join Anvil One: “Well done”"),
        (K::GroupCreated, "Radu created Anvil One"),
        (K::GroupEdited, "Radu renamed Anvil to Anvil One"),
        (K::PlaceGiven, "You have a place in Patrol"),
        (K::BilletFilled, "Radu made you Member in Patrol"),
    ] {
        assert_eq!(wholes(kind), [text], "{kind:?}");
    }
}

#[test]
fn each_audience_has_its_topic() {
    use EventKind as K;
    let told = |kind| {
        let said = say(&happened(kind));
        said.iter()
            .map(|one| (one.to, one.topic))
            .collect::<Vec<_>>()
    };
    let subject = Audience::Player(PLAYER);
    assert_eq!(told(K::MemberRemoved), [(subject, Topic::Membership)]);
    assert_eq!(told(K::MemberPosted), [(subject, Topic::Roles)]);
    assert_eq!(told(K::Promoted), [(subject, Topic::Rank)]);
    assert_eq!(told(K::CoFounderAdded), [(subject, Topic::Founders)]);
    assert_eq!(
        told(K::JoinDeclined),
        [(Audience::Requester, Topic::Requests)]
    );
    assert_eq!(
        told(K::JoinWithdrawn),
        [(Audience::Managers(GROUP), Topic::GroupRequests)]
    );
    assert_eq!(
        told(K::ManagerGroupAdded),
        [(Audience::Members(OTHER), Topic::Roles)]
    );
    assert_eq!(told(K::GroupCreated), [(Audience::Founders, Topic::Groups)]);
    assert_eq!(told(K::PlaceGiven), [(subject, Topic::Places)]);
    assert_eq!(told(K::BilletLeft), [(subject, Topic::Places)]);
    assert_eq!(
        told(K::BilletsSuggested),
        [(Audience::Placed, Topic::Places)]
    );
    assert_eq!(
        told(K::GroupRetired),
        [
            (Audience::Dismissed(GROUP), Topic::Membership),
            (Audience::Founders, Topic::Groups)
        ]
    );
    assert_eq!(
        told(K::FoundingHandedOver),
        [
            (subject, Topic::Founders),
            (Audience::Founders, Topic::Founders)
        ]
    );
}

#[test]
fn a_change_of_settings_alone_is_no_news() {
    use EventKind as K;
    let mut edited = happened(K::GroupEdited);
    edited.data.before = None;
    assert!(say(&edited).is_empty());
    for kind in [
        K::Imported,
        K::ShapeApplied,
        K::BulkApplied,
        K::SeenAs,
        K::PlayerCreated,
        K::GroupMoved,
        K::RoleEdited,
        K::RankEdited,
    ] {
        assert!(say(&happened(kind)).is_empty(), "{kind:?} is told");
    }
}

#[test]
fn founders_hear_who_declined_the_founding() {
    let taken_back = happened(EventKind::FoundingOfferEnded);
    assert_eq!(say(&taken_back).len(), 1, "only the one it was offered to");
    let declined = Happened {
        by_subject: true,
        ..taken_back
    };
    let last = say(&declined).pop().expect("founders are told");
    assert_eq!(last.to, Audience::Founders);
    assert_eq!(last.text, "Mira declined the founding of Task Force");
}

#[test]
fn an_undo_says_so_and_repeats_no_reason() {
    let undone = Happened {
        undoes: true,
        ..happened(EventKind::MemberRemoved)
    };
    assert_eq!(
        say(&undone)[0].whole(),
        "Radu removed you from Anvil One (undo)"
    );
}

#[test]
fn long_reasons_are_cut() {
    let mut event = happened(EventKind::MemberRemoved);
    event.data.reason = Some("ä".repeat(5_000));
    let whole = say(&event)[0].whole();
    assert!(whole.chars().count() < 400 && whole.ends_with("…”"));
}

#[test]
fn links_of_the_removed_do_not_lead_to_what_they_may_not_see() {
    for kind in [EventKind::MemberRemoved, EventKind::ManagerRemoved] {
        let href = say(&happened(kind))[0].href.clone();
        assert_eq!(href, format!("/players/{PLAYER}"), "{kind:?}");
    }
}

#[test]
fn topics_are_stored_and_read_by_name() {
    for topic in Topic::ALL {
        assert_eq!(Topic::parse(topic.id()), Some(*topic));
    }
    assert_eq!(Topic::parse("nothing"), None);
}

#[test]
fn operations_are_told_to_those_they_concern() {
    use EventKind as K;
    for (kind, to, text) in [
        (
            K::OperationPublished,
            Audience::Invited,
            "Patrol is planned: Sergeant: “Well done”",
        ),
        (
            K::OperationMoved,
            Audience::Coming,
            "Patrol was moved to Sergeant: “Well done”",
        ),
        (
            K::OperationCancelled,
            Audience::Coming,
            "Patrol was cancelled: “Well done”",
        ),
        (
            K::OperationRevived,
            Audience::Coming,
            "Patrol takes place after all: “Well done”",
        ),
    ] {
        let said = say(&happened(kind));
        let [one] = said.as_slice() else {
            panic!("{kind:?} is told once, not {said:?}");
        };
        assert_eq!((one.to, one.whole().as_str()), (to, text));
        assert_eq!(one.href, format!("/operations/{OPERATION}"));
    }
    for kind in [K::OperationPlanned, K::OperationEdited, K::OperationEnded] {
        assert!(say(&happened(kind)).is_empty(), "{kind:?} is no news");
    }
}
