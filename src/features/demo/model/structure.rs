//! Which groups the demo has: a company of three platoons with squads and fire teams, its
//! sections, and departments that people belong to beside their place in the company.

use super::{Group, Position, Role};
use crate::{
    domain::time::Instant,
    features::roster::model::{Policy, Visibility},
};
use chrono::Duration;

/// Place of the leading role in every group.
pub(super) const IN_COMMAND: usize = 0;
/// Place of the ordinary role in every group.
pub(super) const MEMBER: usize = 1;

/// Place of the company among the groups.
pub(super) const COMPANY: usize = 0;
/// Place of the First Sergeant among the company's roles.
pub(super) const FIRST_SERGEANT: usize = 3;

/// Where recruits start.
pub(super) const TRAINING: &str = "Basic Training";
/// Those who fly; they call their ranks otherwise.
pub(super) const AVIATION: &str = "Aviation Detachment";
/// Where those are who cannot come for a while.
pub(super) const RESERVE: &str = "Reserve";

/// A department: how many people it wants, and whether only leaders.
pub(super) struct Department {
    /// Its place among the groups.
    pub(super) group: usize,
    /// How many people it wants.
    pub(super) wants: usize,
    /// Only leaders of squads and above.
    pub(super) leaders_only: bool,
}

/// All groups, and the weeks in which some are retired.
pub(super) struct Structure {
    pub(super) groups: Vec<Group>,
    pub(super) departments: Vec<Department>,
    /// Group and week.
    pub(super) retirements: Vec<(usize, i64)>,
}

const fn role(name: &'static str, acronym: &'static str, leadership: bool) -> Role {
    Role {
        name,
        acronym,
        leadership,
        singular: leadership,
    }
}

const fn place(name: &'static str, role: usize, wants: &'static str) -> Position {
    Position { name, wants, role }
}

const SECOND: Role = role("Second in Command", "2IC", true);
const MEDIC: Role = role("Medic", "MED", false);

struct Builder {
    start: Instant,
    made: Structure,
}

/// What differs between groups; see [`Group`].
struct Draft<'a> {
    name: &'a str,
    acronym: &'a str,
    kind: &'static str,
    description: &'a str,
    parent: Option<usize>,
    roles: &'a [Role],
    positions: &'a [Position],
    week: i64,
}

impl Builder {
    fn add(&mut self, draft: Draft<'_>) -> usize {
        let index = self.made.groups.len();
        let starting = [role("In Command", "IC", true), role("Member", "", false)];
        // In the afternoon before the evening on which people are put in; never two at once.
        let founded = self.start
            + Duration::days(7 * draft.week)
            + Duration::hours(16)
            + Duration::seconds(30 * index as i64);
        self.made.groups.push(Group {
            name: draft.name.to_owned(),
            acronym: draft.acronym.to_owned(),
            kind: draft.kind,
            description: draft.description.to_owned(),
            parent: draft.parent,
            exclusive: true,
            visibility: Visibility::Public,
            policy: Policy::Closed,
            founded,
            retired: None,
            roles: starting.iter().chain(draft.roles).cloned().collect(),
            positions: draft.positions.to_vec(),
        });
        index
    }

    fn platoon(&mut self, company: usize, call: &str, number: &str, squads: usize, week: i64) {
        let platoon = self.add(Draft {
            name: &format!("{call} Platoon"),
            acronym: number,
            kind: "Platoon",
            description: &format!(
                "{call} takes and holds ground on foot. Its leader answers to the company \
                 commander; **radio net 4{number}**."
            ),
            parent: Some(company),
            roles: &[SECOND, MEDIC],
            positions: &[
                place("Platoon Leader", IN_COMMAND, "Platoon leader course"),
                place("Platoon Sergeant", 2, "Six months as squad leader"),
                place("Platoon Medic", 3, "Combat medic course"),
            ],
            week,
        });
        for (count, ordinal) in ["One", "Two", "Three"].into_iter().take(squads).enumerate() {
            let squad_name = format!("{call} {ordinal}");
            let squad = self.add(Draft {
                name: &squad_name,
                acronym: &(count + 1).to_string(),
                kind: "Squad",
                description: "Two fire teams and the leader who moves them.",
                parent: Some(platoon),
                roles: &[],
                positions: &[place("Squad Leader", IN_COMMAND, "Squad leader course")],
                week,
            });
            for (team, acronym) in [("Alpha", "A"), ("Bravo", "B")] {
                self.add(Draft {
                    name: &format!("{squad_name} {team}"),
                    acronym,
                    kind: "Fire team",
                    description: "Four soldiers who never lose sight of each other.",
                    parent: Some(squad),
                    roles: &[],
                    positions: &[
                        place("Team Leader", IN_COMMAND, ""),
                        place("Automatic Rifleman", MEMBER, "Machine gun course"),
                        place("Grenadier", MEMBER, ""),
                        place("Rifleman", MEMBER, ""),
                    ],
                    week,
                });
            }
        }
    }

    fn section(
        &mut self,
        company: usize,
        (name, acronym): (&str, &str),
        description: &str,
        places: &[Position],
        week: i64,
    ) -> usize {
        self.add(Draft {
            name,
            acronym,
            kind: "Section",
            description,
            parent: Some(company),
            roles: &[MEDIC],
            positions: places,
            week,
        })
    }

    fn sections(&mut self, company: usize) {
        self.section(
            company,
            ("Headquarters Section", "HQ"),
            "Keeps the company commander in touch with everybody else.",
            &[
                place("Operations Sergeant", IN_COMMAND, ""),
                place("Signaller", MEMBER, "Radio course"),
                place("Signaller", MEMBER, "Radio course"),
                place("Forward Air Controller", MEMBER, "Air controller course"),
            ],
            0,
        );
        let weapons = self.section(
            company,
            ("Weapons Section", "WPN"),
            "Heavy weapons, attached to the platoons where they are needed.",
            &[place("Section Leader", IN_COMMAND, "Squad leader course")],
            5,
        );
        for (name, acronym, second) in [
            ("Machine Gun Team", "MG", "Machine Gunner"),
            ("Anti-Tank Team", "AT", "Anti-Tank Gunner"),
            ("Mortar Team", "MTR", "Mortarman"),
        ] {
            self.add(Draft {
                name,
                acronym,
                kind: "Team",
                description: "A leader, two who serve the weapon, and one who carries.",
                parent: Some(weapons),
                roles: &[],
                positions: &[
                    place("Team Leader", IN_COMMAND, ""),
                    place(second, MEMBER, ""),
                    place(second, MEMBER, ""),
                    place("Ammunition Bearer", MEMBER, ""),
                ],
                week: 5,
            });
        }
        self.section(
            company,
            ("Medical Section", "MED"),
            "Evacuates and treats; lends medics to the platoons.",
            &[
                place("Chief Medic", IN_COMMAND, "Combat medic course, one year"),
                place("Surgeon", 2, "Surgery course"),
                place("Medic", 2, "Combat medic course"),
                place("Medic", 2, "Combat medic course"),
                place("Ambulance Driver", MEMBER, "Driving licence"),
            ],
            0,
        );
        self.section(
            company,
            ("Logistics Section", "LOG"),
            "Vehicles, supply and bridges. *Nothing moves without us.*",
            &[
                place("Section Leader", IN_COMMAND, ""),
                place("Driver", MEMBER, "Driving licence"),
                place("Driver", MEMBER, "Driving licence"),
                place("Engineer", MEMBER, "Explosives course"),
                place("Engineer", MEMBER, "Explosives course"),
                place("Armourer", MEMBER, ""),
            ],
            0,
        );
        self.section(
            company,
            (AVIATION, "AVN"),
            "Two helicopters and those who fly them.",
            &[
                place("Flight Lead", IN_COMMAND, "Flight lead qualification"),
                place("Pilot", MEMBER, "Rotary wing course"),
                place("Pilot", MEMBER, "Rotary wing course"),
                place("Crew Chief", MEMBER, ""),
            ],
            21,
        );
        let recon = self.section(
            company,
            ("Recon Team", "RCN"),
            "Looked ahead of the company until its tasks went to the aviation detachment.",
            &[
                place("Team Leader", IN_COMMAND, ""),
                place("Scout", MEMBER, "Marksman course"),
                place("Scout", MEMBER, "Marksman course"),
                place("Scout", MEMBER, ""),
            ],
            0,
        );
        self.made.retirements.push((recon, 31));
    }

    fn department(
        &mut self,
        (name, acronym): (&str, &str),
        description: &str,
        policy: Policy,
        wants: usize,
        week: i64,
    ) -> usize {
        let group = self.add(Draft {
            name,
            acronym,
            kind: "Department",
            description,
            parent: None,
            roles: &[],
            positions: &[],
            week,
        });
        self.made.groups[group].exclusive = false;
        self.made.groups[group].policy = policy;
        self.made.departments.push(Department {
            group,
            wants,
            leaders_only: false,
        });
        group
    }

    fn departments(&mut self) {
        let cadre = self.department(
            ("Training Cadre", "TC"),
            "Plans and holds courses. Ask here for a class.",
            Policy::ByRequest,
            8,
            1,
        );
        self.made.groups[cadre].positions = vec![place("Chief Instructor", IN_COMMAND, "")];
        self.department(
            ("Medics", "MDX"),
            "Everybody with the combat medic course, whatever their squad.",
            Policy::ByRequest,
            11,
            1,
        );
        self.department(
            ("Event Staff", "EV"),
            "Builds missions and runs them from behind the curtain.",
            Policy::Open,
            6,
            2,
        );
        self.department(
            ("Recruiters", "REC"),
            "First contact for people who want to join.",
            Policy::ByRequest,
            5,
            2,
        );
        let council = self.department(
            ("Command Council", "CC"),
            "Leaders' table: plans, people, complaints. What is said here stays here.",
            Policy::Closed,
            9,
            4,
        );
        self.made.groups[council].visibility = Visibility::Private;
        if let Some(department) = self.made.departments.last_mut() {
            department.leaders_only = true;
        }
        let winter = self.department(
            ("Winter Campaign", "WC"),
            "Planned and ran the winter campaign; done and dusted.",
            Policy::Open,
            6,
            12,
        );
        self.made.retirements.push((winter, 36));
    }
}

/// Makes all groups of an Org that began at this midnight.
pub(super) fn build(start: Instant) -> Structure {
    let made = Structure {
        groups: Vec::new(),
        departments: Vec::new(),
        retirements: Vec::new(),
    };
    let mut builder = Builder { start, made };
    let company = builder.add(Draft {
        name: "Able Company",
        acronym: "A",
        kind: "Company",
        description: "Light infantry. Operations on Sundays, training on Wednesdays, 19:00 UTC.",
        parent: None,
        roles: &[SECOND, role("First Sergeant", "1SG", true)],
        positions: &[
            place("Company Commander", IN_COMMAND, ""),
            place("Executive Officer", 2, "Platoon leader for a year"),
            place(
                "First Sergeant",
                FIRST_SERGEANT,
                "Platoon sergeant for a year",
            ),
        ],
        week: 0,
    });
    builder.platoon(company, "Anvil", "1", 3, 0);
    builder.platoon(company, "Bulldog", "2", 3, 0);
    builder.platoon(company, "Cobra", "3", 2, 17);
    builder.sections(company);
    builder.add(Draft {
        name: TRAINING,
        acronym: "BT",
        kind: "Training unit",
        description: "Four weeks of drill, radio and first aid; then a place in a fire team.",
        parent: None,
        roles: &[],
        positions: &[place("Drill Instructor", IN_COMMAND, "Instructor course")],
        week: 0,
    });
    builder.add(Draft {
        name: RESERVE,
        acronym: "RES",
        kind: "Pool",
        description: "For those whose life leaves them no time at the moment. Come back any day.",
        parent: None,
        roles: &[],
        positions: &[],
        week: 0,
    });
    builder.departments();
    builder.made
}
