//! Applies the demo: users, the Org, and its year in one transaction; then what the worker of
//! operations finds to do, so that what is over is so at once.

mod planning;
mod taking_part;

use super::model::{self, Cast, Happening, Plan, ranks as rungs};
use crate::{
    domain::{
        AppError, GroupId, MembershipId, OrgId, PlayerId, PositionId, RankId, RankSetId, RoleId,
        UserId,
        access::AccessSet,
        event::{EventData, EventKind},
    },
    features::{
        accounts::{self, input::Registration},
        notices, operations,
        ranks::{self, input::Title, model::InsigniaSet},
        roster::{
            input::{CheckedGroup, PositionDetails, RoleDetails},
            service::{Bulk, BulkGroup, BulkHolding, BulkMembership, BulkPlayer, apply_bulk},
        },
        tenants::{
            self,
            input::{NewOrg, OrgChange},
        },
    },
    server::{
        Ctx, Failure, Result,
        ctx::Client,
        db::Write,
        events::{self, NewEvent},
        state::State,
        tenancy::{self, Actor},
    },
};
use uuid::Uuid;

/// The password that all three log-ins are made with, for whoever runs `muster demo` to read and to
/// type.
pub const PASSWORD: &str = "reveille-at-seven";

/// Addresses of the founder, a leader and a member, with what they are.
const LOG_INS: [(&str, &str); 3] = [
    ("demo@muster.example", "founder and company commander"),
    ("leader@muster.example", "squad leader"),
    ("member@muster.example", "member"),
];

/// One of the demo's log-ins, as it is now and not as it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogIn {
    /// With which address.
    pub email: &'static str,
    /// What the person is.
    pub what: &'static str,
    /// [`PASSWORD`] is theirs: nobody has changed it, and nobody had the address before.
    pub fits: bool,
    /// They administer the installation (§21).
    pub administers: bool,
}

/// What `muster demo` found or made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// False: it was there already.
    pub made: bool,
    /// The Org's host.
    pub host: String,
    /// With what people can log in.
    pub log_ins: Vec<LogIn>,
}

/// Makes the demo, unless it is there.
///
/// # Errors
/// When the database fails, or somebody else has the Org's name.
pub async fn make_demo(state: &State) -> Result<Demo> {
    let operator = Ctx::for_server(state, None);
    if let Some(tenant) = tenancy::by_slug(&state.db, &state.config, model::ORG_SLUG).await? {
        return Ok(Demo {
            made: false,
            host: tenant.host.clone(),
            log_ins: log_ins(&operator).await?,
        });
    }
    let plan = model::plan(operator.now);
    let cast = plan
        .cast()
        .ok_or_else(|| Failure::setup("the demo has nobody to log in as".to_owned()))?;
    let then = operator.at(plan.founded);
    let name_of = |person: usize| plan.people[person].name;
    let [(founder, _), (leader, _), (member, _)] = LOG_INS;
    let (founder_user, is_new) = user(&then, name_of(cast.founder), founder).await?;
    // So that the pages of administrators can be seen: in development only, because everybody can
    // know the password, and never somebody who had the address before.
    if is_new && state.config.development {
        accounts::service::set_site_admin(&then, founder_user, true).await?;
    }
    let (leader_user, _) = user(&then, name_of(cast.leader), leader).await?;
    let (member_user, _) = user(&then, name_of(cast.member), member).await?;
    let org = NewOrg {
        name: model::ORG_NAME.to_owned(),
        slug: model::ORG_SLUG.to_owned(),
        type_id: model::ORG_TYPE.to_owned(),
        time_zone: String::new(),
        founder: Some(founder_user),
        host: None,
    };
    let founded = tenants::service::found_org(&then, org).await?;
    let tenant = tenancy::by_slug(&state.db, &state.config, model::ORG_SLUG)
        .await?
        .ok_or(Failure::App(AppError::NotFound))?;
    // The log names the commander as the one who did it all.
    let actor = Actor {
        founder: true,
        player: Some((founded.founder, name_of(cast.founder).to_owned())),
        ..Actor::default()
    };
    let ctx = Ctx::new(
        state.clone(),
        Some(tenant.clone()),
        actor,
        "demo".into(),
        Client::default(),
    );
    let described = OrgChange {
        name: model::ORG_NAME.to_owned(),
        time_zone: "UTC".to_owned(),
        accent_hue: tenant.accent_hue,
        description: model::ORG_DESCRIPTION.to_owned(),
        version: 1,
    };
    tenants::service::edit_org(&ctx.at(plan.founded), described).await?;
    let mut tx = state.db.write(&tenant).await?;
    let ids = Ids::new(&plan, founded.id, cast, founded.founder);
    let mut rows = bulk(&plan, &ids, cast, [leader_user, member_user]);
    let ladder = ladder(&mut tx).await?;
    let aircrew = aircrew(&mut tx, &ctx.at(plan.founded), &ladder).await?;
    rows.holdings = plan
        .holdings
        .iter()
        .map(|one| BulkHolding {
            player: ids.people[one.person],
            rank: ladder[one.rung],
            since: one.since,
            until: one.until,
        })
        .collect();
    rows.rank_sets.push((ids.groups[plan.flyers], aircrew));
    apply_bulk(&mut tx, &ctx, rows, |_| ()).await?;
    let (company, flyers) = (ids.root, ids.groups[plan.flyers]);
    planning::plan_operations(&mut tx, &ctx, company, flyers).await?;
    // A year's history is no news.
    notices::service::tell_nothing_so_far(&mut tx).await?;
    events::commit(tx, &state.hub).await?;
    operations::service::worker::catch_up(state).await?;
    let tenant = tenancy::by_slug(&state.db, &state.config, model::ORG_SLUG).await?;
    let ctx = Ctx::new(
        state.clone(),
        tenant.clone(),
        ctx.actor.clone(),
        "demo".into(),
        Client::default(),
    );
    taking_part::take_part(&ctx).await?;
    let mut tx = state.db.write(ctx.tenant()?).await?;
    notices::service::tell_nothing_so_far(&mut tx).await?;
    events::commit(tx, &state.hub).await?;
    Ok(Demo {
        made: true,
        host: founded.host,
        log_ins: log_ins(&operator).await?,
    })
}

/// What is true of the log-ins; those of users who are no more are left out.
async fn log_ins(ctx: &Ctx) -> Result<Vec<LogIn>> {
    let mut known = Vec::new();
    for (email, what) in LOG_INS {
        let state = accounts::service::log_in_state(ctx, email, PASSWORD).await?;
        known.extend(state.map(|state| LogIn {
            email,
            what,
            fits: state.fits,
            administers: state.site_admin,
        }));
    }
    Ok(known)
}

/// The ranks that the Org was founded with, in the order of [`rungs::RUNGS`].
async fn ladder(tx: &mut Write) -> Result<Vec<RankId>> {
    let ladder = ranks::service::ladder(tx).await?;
    let titles = ladder.rungs();
    rungs::RUNGS
        .iter()
        .map(|name| {
            let found = titles.iter().find(|title| title.name == *name);
            found
                .map(|title| title.id)
                .ok_or_else(|| Failure::setup(format!("the demo needs the rank {name}")))
        })
        .collect()
}

/// The rank set of those who fly.
async fn aircrew(tx: &mut Write, ctx: &Ctx, ladder: &[RankId]) -> Result<RankSetId> {
    let insignia = InsigniaSet::find("airforce").ok_or(Failure::App(AppError::NotFound))?;
    let titles: Vec<Title> = rungs::AIRCREW_TITLES
        .iter()
        .zip(ladder)
        .zip(insignia.symbols())
        .map(|(((name, abbreviation), rank), insignia)| Title {
            rank_id: *rank,
            name: (*name).to_owned(),
            abbreviation: (*abbreviation).to_owned(),
            insignia,
        })
        .collect();
    let (set, _) = ranks::service::create_set_in(tx, ctx, rungs::AIRCREW, &titles).await?;
    Ok(set)
}

/// A user of the demo, and whether this very run made them. One that has the address already, left
/// by an earlier, interrupted run or not, is taken as it is; when a stranger has the name already,
/// it gets an addition.
async fn user(ctx: &Ctx, name: &str, email: &str) -> Result<(UserId, bool)> {
    let registration = |name: String| Registration {
        name,
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
    };
    match accounts::service::find_user(ctx, email).await {
        Err(Failure::App(AppError::NotFound)) => {}
        found => return Ok((found?, false)),
    }
    let user = match accounts::service::create_user(ctx, registration(name.to_owned())).await {
        Err(Failure::Constraint("user_account_name_key")) => {
            accounts::service::create_user(ctx, registration(format!("{name} Demo"))).await?
        }
        created => created?,
    };
    Ok((user, true))
}

/// The Org's rows, made from the plan. The founder has a player already.
fn bulk(plan: &Plan, ids: &Ids, cast: Cast, users: [UserId; 2]) -> Bulk {
    let mut bulk = Bulk::default();
    for (index, group) in plan.groups.iter().enumerate() {
        let details = CheckedGroup {
            name: group.name.clone(),
            acronym: group.acronym.clone(),
            description: group.description.clone(),
            kind: group.kind.to_owned(),
            visibility: group.visibility,
            policy: group.policy,
        };
        bulk.groups.push(BulkGroup {
            id: ids.groups[index],
            parent: group.parent.map_or(ids.root, |parent| ids.groups[parent]),
            exclusive: group.exclusive,
            details,
            founded: group.founded,
            retired: group.retired,
        });
        for (role, id) in group.roles.iter().zip(&ids.roles[index]) {
            let details = RoleDetails {
                name: role.name.to_owned(),
                acronym: role.acronym.to_owned(),
                leadership: role.leadership,
                singular: role.singular,
                access: AccessSet::default(),
            };
            bulk.roles.push((*id, ids.groups[index], details));
        }
        for (position, id) in group.positions.iter().zip(&ids.positions[index]) {
            let details = PositionDetails {
                name: position.name.to_owned(),
                wants: position.wants.to_owned(),
                role_id: ids.roles[index][position.role],
            };
            bulk.positions.push((*id, ids.groups[index], details));
        }
    }
    for (index, person) in plan.people.iter().enumerate() {
        if index == cast.founder {
            continue;
        }
        let [leader, member] = users;
        let user = [(cast.leader, leader), (cast.member, member)]
            .into_iter()
            .find_map(|(who, user)| (who == index).then_some(user));
        bulk.players.push(BulkPlayer {
            id: ids.people[index],
            user,
            common_name: person.name.to_owned(),
            standing: if person.left.is_some() {
                "former"
            } else {
                "active"
            }
            .to_owned(),
            joined: person.joined,
        });
    }
    bulk.memberships = plan
        .memberships
        .iter()
        .map(|one| BulkMembership {
            id: MembershipId(Uuid::now_v7()),
            player: ids.people[one.person],
            role: ids.roles[one.group][one.role],
            position: one
                .position
                .map(|position| ids.positions[one.group][position]),
            since: one.since,
            until: one.until,
            reason: one.reason.map(ToOwned::to_owned),
        })
        .collect();
    bulk.managers = plan
        .managers
        .iter()
        .map(|(group, who)| (ids.groups[*group], ids.people[*who]))
        .collect();
    bulk.events = plan
        .happenings
        .iter()
        .filter(|one| one.kind != EventKind::PlayerCreated || one.person != Some(cast.founder))
        .map(|one| (one.at, ids.event(plan, one)))
        .collect();
    bulk
}

/// Ids for everything that a plan knows by its place.
struct Ids {
    root: GroupId,
    groups: Vec<GroupId>,
    people: Vec<PlayerId>,
    roles: Vec<Vec<RoleId>>,
    positions: Vec<Vec<PositionId>>,
}

impl Ids {
    fn new(plan: &Plan, org: OrgId, cast: Cast, founder: PlayerId) -> Self {
        let mut people: Vec<PlayerId> = plan
            .people
            .iter()
            .map(|_| PlayerId(Uuid::now_v7()))
            .collect();
        people[cast.founder] = founder;
        let of_each = |group: &model::Group| {
            let roles = group.roles.iter().map(|_| RoleId(Uuid::now_v7())).collect();
            let positions = group
                .positions
                .iter()
                .map(|_| PositionId(Uuid::now_v7()))
                .collect();
            (roles, positions)
        };
        let (roles, positions) = plan.groups.iter().map(of_each).unzip();
        Self {
            root: org.root_group(),
            groups: plan
                .groups
                .iter()
                .map(|_| GroupId(Uuid::now_v7()))
                .collect(),
            people,
            roles,
            positions,
        }
    }

    fn event(&self, plan: &Plan, one: &Happening) -> NewEvent {
        let group_name = |index: usize| plan.groups[index].name.clone();
        let data = EventData {
            player: one.person.map(|index| plan.people[index].name.to_owned()),
            group: one.group.map(group_name),
            from: one.from.map(group_name),
            role: one.role.map(ToOwned::to_owned),
            after: one.after.map(ToOwned::to_owned),
            reason: one.reason.map(ToOwned::to_owned),
            ..EventData::default()
        };
        NewEvent {
            player: one.person.map(|index| self.people[index]),
            group: one.group.map(|index| self.groups[index]),
            from_group: one.from.map(|index| self.groups[index]),
            ..NewEvent::new(one.kind, data)
        }
    }
}
