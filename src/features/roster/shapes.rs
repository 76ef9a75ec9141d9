//! Starting shapes: what a new Org may begin with on its first run (ui.md §3.2). Plain data; the
//! roster applies it.
//!
//! Every group gets the two starting roles, "In Command" and "Member" (§4.4), before the roles
//! listed here. A position names one of the group's roles, either of those two or a listed one; a
//! test holds that.

/// A tree of groups to start from.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its name in forms and in the event log's data: lower case letters and `-`.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub summary: &'static str,
    /// Top-level groups in order.
    pub groups: &'static [ShapeGroup],
}

/// A group of a shape, with those below it.
#[derive(Clone, Copy, Debug)]
pub struct ShapeGroup {
    /// Unique in the shape ignoring case.
    pub name: &'static str,
    /// Its part of the ident string (§4.2).
    pub acronym: &'static str,
    /// What it is called, such as "Squad".
    pub kind: &'static str,
    /// Whether a player can be in only one such group (§4.3).
    pub exclusive: bool,
    /// What it is for; mandatory (§4.1).
    pub description: &'static str,
    /// Roles beside the two every group starts with.
    pub roles: &'static [ShapeRole],
    /// Established places, in order (§4.5).
    pub positions: &'static [ShapePosition],
    /// Groups below it, in order.
    pub groups: &'static [ShapeGroup],
}

/// A role of a [`ShapeGroup`].
#[derive(Clone, Copy, Debug)]
pub struct ShapeRole {
    /// Unique in the group.
    pub name: &'static str,
    /// Short form.
    pub acronym: &'static str,
    /// Grants the group's management tools (§3.4).
    pub leadership: bool,
    /// One holder at a time (§4.4).
    pub singular: bool,
}

/// A position of a [`ShapeGroup`].
#[derive(Clone, Copy, Debug)]
pub struct ShapePosition {
    /// Its title.
    pub name: &'static str,
    /// What it wants, in words; may be empty.
    pub wants: &'static str,
    /// The role of whoever fills it.
    pub role: &'static str,
}

/// The role that leads, which every group starts with.
pub const IN_COMMAND: &str = "In Command";
/// The ordinary role, which every group starts with.
pub const MEMBER: &str = "Member";

impl Shape {
    /// The shape of this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        SHAPES.iter().find(|shape| shape.id == id)
    }

    /// How many groups it makes, at all levels.
    #[must_use]
    pub fn count(&self) -> usize {
        fn below(groups: &[ShapeGroup]) -> usize {
            groups.iter().map(|group| 1 + below(group.groups)).sum()
        }
        below(self.groups)
    }
}

/// All shapes in the order of the form.
pub const SHAPES: &[Shape] = &[
    Shape {
        id: "infantry-company",
        name: "Infantry company",
        summary: "Headquarters, two platoons of two squads, and the sections that support them.",
        groups: INFANTRY,
    },
    Shape {
        id: "air-wing",
        name: "Air wing",
        summary: "Two flying squadrons with flights, a training squadron, and air traffic control.",
        groups: AIR_WING,
    },
    Shape {
        id: "raiding-guild",
        name: "Raiding guild",
        summary: "Officers, raiders by what they do in a raid, applicants and friends.",
        groups: GUILD,
    },
    Shape {
        id: "server-group",
        name: "Server group",
        summary: "Administrators, moderators, builders and regulars of a set of game servers.",
        groups: SERVERS,
    },
    Shape {
        id: "blank",
        name: "Blank",
        summary: "No groups; build your own from nothing or import them.",
        groups: &[],
    },
];

const BASE: ShapeGroup = ShapeGroup {
    name: "",
    acronym: "",
    kind: "",
    exclusive: true,
    description: "",
    roles: &[],
    positions: &[],
    groups: &[],
};

const fn leading(name: &'static str, acronym: &'static str) -> ShapeRole {
    ShapeRole {
        name,
        acronym,
        leadership: true,
        singular: true,
    }
}

const fn ordinary(name: &'static str, acronym: &'static str) -> ShapeRole {
    ShapeRole {
        name,
        acronym,
        leadership: false,
        singular: false,
    }
}

const fn place(name: &'static str, role: &'static str) -> ShapePosition {
    ShapePosition {
        name,
        wants: "",
        role,
    }
}

const fn place_for(name: &'static str, role: &'static str, wants: &'static str) -> ShapePosition {
    ShapePosition { name, wants, role }
}

const SECOND: &str = "Second in Command";

const PLATOON_PLACES: &[ShapePosition] = &[
    place("Platoon Leader", IN_COMMAND),
    place("Platoon Sergeant", SECOND),
    place_for("Platoon Medic", "Medic", "Combat medic course"),
];

const SQUAD_PLACES: &[ShapePosition] = &[
    place("Squad Leader", IN_COMMAND),
    place("Fire Team Leader", SECOND),
    place_for("Medic", "Medic", "Combat medic course"),
    place("Automatic Rifleman", MEMBER),
    place("Grenadier", MEMBER),
    place_for("Marksman", MEMBER, "Marksman course"),
    place("Rifleman", MEMBER),
    place("Rifleman", MEMBER),
];

const LINE_ROLES: &[ShapeRole] = &[leading(SECOND, "2IC"), ordinary("Medic", "MED")];

const fn squad(name: &'static str, acronym: &'static str) -> ShapeGroup {
    ShapeGroup {
        name,
        acronym,
        kind: "Squad",
        description: "Eight soldiers who train and fight together.",
        roles: LINE_ROLES,
        positions: SQUAD_PLACES,
        ..BASE
    }
}

const fn platoon(
    name: &'static str,
    acronym: &'static str,
    groups: &'static [ShapeGroup],
) -> ShapeGroup {
    ShapeGroup {
        name,
        acronym,
        kind: "Platoon",
        description: "Two squads and the platoon's own leaders.",
        roles: LINE_ROLES,
        positions: PLATOON_PLACES,
        groups,
        ..BASE
    }
}

const INFANTRY: &[ShapeGroup] = &[
    ShapeGroup {
        name: "Company",
        acronym: "CO",
        kind: "Company",
        description: "The fighting part of the organisation and those who command it.",
        roles: &[leading(SECOND, "XO"), leading("First Sergeant", "1SG")],
        positions: &[
            place("Company Commander", IN_COMMAND),
            place("Executive Officer", SECOND),
            place("First Sergeant", "First Sergeant"),
        ],
        groups: &[
            platoon(
                "1st Platoon",
                "1",
                &[
                    squad("1st Platoon, 1st Squad", "1"),
                    squad("1st Platoon, 2nd Squad", "2"),
                ],
            ),
            platoon(
                "2nd Platoon",
                "2",
                &[
                    squad("2nd Platoon, 1st Squad", "1"),
                    squad("2nd Platoon, 2nd Squad", "2"),
                ],
            ),
            ShapeGroup {
                name: "Weapons Section",
                acronym: "WPN",
                kind: "Section",
                description: "Machine guns, anti-tank weapons and mortars, attached where needed.",
                positions: &[
                    place("Section Leader", IN_COMMAND),
                    place("Machine Gunner", MEMBER),
                    place("Anti-Tank Gunner", MEMBER),
                    place_for("Mortarman", MEMBER, "Indirect fire course"),
                ],
                ..BASE
            },
            ShapeGroup {
                name: "Logistics Section",
                acronym: "LOG",
                kind: "Section",
                description: "Vehicles, supply and engineering.",
                positions: &[
                    place("Section Leader", IN_COMMAND),
                    place("Driver", MEMBER),
                    place("Engineer", MEMBER),
                ],
                ..BASE
            },
        ],
        ..BASE
    },
    ShapeGroup {
        name: "Basic Training",
        acronym: "BT",
        kind: "Training unit",
        description: "Where new people start, until they are ready for a squad.",
        roles: &[ordinary("Recruit", "RCT")],
        ..BASE
    },
    ShapeGroup {
        name: "Training Cadre",
        acronym: "TC",
        kind: "Department",
        exclusive: false,
        description: "Plans and holds courses, beside service in the company.",
        roles: &[ordinary("Instructor", "INST")],
        ..BASE
    },
    ShapeGroup {
        name: "Recruiters",
        acronym: "REC",
        kind: "Department",
        exclusive: false,
        description: "Talks to people who want to join, and looks after them in the first weeks.",
        ..BASE
    },
];

const FLIGHT_PLACES: &[ShapePosition] = &[
    place_for("Flight Lead", IN_COMMAND, "Flight lead qualification"),
    place("Wingman", MEMBER),
    place_for("Element Lead", MEMBER, "Element lead qualification"),
    place("Wingman", MEMBER),
];

const fn flight(name: &'static str, acronym: &'static str) -> ShapeGroup {
    ShapeGroup {
        name,
        acronym,
        kind: "Flight",
        description: "Four aircraft that fly together.",
        positions: FLIGHT_PLACES,
        ..BASE
    }
}

const SQUADRON_ROLES: &[ShapeRole] = &[leading("Executive Officer", "XO")];
const SQUADRON_PLACES: &[ShapePosition] = &[
    place("Commanding Officer", IN_COMMAND),
    place("Executive Officer", "Executive Officer"),
];

const AIR_WING: &[ShapeGroup] = &[
    ShapeGroup {
        name: "Wing Staff",
        acronym: "WS",
        kind: "Staff",
        description: "Commands the wing and plans its operations.",
        roles: &[
            leading("Deputy Commander", "DCO"),
            ordinary("Operations Officer", "OPS"),
        ],
        positions: &[
            place("Wing Commander", IN_COMMAND),
            place("Deputy Commander", "Deputy Commander"),
            place("Operations Officer", "Operations Officer"),
        ],
        ..BASE
    },
    ShapeGroup {
        name: "1st Fighter Squadron",
        acronym: "1FS",
        kind: "Squadron",
        description: "Air superiority and strike.",
        roles: SQUADRON_ROLES,
        positions: SQUADRON_PLACES,
        groups: &[
            flight("Hawk Flight", "HAWK"),
            flight("Lance Flight", "LANC"),
        ],
        ..BASE
    },
    ShapeGroup {
        name: "2nd Transport Squadron",
        acronym: "2TS",
        kind: "Squadron",
        description: "Helicopters and transports: people and cargo, there and back.",
        roles: SQUADRON_ROLES,
        positions: SQUADRON_PLACES,
        groups: &[
            flight("Mule Flight", "MULE"),
            flight("Angel Flight", "ANGL"),
        ],
        ..BASE
    },
    ShapeGroup {
        name: "Training Squadron",
        acronym: "TRS",
        kind: "Squadron",
        description: "Where new pilots learn, until they join a flight.",
        roles: &[ordinary("Student Pilot", "STU")],
        ..BASE
    },
    ShapeGroup {
        name: "Air Traffic Control",
        acronym: "ATC",
        kind: "Department",
        exclusive: false,
        description: "Tower, approach and tactical control, beside flying.",
        roles: &[ordinary("Controller", "CTL")],
        ..BASE
    },
    ShapeGroup {
        name: "Instructor Pilots",
        acronym: "IP",
        kind: "Department",
        exclusive: false,
        description: "Teaches and examines, beside flying.",
        ..BASE
    },
];

const fn raid_team(
    name: &'static str,
    acronym: &'static str,
    description: &'static str,
) -> ShapeGroup {
    ShapeGroup {
        name,
        acronym,
        kind: "Raid role",
        description,
        ..BASE
    }
}

const GUILD: &[ShapeGroup] = &[
    ShapeGroup {
        name: "Officers",
        acronym: "OFF",
        kind: "Council",
        exclusive: false,
        description: "Leads the guild and decides on loot, raids and applications.",
        roles: &[
            ordinary("Loot Officer", "LOOT"),
            ordinary("Raid Leader", "RL"),
        ],
        positions: &[
            place("Guild Leader", IN_COMMAND),
            place("Raid Leader", "Raid Leader"),
            place("Loot Officer", "Loot Officer"),
        ],
        ..BASE
    },
    ShapeGroup {
        name: "Raiders",
        acronym: "R",
        kind: "Raid force",
        description: "Everybody who has a place in the raid.",
        groups: &[
            raid_team("Tanks", "TANK", "Keeps the enemy's eyes on itself."),
            raid_team("Healers", "HEAL", "Keeps everybody standing."),
            raid_team("Melee", "MEL", "Damage from close by."),
            raid_team("Ranged", "RNG", "Damage from a distance."),
            raid_team("Support", "SUP", "Crowd control, songs and buffs."),
        ],
        ..BASE
    },
    ShapeGroup {
        name: "Applicants",
        acronym: "APP",
        kind: "Trial",
        description: "On trial, until the officers decide.",
        ..BASE
    },
    ShapeGroup {
        name: "Friends and Family",
        acronym: "FF",
        kind: "Circle",
        description: "Belongs to the guild without raiding.",
        ..BASE
    },
    ShapeGroup {
        name: "Crafters",
        acronym: "CRA",
        kind: "Department",
        exclusive: false,
        description: "Makes what the guild needs, and keeps the bank in order.",
        ..BASE
    },
];

const fn department(
    name: &'static str,
    acronym: &'static str,
    description: &'static str,
) -> ShapeGroup {
    ShapeGroup {
        name,
        acronym,
        kind: "Department",
        exclusive: false,
        description,
        ..BASE
    }
}

const SERVERS: &[ShapeGroup] = &[
    ShapeGroup {
        name: "Server Owners",
        acronym: "OWN",
        kind: "Department",
        exclusive: false,
        description: "Pays for the servers and answers for them.",
        ..BASE
    },
    ShapeGroup {
        name: "Administrators",
        acronym: "ADM",
        kind: "Department",
        exclusive: false,
        description: "Runs the servers: settings, updates, bans of any length.",
        roles: &[ordinary("Senior Administrator", "SADM")],
        groups: &[
            department(
                "Moderators",
                "MOD",
                "Keeps games fair and friendly: mutes, kicks, short bans.",
            ),
            department("Map Makers", "MAP", "Builds and tests maps."),
            department(
                "Plug-in Developers",
                "DEV",
                "Writes and maintains the servers' plug-ins.",
            ),
        ],
        ..BASE
    },
    department(
        "League Referees",
        "REF",
        "Schedules matches and rules on disputes.",
    ),
    department("Regulars", "REG", "Known players who vouch for others."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::name, features::roster::model::limits};
    use std::collections::BTreeSet;

    fn walk(groups: &[ShapeGroup], visit: &mut impl FnMut(&ShapeGroup)) {
        for group in groups {
            visit(group);
            walk(group.groups, visit);
        }
    }

    #[test]
    fn shapes_can_be_applied() {
        let mut ids = BTreeSet::new();
        for shape in SHAPES {
            assert!(ids.insert(shape.id), "two shapes {}", shape.id);
            let mut names = BTreeSet::new();
            walk(shape.groups, &mut |group| {
                let name = group.name;
                assert!(
                    names.insert(name::key(name)),
                    "{}: two groups {name}",
                    shape.id
                );
                assert!(name::plain(name, limits::GROUP_NAME).is_ok(), "{name}");
                assert!(
                    name::plain(group.acronym, limits::ACRONYM).is_ok(),
                    "{name}: acronym"
                );
                assert!(
                    name::plain(group.kind, limits::KIND).is_ok(),
                    "{name}: kind"
                );
                assert!(
                    !group.description.is_empty(),
                    "{name}: description is mandatory (§4.1)"
                );
                let mut roles = BTreeSet::from([IN_COMMAND, MEMBER]);
                for role in group.roles {
                    assert!(roles.insert(role.name), "{name}: two roles {}", role.name);
                }
                let mut singular = BTreeSet::new();
                for position in group.positions {
                    let role = position.role;
                    assert!(
                        roles.contains(role),
                        "{name}: {} wants no role {role}",
                        position.name
                    );
                    let one = role == IN_COMMAND
                        || group
                            .roles
                            .iter()
                            .any(|one| one.name == role && one.singular);
                    assert!(
                        !one || singular.insert(role),
                        "{name}: two positions for the singular role {role}"
                    );
                }
            });
            assert_eq!(names.len(), shape.count());
        }
        assert_eq!(Shape::find("blank").map(Shape::count), Some(0));
        assert!(Shape::find("nothing").is_none());
    }
}
