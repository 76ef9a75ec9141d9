use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

fn billet_id(number: usize) -> BilletId {
    BilletId(Uuid::from_u128(1_000 + number as u128))
}

fn player_id(number: usize) -> PlayerId {
    PlayerId(Uuid::from_u128(5_000 + number as u128))
}

fn billet(number: usize, tier: u8, fits: &[bool]) -> Billet {
    Billet {
        id: billet_id(number),
        order: u32::try_from(number).expect("few billets"),
        tier,
        fits: fits.to_vec(),
    }
}

fn candidate(number: usize, preferences: &[usize], tier: u8, left_out: u8) -> Candidate {
    Candidate {
        id: player_id(number),
        preferences: preferences.iter().map(|b| billet_id(*b)).collect(),
        tier,
        left_out,
        signed_up: u32::try_from(number).expect("few candidates"),
    }
}

fn input(most: usize) -> impl Strategy<Value = Input> {
    (0..=most, 0..=most).prop_flat_map(|(billets, people)| {
        let fits = prop::collection::vec(prop::bool::weighted(0.6), people);
        let place = (0..4_u8, fits);
        let preferences = prop::collection::vec(0..billets.max(1), 0..4);
        let person = (preferences, 0..4_u8, 0..4_u8, 0..6_u32);
        let fixed = prop::collection::vec((0..billets.max(1), 0..people.max(1)), 0..2);
        (
            prop::collection::vec(place, billets),
            prop::collection::vec(person, people),
            fixed,
            (0..=5_u8, 0..=5_u8, 0..=5_u8),
        )
            .prop_map(
                |(billets, people, fixed, (preference, qualification, fairness))| {
                    let billets = billets.into_iter().enumerate();
                    let people = people.into_iter().enumerate();
                    Input {
                        billets: billets
                            .map(|(number, (tier, fits))| billet(number, tier, &fits))
                            .collect(),
                        candidates: people
                            .map(
                                |(number, (preferences, tier, left_out, signed_up))| Candidate {
                                    signed_up,
                                    ..candidate(number, &preferences, tier, left_out)
                                },
                            )
                            .collect(),
                        fixed: fixed
                            .into_iter()
                            .map(|(billet, person)| (billet_id(billet), player_id(person)))
                            .collect(),
                        weights: Weights {
                            preference,
                            qualification,
                            fairness,
                        },
                    }
                },
            )
    })
}

fn suggested(input: &Input) -> Suggestion {
    suggest(input).expect("within the limits")
}

fn total(board: &Board<'_>, pairs: &[(usize, usize)]) -> i64 {
    pairs.iter().map(|(b, p)| board.worth(*b, *p)).sum()
}

/// The best pair of those left, again and again.
fn greedy(board: &Board<'_>) -> Vec<(usize, usize)> {
    let all = (0..board.billets.len())
        .flat_map(|b| (0..board.people.len()).map(move |p| (b, p)))
        .filter(|(b, p)| board.fits(*b, *p));
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(b, p)| std::cmp::Reverse(board.worth(*b, *p)));
    let (mut billets, mut people) = (BTreeSet::new(), BTreeSet::new());
    all.retain(|(b, p)| !billets.contains(b) && people.insert(*p) && billets.insert(*b));
    all
}

/// The greatest total of all pairings, billet by billet.
fn brute(board: &Board<'_>, billet: usize, taken: &mut Vec<bool>) -> i64 {
    if billet == board.billets.len() {
        return 0;
    }
    let mut best = brute(board, billet + 1, taken);
    for person in 0..board.people.len() {
        if !taken[person] && board.fits(billet, person) {
            taken[person] = true;
            best = best.max(board.worth(billet, person) + brute(board, billet + 1, taken));
            taken[person] = false;
        }
    }
    best
}

proptest! {
    #[test]
    fn needs_are_hard_nobody_is_in_two_and_who_is_fixed_stays(input in input(12)) {
        let suggestion = suggested(&input);
        let (mut billets, mut people) = (BTreeSet::new(), BTreeSet::new());
        for (billet, player) in &input.fixed {
            billets.insert(*billet);
            people.insert(*player);
        }
        for placed in &suggestion.placed {
            prop_assert!(billets.insert(placed.billet), "two in {}", placed.billet);
            prop_assert!(people.insert(placed.player), "{} is in two", placed.player);
            prop_assert!(!placed.reasons.is_empty());
            let at = input.candidates.iter().position(|c| c.id == placed.player).expect("known");
            let billet = input.billets.iter().find(|b| b.id == placed.billet).expect("known");
            prop_assert!(billet.fits[at], "{} does not fit {}", placed.player, placed.billet);
        }
        // Everybody and every billet is spoken of once.
        billets.extend(suggestion.empty.iter().map(|(billet, _)| *billet));
        people.extend(suggestion.left.iter().map(|(player, _)| *player));
        prop_assert!(input.billets.iter().all(|billet| billets.contains(&billet.id)));
        prop_assert!(input.candidates.iter().all(|candidate| people.contains(&candidate.id)));
    }

    #[test]
    fn the_order_of_the_input_changes_nothing(input in input(9), turn in 0..9_usize) {
        let mut other = input.clone();
        other.billets.reverse();
        let people = other.candidates.len();
        if people > 0 {
            other.candidates.rotate_left(turn % people);
            for billet in &mut other.billets {
                billet.fits.rotate_left(turn % people);
            }
        }
        other.fixed.reverse();
        prop_assert_eq!(suggested(&input), suggested(&other));
    }

    #[test]
    fn never_worse_than_the_greedy(input in input(25)) {
        let board = Board::new(&input);
        let (best, greedy) = (board.best(), greedy(&board));
        prop_assert!(best.len() >= greedy.len());
        prop_assert!(total(&board, &best) >= total(&board, &greedy));
    }

    #[test]
    fn nothing_is_better(input in input(6)) {
        let board = Board::new(&input);
        let brute = brute(&board, 0, &mut vec![false; board.people.len()]);
        prop_assert_eq!(total(&board, &board.best()), brute);
    }

    #[test]
    fn a_billet_more_is_worth_more_than_any_wish(input in input(7)) {
        // The number of filled billets is that of a pairing which knows no wishes at all.
        let mut plain = input.clone();
        plain.weights = Weights { preference: 0, qualification: 0, fairness: 0 };
        prop_assert_eq!(suggested(&input).placed.len(), suggested(&plain).placed.len());
    }
}

/// Everybody's reasons, by number of the player.
fn reasons(suggestion: &Suggestion) -> BTreeMap<usize, (usize, String)> {
    let number = |id: Uuid, from: u128| usize::try_from(id.as_u128() - from).expect("a number");
    let placed = suggestion.placed.iter().map(|placed| {
        let told: Vec<_> = placed.reasons.iter().map(|reason| reason.told()).collect();
        let billet = number(placed.billet.0, 1_000);
        (number(placed.player.0, 5_000), (billet, told.join(", ")))
    });
    placed.collect()
}

#[test]
fn everybody_is_told_why() {
    let all = [true; 5];
    let input = Input {
        billets: vec![
            billet(0, 3, &all),
            billet(1, 0, &all),
            billet(2, 0, &[false, false, true, false, false]),
            billet(3, 0, &[false; 5]),
        ],
        candidates: vec![
            candidate(0, &[1], 1, 0),
            candidate(1, &[1], 1, 2),
            candidate(2, &[1], 0, 0),
            candidate(3, &[], 3, 0),
            candidate(4, &[0], 1, 0),
        ],
        fixed: Vec::new(),
        weights: Weights::default(),
    };
    let suggestion = suggested(&input);
    let told = reasons(&suggestion);
    let expected = [
        (
            1,
            (
                1,
                "first preference, left out of 2 of the last operations".to_owned(),
            ),
        ),
        (2, (2, "the only one who fits".to_owned())),
        (4, (0, "first preference".to_owned())),
    ];
    assert_eq!(told, expected.into());
    assert_eq!(suggestion.empty, [(billet_id(3), Empty::NobodyFits)]);
    let outdone = |billet, by, edge| Left::Outdone {
        billet: billet_id(billet),
        by: player_id(by),
        edge,
    };
    let left = [
        (player_id(0), outdone(1, 1, Edge::LeftOut)),
        (player_id(3), outdone(0, 4, Edge::Preference)),
    ];
    assert_eq!(suggestion.left, left);
    assert_eq!(
        left[0].1.told("Rifleman", "Smith"),
        "Rifleman went to Smith, who was left out more often"
    );

    // Where qualification counts more, the qualified one is in the billet that wants it.
    let mut strict = input;
    strict.weights.preference = 1;
    strict.weights.qualification = 20;
    let told = reasons(&suggested(&strict));
    assert_eq!(told.get(&3), Some(&(0, "best qualified".to_owned())));
}

#[test]
fn who_signed_up_first_is_first_where_nothing_else_counts() {
    let input = Input {
        billets: vec![billet(0, 0, &[true; 3])],
        candidates: vec![
            Candidate {
                signed_up: 7,
                ..candidate(0, &[], 2, 0)
            },
            candidate(1, &[], 0, 0),
            candidate(2, &[], 9, 0),
        ],
        ..Input::default()
    };
    let suggestion = suggested(&input);
    assert_eq!(suggestion.placed[0].player, player_id(1));
    assert_eq!(suggestion.placed[0].reasons, [Reason::Fits]);
    let edges: Vec<_> = suggestion.left.iter().map(|(_, left)| *left).collect();
    let earlier = Left::Outdone {
        billet: billet_id(0),
        by: player_id(1),
        edge: Edge::Earlier,
    };
    assert_eq!(edges, [earlier, earlier]);
}

#[test]
fn the_greatest_board_is_reckoned_exactly_and_one_more_is_refused() {
    let board = |billets: usize, people: usize| Input {
        billets: (0..billets)
            .map(|b| billet(b, 9, &vec![b < 20; people]))
            .collect(),
        candidates: (0..people).map(|p| candidate(p, &[p], 9, 10)).collect(),
        fixed: Vec::new(),
        weights: Weights {
            preference: u8::MAX,
            qualification: u8::MAX,
            fairness: u8::MAX,
        },
    };
    // Few billets are open to anybody, which keeps this test short; the sums are the greatest.
    let greatest = board(limits::BILLETS, limits::CANDIDATES);
    let sums = Board::new(&greatest);
    let most = (0..20).map(|b| sums.worth(b, b)).max().expect("a pair");
    // The longest way of exchanges goes over every pair twice.
    let longest = 2 * count(limits::BILLETS.max(limits::CANDIDATES)) * most;
    assert!(
        longest < 1 << f64::MANTISSA_DIGITS,
        "{longest} is not exact in a floating-point number: lower a limit"
    );
    assert_eq!(suggested(&greatest).placed.len(), 20);
    assert_eq!(suggest(&board(limits::BILLETS + 1, 1)), Err(TooMany));
    assert_eq!(suggest(&board(1, limits::CANDIDATES + 1)), Err(TooMany));
}
