//! Feeds (§9.2): calendars behind secret addresses, for the calendar programs of members, and one of
//! what is public. A feed shows what its owner may see at the moment it is read; who has left reads
//! nothing any more, and the answer is then the same as for an address that never was.

use super::{
    Eyes,
    calendar::is_coming,
    ical::{Lines, list, utc},
    reading::{categories, operations_between},
    times,
};
use crate::{
    domain::{
        AppError, CategoryId, FeedId, FieldProblem, OperationId, OrgId, PlayerId, access::Missing,
        event::Outcome, name, time::Instant,
    },
    features::{
        operations::{
            access::with_operations,
            model::{
                Answer, OperationState,
                feeds::{FeedLine, FeedsPage, MOST, NAME},
            },
            store::{
                calendar::{Mine, mine_between},
                feeds as store,
                operations::Operation,
                setup::CategoryRow,
            },
        },
        roster::{self, read_model::Roster},
    },
    server::{Ctx, Failure, Result, db::Read, markdown, token},
};
use chrono::{Duration, DurationRound};
use chrono_tz::Tz;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// What a feed holds: so many days back, and so many ahead.
const DAYS_BACK: i64 = 90;
const DAYS_AHEAD: i64 = 400;
/// Operations in a feed at most.
const MOST_OPERATIONS: i64 = 3_000;
/// Letters of a briefing in a feed.
const BRIEFING: usize = 600;
/// The secret of the public feed, which is none.
const PUBLIC: &str = "public";
/// A feed's "last read" is written at most this often.
const SEEN_EVERY: Duration = Duration::hours(1);

/// A calendar to be sent.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The calendar.
    pub text: String,
    /// Its mark, which changes whenever the calendar does.
    pub tag: String,
    /// When anything in it can last have changed; none while that second is not over.
    pub changed_at: Option<Instant>,
}

/// The page of the actor's feeds. `made` is the secret of one that was just made.
///
/// # Errors
/// The Org has no operations, or the database fails.
pub async fn read_feeds(ctx: &Ctx, made: &str) -> Result<FeedsPage> {
    with_operations(ctx)?;
    let public = address(ctx, PUBLIC)?;
    // Feeds are personal: whoever looks through another's eyes does not see theirs.
    let owner = ctx.actor.player.as_ref().filter(|_| ctx.own_eyes().is_ok());
    let Some((player, _)) = owner else {
        return Ok(FeedsPage {
            public,
            ..FeedsPage::default()
        });
    };
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let feeds = store::of_player(&mut tx, *player).await?;
    tx.done().await?;
    let made_hash = token::hash(made);
    let is_here = feeds
        .iter()
        .any(|feed| token::same(&feed.token_hash, &made_hash));
    let made = if is_here {
        Some(address(ctx, made)?)
    } else {
        None
    };
    let line = |feed: store::Feed| FeedLine {
        id: feed.feed_id,
        name: feed.name,
        shows: shows(&feed.answers),
        created_at: feed.created_at,
        last_read_at: feed.last_read_at,
    };
    Ok(FeedsPage {
        feeds: feeds.into_iter().map(line).collect(),
        is_member: true,
        made,
        public,
    })
}

/// The address of a feed.
fn address(ctx: &Ctx, secret: &str) -> Result<String> {
    let host = ctx.state.config.apex.url_of(&ctx.tenant()?.host);
    Ok(format!("{host}/calendar/feed/{secret}.ics"))
}

/// Which answers a feed shows, in words.
fn shows(answers: &str) -> String {
    let labels: Vec<&str> = answers
        .split(' ')
        .filter_map(Answer::parse)
        .map(Answer::label)
        .collect();
    if labels.is_empty() {
        "Everything you see".to_owned()
    } else {
        labels.join(", ")
    }
}

/// Makes a feed of the actor's; its secret is shown on the page that follows, and never again.
///
/// # Errors
/// Not signed in, no player here, a wrong name or answer, or too many feeds.
pub async fn make_feed(ctx: &Ctx, title: &str, answers: &[String]) -> Result<Outcome> {
    let player = owner(ctx)?;
    let title = name::plain(title, NAME).map_err(|problem| AppError::field("name", problem))?;
    let mut chosen = Vec::new();
    for answer in answers {
        let answer = Answer::parse(answer);
        let answer = answer.ok_or(AppError::field("answers[]", FieldProblem::Unknown))?;
        chosen.push(answer.as_str());
    }
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.len() == Answer::ALL.len() {
        chosen.clear();
    }
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    if store::of_player(&mut tx, player).await?.len() >= MOST {
        return Err(AppError::field("name", FieldProblem::OutOfRange).into());
    }
    let secret = token::fresh();
    let id = FeedId(Uuid::now_v7());
    let (answers, hash) = (chosen.join(" "), token::hash(&secret));
    store::insert(&mut tx, id, player, title, answers, hash, ctx.now).await?;
    crate::server::events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome::goto(format!("/calendar/feeds?made={secret}")))
}

/// Ends a feed of the actor's: its address leads nowhere from now on.
///
/// # Errors
/// Not signed in, or they have no such feed.
pub async fn revoke_feed(ctx: &Ctx, feed: FeedId) -> Result<Outcome> {
    let player = owner(ctx)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    if !store::delete(&mut tx, feed, player).await? {
        return Err(Failure::App(AppError::NotFound));
    }
    crate::server::events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome::goto("/calendar/feeds"))
}

/// Whose feeds the actor's are.
fn owner(ctx: &Ctx) -> Result<PlayerId> {
    with_operations(ctx)?;
    ctx.user()?;
    ctx.own_eyes()?;
    let player = ctx.actor.player.as_ref();
    player
        .map(|(player, _)| *player)
        .ok_or_else(|| ctx.refuse(Missing::Membership))
}

/// The calendar behind a secret, or the public one.
///
/// # Errors
/// `NotFound` for whatever is no secret of a feed whose owner is a member still.
pub async fn read_feed(ctx: &Ctx, secret: &str) -> Result<Feed> {
    with_operations(ctx)?;
    let roster = roster::service::roster_now(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let not_found = || Failure::App(AppError::NotFound);
    let public = ctx.state.cache::<PublicFeeds>();
    let tenant = ctx.tenant()?;
    let mark = (tenant.seq, midnight(ctx.now));
    let (eyes, feed) = if secret == PUBLIC {
        if let Some(kept) = public.get(tenant.id(), mark) {
            tx.done().await?;
            return Ok(kept);
        }
        (Eyes::of_nobody(roster), None)
    } else {
        let feed = store::by_hash(&mut tx, token::hash(secret)).await?;
        let feed = feed.ok_or_else(not_found)?;
        let player = feed.player_id.ok_or_else(not_found)?;
        let eyes = Eyes::of_member(roster, player).ok_or_else(not_found)?;
        (eyes, Some((feed, player)))
    };
    let name = &ctx.tenant()?.name;
    let title = match &feed {
        Some((feed, _)) => format!("{name}: {}", feed.name),
        None => name.clone(),
    };
    let text = written(&mut tx, ctx, &eyes, &title, feed.as_ref()).await?;
    let last_event = store::last_event_at(&mut tx).await?;
    tx.done().await?;
    if let Some((feed, _)) = &feed
        && feed
            .last_read_at
            .is_none_or(|read| ctx.now - read >= SEEN_EVERY)
    {
        let mut tx = ctx.state.db.write_beside(ctx.tenant()?).await?;
        store::touch(&mut tx, feed.feed_id, ctx.now).await?;
        tx.done().await?;
    }
    let second = |at: Instant| at.timestamp();
    let made_at = feed
        .as_ref()
        .map_or(Instant::UNIX_EPOCH, |(feed, _)| feed.created_at);
    let changed_at = last_event
        .unwrap_or(made_at)
        .max(made_at)
        .max(midnight(ctx.now));
    let is_public = feed.is_none();
    // When anything happened here last is not for everybody to read.
    let tells = !is_public && second(changed_at) < second(ctx.now);
    let feed = Feed {
        tag: format!("\"{}\"", token::hash(&text)),
        changed_at: tells.then_some(changed_at),
        text,
    };
    if is_public {
        public.put(tenant.id(), mark, &feed);
    }
    Ok(feed)
}

/// Public feeds as they were written last, kept per Org until something happens or the day ends:
/// everybody may ask for them, as often as they like.
#[derive(Debug, Default)]
pub struct PublicFeeds(Mutex<HashMap<OrgId, (Mark, Feed)>>);

/// Number of the newest event, and the day.
type Mark = (i64, Instant);

/// Orgs whose feed is kept, at most.
const KEPT: usize = 64;

impl PublicFeeds {
    fn get(&self, org: OrgId, mark: Mark) -> Option<Feed> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, feed) = kept.get(&org)?;
        (*at == mark).then(|| feed.clone())
    }

    fn put(&self, org: OrgId, mark: Mark, feed: &Feed) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&org) {
            kept.clear();
        }
        kept.insert(org, (mark, feed.clone()));
    }
}

/// The beginning of a day in UTC. What a feed holds changes then, and else only by events.
fn midnight(now: Instant) -> Instant {
    now.duration_trunc(Duration::days(1)).unwrap_or(now)
}

/// Writes the calendar.
async fn written(
    tx: &mut Read,
    ctx: &Ctx,
    eyes: &Eyes,
    title: &str,
    feed: Option<&(store::Feed, PlayerId)>,
) -> Result<String> {
    let today = midnight(ctx.now);
    let (from, until) = (
        today - Duration::days(DAYS_BACK),
        today + Duration::days(DAYS_AHEAD),
    );
    let mut operations = operations_between(tx, eyes, from, until, MOST_OPERATIONS).await?;
    let categories = categories(tx).await?;
    let mine = match feed {
        Some((_, player)) => mine_between(tx, *player, from, until).await?,
        None => Vec::new(),
    };
    let mine: HashMap<OperationId, Mine> = mine
        .into_iter()
        .map(|row| (row.operation_id, row))
        .collect();
    let answers: Vec<Answer> = feed
        .map(|(feed, _)| feed.answers.split(' ').filter_map(Answer::parse).collect())
        .unwrap_or_default();
    let answer = |operation: &Operation| {
        let mine = mine.get(&operation.operation_id);
        mine.map_or(Answer::None, |row| row.answer)
    };
    operations.retain(|one| answers.is_empty() || answers.contains(&answer(one)));

    let mut lines = Lines::default();
    lines.put("BEGIN", "VCALENDAR");
    lines.put("VERSION", "2.0");
    lines.put("PRODID", "-//Muster//Operations//EN");
    lines.put("CALSCALE", "GREGORIAN");
    lines.put("METHOD", "PUBLISH");
    lines.text("NAME", title);
    lines.text("X-WR-CALNAME", title);
    lines.put("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    lines.put("X-PUBLISHED-TTL", "PT1H");
    for (zone, (first, last)) in spans(&operations) {
        lines.zone(times::zone(zone), first, last);
    }
    let apex = &ctx.state.config.apex;
    let page = format!("{}/operations/", apex.url_of(&ctx.tenant()?.host));
    for operation in &operations {
        let id = operation.operation_id;
        let about = About {
            operation,
            uid: format!("{id}@{}", apex.host),
            url: format!("{page}{id}"),
            category: category(&categories, operation.category_id),
            mine: mine.get(&id),
        };
        about.write(&mut lines);
    }
    lines.put("END", "VCALENDAR");
    Ok(lines.done())
}

fn category(
    categories: &HashMap<CategoryId, CategoryRow>,
    category: Option<CategoryId>,
) -> Option<&str> {
    let row = categories.get(&category?)?;
    Some(&row.name)
}

/// The zones that are named, with the span in which each is needed.
fn spans(operations: &[Operation]) -> BTreeMap<&str, (Instant, Instant)> {
    let mut spans: BTreeMap<&str, (Instant, Instant)> = BTreeMap::new();
    let named = operations
        .iter()
        .filter(|operation| times::zone(&operation.zone) != Tz::UTC);
    for operation in named {
        let span = spans
            .entry(&operation.zone)
            .or_insert((operation.starts_at, operation.ends_at));
        *span = (
            span.0.min(operation.starts_at),
            span.1.max(operation.ends_at),
        );
    }
    spans
}

/// An operation in a feed.
struct About<'a> {
    operation: &'a Operation,
    uid: String,
    url: String,
    category: Option<&'a str>,
    mine: Option<&'a Mine>,
}

impl About<'_> {
    fn write(&self, lines: &mut Lines) {
        let operation = self.operation;
        let zone = times::zone(&operation.zone);
        let status = match operation.state {
            OperationState::Cancelled => "CANCELLED",
            state if state.is_unpublished() => "TENTATIVE",
            _ => "CONFIRMED",
        };
        // Whoever does not come has the time free.
        let busy = self.mine.is_some_and(is_coming) && status != "CANCELLED";
        lines.put("BEGIN", "VEVENT");
        lines.put("UID", &self.uid);
        lines.put("DTSTAMP", &utc(operation.changed_at));
        lines.put("CREATED", &utc(operation.created_at));
        lines.put("LAST-MODIFIED", &utc(operation.changed_at));
        lines.put("SEQUENCE", &operation.revision.to_string());
        lines.time("DTSTART", operation.starts_at, zone);
        lines.time("DTEND", operation.ends_at, zone);
        lines.put("STATUS", status);
        lines.put("TRANSP", if busy { "OPAQUE" } else { "TRANSPARENT" });
        lines.text("SUMMARY", &self.summary());
        lines.text("LOCATION", &operation.place);
        lines.text("DESCRIPTION", &self.description());
        if let Some(category) = self.category {
            lines.put("CATEGORIES", &list(&[category]));
        }
        lines.put("URL", &self.url);
        lines.put("END", "VEVENT");
    }

    /// The title, with what the owner has to do there.
    fn summary(&self) -> String {
        let billet = self.mine.and_then(|mine| mine.billet.as_deref());
        match billet {
            Some(billet) => format!("{} – {billet}", self.operation.title),
            None => self.operation.title.clone(),
        }
    }

    fn description(&self) -> String {
        let operation = self.operation;
        let mut parts = Vec::new();
        if operation.state == OperationState::Cancelled {
            parts.push(match operation.cancel_reason.as_str() {
                "" => "Cancelled".to_owned(),
                reason => format!("Cancelled: {reason}"),
            });
        }
        if let Some(mine) = self.mine {
            let waits = if mine.waits { ", on the waitlist" } else { "" };
            parts.push(format!("My answer: {}{waits}", mine.answer.label()));
            if let Some(billet) = &mine.billet {
                let section = mine.section.as_deref().unwrap_or_default();
                parts.push(format!("My billet: {section}, {billet}"));
            }
        }
        parts.push(format!("Organised by {}", operation.group_name));
        let briefing = markdown::words(&operation.briefing, BRIEFING);
        if !briefing.is_empty() {
            parts.extend([String::new(), briefing]);
        }
        parts.join("\n")
    }
}

impl Eyes {
    /// The eyes of a visitor.
    #[must_use]
    pub fn of_nobody(roster: Arc<Roster>) -> Self {
        Self::of_player(roster, PlayerId(Uuid::nil()))
    }

    /// The eyes of a member; none for who is none any more.
    #[must_use]
    pub fn of_member(roster: Arc<Roster>, player: PlayerId) -> Option<Self> {
        let eyes = Self::of_player(roster, player);
        eyes.is_a_member().then_some(eyes)
    }
}
