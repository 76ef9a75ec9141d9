//! Reading billets: the list with the viewer's chances, one billet with who could be put there, and
//! the text of all.

use super::{
    Eyes,
    answer_pages::{clashing_players, turns},
    billets::{can_be_put, read_release},
    eyes, head,
    needs::{Judge, Reads},
    reading::seen,
    times,
};
use crate::{
    domain::{
        AppError, BilletId, OperationId, PlayerId, RsvpId, SectionId, access::Action,
        criteria::Criterion,
    },
    features::{
        criteria::{model::rows::rows_of, service::choices},
        operations::{
            input::stages::stage_rows,
            model::{
                Held, OperationState,
                answers::{
                    BilletLine, BilletPage, BilletsPage, CandidateLine, Chance, Holder, PlanPage,
                    SectionLines,
                },
                billet_text,
                release::{Release, Taking},
            },
            store::{
                answers::{self, Rsvp},
                billets::{self, Billet, Wish},
                operations::Operation,
                shapes,
            },
        },
        roster::model::is_gone,
    },
    server::{Ctx, Failure, Result, db::Read, token},
};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Everything about the billets of one operation, read once.
pub(super) struct Board {
    pub(super) sections: Vec<(SectionId, String)>,
    pub(super) billets: Vec<Billet>,
    pub(super) people: Vec<Rsvp>,
    pub(super) wishes: Vec<Wish>,
    pub(super) judge: Judge,
    pub(super) release: Release,
}

impl Board {
    /// Reads the board, in a fixed number of statements whatever its size.
    pub(super) async fn read(
        tx: &mut Read,
        ctx: &Ctx,
        eyes: &Eyes,
        operation: &Operation,
    ) -> Result<Self> {
        let id = operation.operation_id;
        let billets = billets::of_operation(tx, id).await?;
        let release = read_release(operation);
        let people = answers::of_operation(tx, id).await?;
        let viewer = ctx.actor.player.as_ref().map(|(player, _)| *player);
        let players = people.iter().filter_map(|row| row.player_id).chain(viewer);
        let players: Vec<PlayerId> = players.collect();
        let rules = billets.iter().map(|billet| billet.needs.as_str());
        let judge = Judge::read(
            tx,
            ctx,
            eyes.roster(),
            rules,
            &release,
            (&players, Reads::Actor),
        )
        .await?;
        Ok(Self {
            sections: billets::sections(tx, id).await?,
            people,
            wishes: billets::wishes(tx, id).await?,
            billets,
            judge,
            release,
        })
    }

    fn holder(&self, rsvp: RsvpId) -> Option<&Rsvp> {
        // They are in the order of their ids.
        let at = self
            .people
            .binary_search_by_key(&rsvp, |row| row.rsvp_id)
            .ok()?;
        self.people.get(at)
    }
}

/// Who looks at billets, and what they know.
pub(super) struct Looker {
    zone: Tz,
    player: Option<PlayerId>,
    mine: Option<Rsvp>,
    /// They are told names.
    names: bool,
}

impl Looker {
    pub(super) fn of(ctx: &Ctx, eyes: &Eyes, zone: Tz, people: &[Rsvp]) -> Self {
        let player = ctx.actor.player.as_ref().map(|(player, _)| *player);
        let known = player.and_then(|player| eyes.roster().player(player));
        let player = known.filter(|known| !is_gone(&known.standing));
        let player = player.map(|known| known.player_id);
        let own = |row: &&Rsvp| player.is_some() && row.player_id == player;
        Self {
            zone,
            player,
            mine: people.iter().find(own).cloned(),
            names: player.is_some() || ctx.actor.founder,
        }
    }
}

/// The billets of an operation.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it.
pub async fn read_billets(ctx: &Ctx, id: OperationId) -> Result<BilletsPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    let zone = times::viewer_zone(&mut tx, ctx).await?;
    let board = Board::read(&mut tx, ctx, &eyes, &operation).await?;
    tx.done().await?;
    let looker = Looker::of(ctx, &eyes, zone, &board.people);
    let open = operation.state == OperationState::Published && ctx.actor.looker.is_none();
    let lines = lines(ctx, &operation, &board, &looker);
    Ok(BilletsPage {
        head,
        sections: by_section(&board.sections, lines),
        self_service: operation.self_service,
        stages: stages(&operation, &board, &looker),
        comes: looker.mine.as_ref().is_some_and(Rsvp::is_in),
        open,
    })
}

/// Billets in their sections.
pub(super) fn by_section(
    sections: &[(SectionId, String)],
    lines: Vec<(SectionId, BilletLine)>,
) -> Vec<SectionLines> {
    let mut billets: HashMap<SectionId, Vec<BilletLine>> = HashMap::new();
    for (section, line) in lines {
        billets.entry(section).or_default().push(line);
    }
    let sections = sections.iter().map(|(id, name)| SectionLines {
        id: *id,
        name: name.clone(),
        billets: billets.remove(id).unwrap_or_default(),
    });
    sections.collect()
}

/// The stages of release in words.
fn stages(operation: &Operation, board: &Board, looker: &Looker) -> Vec<String> {
    let stages = board.release.stages().iter();
    let said = stages.map(|stage| {
        let who = board.judge.demand_of(&stage.who);
        let who = match who.as_str() {
            "" | "no condition" => "everybody".to_owned(),
            _ => who,
        };
        match operation.published_at {
            Some(published) => {
                let at = published + chrono::Duration::hours(i64::from(stage.opens));
                format!("From {}: {who}", times::minute_in(at, looker.zone))
            }
            None => format!("{} h after publishing: {who}", stage.opens),
        }
    });
    said.collect()
}

/// All billets as the viewer sees them, in order, with their sections.
pub(super) fn lines(
    ctx: &Ctx,
    operation: &Operation,
    board: &Board,
    looker: &Looker,
) -> Vec<(SectionId, BilletLine)> {
    let mut waiting: HashMap<BilletId, Vec<(i64, RsvpId)>> = HashMap::new();
    for wish in &board.wishes {
        if let Some(since) = wish.waiting_since {
            waiting
                .entry(wish.billet_id)
                .or_default()
                .push((since, wish.rsvp_id));
        }
    }
    let mine = looker.mine.as_ref().map(|mine| mine.rsvp_id);
    let own = board
        .wishes
        .iter()
        .filter(|wish| Some(wish.rsvp_id) == mine);
    let wanted: HashMap<BilletId, i64> = own.map(|w| (w.billet_id, w.preference)).collect();
    let mut demands: HashMap<String, String> = HashMap::new();
    let mut lines = Vec::with_capacity(board.billets.len());
    for billet in &board.billets {
        let mut queue = waiting.remove(&billet.billet_id).unwrap_or_default();
        queue.sort_unstable();
        let turn = queue.iter().position(|(_, rsvp)| Some(*rsvp) == mine);
        let chance = match turn {
            Some(turn) => Chance::Waiting(turn as i64 + 1),
            None => chance(ctx, operation, board, looker, billet),
        };
        let holder = billet.rsvp_id.and_then(|rsvp| board.holder(rsvp));
        let holder = holder.map(|row| Holder {
            rsvp: row.rsvp_id,
            player: row.player_id.filter(|_| looker.names),
            name: if looker.names {
                row.name.clone()
            } else {
                String::new()
            },
            answer: row.answer,
            by: billet.filled_by,
        });
        let needs = demands.entry(billet.needs.clone());
        let needs = needs.or_insert_with(|| board.judge.demand(&billet.needs));
        let line = BilletLine {
            id: billet.billet_id,
            version: billet.version,
            title: billet.title.clone(),
            text: billet.text.clone(),
            needs: needs.clone(),
            held: billet.held,
            held_note: billet.held_note.clone(),
            holder,
            waiting: queue.len() as i64,
            chance,
            preference: wanted.get(&billet.billet_id).copied(),
        };
        lines.push((billet.section_id, line));
    }
    lines
}

/// What the viewer can do with a billet that they do not wait for.
fn chance(
    ctx: &Ctx,
    operation: &Operation,
    board: &Board,
    looker: &Looker,
    billet: &Billet,
) -> Chance {
    let (Some(player), true) = (looker.player, operation.state == OperationState::Published) else {
        return Chance::None;
    };
    let mine = looker.mine.as_ref();
    if mine.is_some() && billet.rsvp_id == mine.map(|mine| mine.rsvp_id) {
        return Chance::Mine;
    }
    if billet.held != Held::Open || !operation.self_service {
        return Chance::None;
    }
    let explanation = board.judge.judge(&billet.needs, player);
    if !explanation.met() {
        return Chance::Lacks(board.judge.lacks(&explanation));
    }
    let facts = board.judge.facts(player);
    match board.release.taking(operation.published_at, ctx.now, facts) {
        Taking::Now if !mine.is_some_and(Rsvp::is_in) => Chance::None,
        Taking::Now if billet.rsvp_id.is_some() => Chance::Wait,
        Taking::Now => Chance::Take,
        Taking::From(at) => Chance::Later(at, times::minute_in(at, looker.zone)),
        Taking::Unpublished => Chance::None,
        Taking::Never(explanation) => Chance::Lacks(board.judge.lacks(&explanation)),
    }
}

/// One billet, for those who fill or plan it.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it; what is missing.
pub async fn read_billet(ctx: &Ctx, id: BilletId) -> Result<BilletPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let row = billets::get(&mut tx, id).await?;
    let operation = seen(&mut tx, &eyes, row.operation_id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    if !head.can.fill && !head.can.plan {
        return Err(Failure::App(AppError::NotFound));
    }
    let zone = times::viewer_zone(&mut tx, ctx).await?;
    let board = Board::read(&mut tx, ctx, &eyes, &operation).await?;
    let clashing = clashing_players(&mut tx, &eyes, &operation).await?;
    let choices = choices(&mut tx, ctx, eyes.roster()).await?;
    tx.done().await?;
    let looker = Looker::of(ctx, &eyes, zone, &board.people);
    let all = lines(ctx, &operation, &board, &looker);
    let titles: HashMap<RsvpId, &str> = all
        .iter()
        .filter_map(|(_, line)| Some((line.holder.as_ref()?.rsvp, line.title.as_str())))
        .collect();
    let turns = turns(&board.people);
    let mut candidates = Vec::new();
    for person in board.people.clone() {
        if can_be_put(&person).is_err() {
            continue;
        }
        let mut remarks = Vec::new();
        let mut fits = true;
        if let Some(player) = person.player_id {
            let explanation = board.judge.judge(&row.needs, player);
            if !explanation.met() {
                fits = false;
                remarks.push(board.judge.lacks(&explanation));
            }
            if clashing.contains(&player) {
                remarks.push("comes to another operation at the same time".to_owned());
            }
        } else if !row.needs.is_empty() {
            fits = false;
            remarks.push("guest: nothing is known".to_owned());
        }
        if !person.answer.comes() || turns.contains_key(&person.rsvp_id) {
            remarks.push(person.answer.label().to_lowercase());
        }
        let wish = |wish: &&Wish| wish.rsvp_id == person.rsvp_id && wish.billet_id == id;
        if let Some(wish) = board.wishes.iter().find(wish) {
            remarks.push(format!("preference {}", wish.preference));
        }
        if let Some(title) = titles.get(&person.rsvp_id) {
            remarks.push(format!("is {title} now"));
        }
        candidates.push(CandidateLine {
            rsvp: person.rsvp_id,
            name: person.name,
            remarks,
            fits,
        });
    }
    candidates.sort_by_key(|one| (!one.fits, one.name.to_lowercase()));
    let billet = all
        .into_iter()
        .map(|(_, line)| line)
        .find(|line| line.id == id);
    Ok(BilletPage {
        head,
        billet: billet.ok_or(Failure::App(AppError::NotFound))?,
        needs: match Criterion::parse(&row.needs) {
            Ok(rule) => rows_of(&rule, &choices),
            Err(_) => Vec::new(),
        },
        choices,
        section: row.section_id,
        sections: board.sections,
        candidates,
        open: operation.state == OperationState::Published,
    })
}

/// The text of all billets, for planners.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it; what is missing.
pub async fn read_plan(ctx: &Ctx, id: OperationId) -> Result<PlanPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    if !head.can.plan || !eyes.may(Action::PlanOperations, operation.group_id) {
        return Err(Failure::App(AppError::NotFound));
    }
    let rungs = eyes.roster().ladder.rungs().into_iter();
    let ranks = rungs.map(|rung| (rung.level, rung.name.clone()));
    let text = billet_text::write(&shapes::sections_of(&mut tx, id).await?);
    tx.done().await?;
    Ok(PlanPage {
        head,
        was: token::hash(&text),
        text,
        self_service: operation.self_service,
        stages: stage_rows(&read_release(&operation)),
        ranks: ranks.collect(),
    })
}
