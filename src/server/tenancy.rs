//! Host → Org (§1.2), and who asks: the one look-up that every request begins with.
//!
//! [`Tenant`] is the key to an Org's rows and can only be made here. One statement answers host,
//! session, user, player, the number of the newest event and that of unread notices together.

mod eyes;
mod facts;
mod member;
mod recent;

use super::{config::Config, db::Db, error::Result, state::State, token};
use crate::domain::{
    OrgId, PlayerId, SessionId, UserId,
    access::{Action, Facts, Granted, Missing, RankFacts, Target, decide},
    module::Modules,
    time::Instant,
};
use eyes::EyesRow;
pub use eyes::{Looker, may_see_as};
use facts::RankRow;
pub use facts::facts;
pub use member::member;
pub use recent::Recent;
use std::sync::Arc;

/// An organisation that a request or job works for.
#[derive(Clone, Debug)]
pub struct Tenant(Arc<TenantInfo>);

/// What is known of a tenant without asking again.
#[derive(Debug)]
pub struct TenantInfo {
    /// Its id.
    id: OrgId,
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// Its type (§1.6).
    pub type_id: String,
    /// What its type switches on (§1.6).
    pub modules: Modules,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Hue of its accent.
    pub accent_hue: i64,
    /// Its founder (§3.1).
    pub founder_id: UserId,
    /// Number of its newest event when this was read.
    pub seq: i64,
    /// Its canonical host.
    pub host: String,
}

impl Tenant {
    /// The Org's id, first argument of every statement.
    #[must_use]
    pub fn id(&self) -> OrgId {
        self.0.id
    }
}

impl std::ops::Deref for Tenant {
    type Target = TenantInfo;
    fn deref(&self) -> &TenantInfo {
        &self.0
    }
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// The signed-in user.
    pub user: Option<ActorUser>,
    /// Their player in the tenant.
    pub player: Option<(PlayerId, String)>,
    /// They founded the tenant.
    pub founder: bool,
    /// They are a co-founder of the tenant.
    pub co_founder: bool,
    /// Their rank in the tenant, or its guest rank (§3.2).
    pub rank: RankFacts,
    /// The founding of the tenant is offered to them (§3.1).
    pub founding_offered: bool,
    /// Who really looks, when what stands above is of the person they look as (§3.6). The user is
    /// always who is signed in.
    pub looker: Option<Looker>,
    /// How many of their notices in the tenant they have not read (§5.4).
    pub unread: i64,
}

/// The signed-in user of a request.
#[derive(Clone, Debug)]
pub struct ActorUser {
    /// Their id.
    pub id: UserId,
    /// Their call sign.
    pub name: String,
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// They administer the installation (§21).
    pub site_admin: bool,
    /// The session that signed them in; none for the server's own commands.
    pub session: Option<SessionId>,
    /// When that session was last seen.
    pub last_seen_at: Instant,
}

impl Actor {
    /// The facts that need no look at groups.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            founder: self.founder,
            co_founder: self.co_founder,
            player: self.player.as_ref().map(|(id, _)| *id),
            rank: self.rank,
            ..Facts::default()
        }
    }

    /// Decides an action on the organisation as a whole.
    ///
    /// # Errors
    /// What is missing.
    pub fn may(&self, action: Action) -> std::result::Result<Granted, Missing> {
        decide(&self.facts(), action, Target::Org)
    }

    /// The name under which the log knows the actor.
    #[must_use]
    pub fn name(&self) -> String {
        if let Some(looker) = &self.looker {
            return looker.name.clone();
        }
        match (&self.player, &self.user) {
            (Some((_, name)), _) => name.clone(),
            (None, Some(user)) => user.name.clone(),
            (None, None) => "Muster".to_owned(),
        }
    }
}

/// The host a request is for, as far as it can be read from the request alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// The installation itself.
    Apex,
    /// Perhaps an Org.
    Other(String),
}

/// Lower-case host without port and trailing dot; `None` for anything that is not a plain host.
#[must_use]
pub fn plain_host(text: &str) -> Option<String> {
    let host = match text.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        Some(_) => return None,
        None => text,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    (!host.is_empty() && host.len() <= 253 && host.bytes().all(plain))
        .then(|| host.to_ascii_lowercase())
}

impl Host {
    /// Sorts a plain host into apex and others.
    #[must_use]
    pub fn of(config: &Config, plain: String) -> Self {
        if plain == config.apex.host {
            Self::Apex
        } else {
            Self::Other(plain)
        }
    }
}

#[derive(sqlx::FromRow)]
struct OrgRow {
    org_id: OrgId,
    name: String,
    slug: String,
    type_id: String,
    modules: Option<String>,
    time_zone: String,
    accent_hue: i64,
    founder_id: UserId,
    event_seq: i64,
    canonical: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ActorRow {
    session_id: Option<SessionId>,
    last_seen_at: Option<Instant>,
    user_id: Option<UserId>,
    user_name: Option<String>,
    theme: Option<String>,
    site_admin: Option<bool>,
    player_id: Option<PlayerId>,
    common_name: Option<String>,
    co_founder: bool,
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    #[sqlx(flatten)]
    org: OrgRow,
    #[sqlx(flatten)]
    actor: ActorRow,
    #[sqlx(flatten)]
    rank: RankRow,
    #[sqlx(flatten)]
    eyes: EyesRow,
    founding_offered: bool,
    unread: i64,
}

impl OrgRow {
    fn into_tenant(self, config: &Config) -> Tenant {
        Tenant(Arc::new(TenantInfo {
            id: self.org_id,
            host: self
                .canonical
                .unwrap_or_else(|| config.apex.slug_host(&self.slug)),
            name: self.name,
            slug: self.slug,
            type_id: self.type_id,
            modules: Modules::parse(&self.modules.unwrap_or_default()),
            time_zone: self.time_zone,
            accent_hue: self.accent_hue,
            founder_id: self.founder_id,
            seq: self.event_seq,
        }))
    }
}

impl ActorRow {
    fn into_actor(self, founder: Option<UserId>, rank: RankFacts) -> Actor {
        let (Some(id), Some(name), Some(last_seen_at)) =
            (self.user_id, self.user_name, self.last_seen_at)
        else {
            return Actor {
                rank,
                ..Actor::default()
            };
        };
        Actor {
            founder: founder == Some(id),
            co_founder: self.co_founder,
            rank,
            unread: 0,
            player: self.player_id.zip(self.common_name),
            user: Some(ActorUser {
                id,
                name,
                theme: self.theme.unwrap_or_default(),
                site_admin: self.site_admin.unwrap_or_default(),
                session: self.session_id,
                last_seen_at,
            }),
            ..Actor::default()
        }
    }
}

const ORG_COLUMNS_SQL: &str = "
    select o.org_id, o.name, o.slug, o.type_id, o.time_zone, o.accent_hue, o.founder_id, o.event_seq,
           c.host as canonical,
           s.session_id, s.last_seen_at, u.user_id, u.name as user_name, u.theme, u.site_admin,
           p.player_id, p.common_name, f.player_id is not null as co_founder, t.modules,
           k.level, k.access, k.promote_to, k.demote_from, k.kick_to, k.manage_to,
           w.player_id is not null as founding_offered,
           e.player_id as eyes_id, e.common_name as eyes_name,
           coalesce(o.founder_id = e.user_id, false) as eyes_founder,
           ef.player_id is not null as eyes_co_founder, ek.level as eyes_level,
           ek.access as eyes_access, ek.promote_to as eyes_promote_to,
           ek.demote_from as eyes_demote_from, ek.kick_to as eyes_kick_to,
           ek.manage_to as eyes_manage_to,
           (select count(*) from notice n
             where n.org_id = o.org_id and n.user_id = u.user_id and n.read_at is null) as unread
      from org o
      left join org_type t on t.type_id = o.type_id
      left join domain c on c.org_id = o.org_id and c.canonical
      left join session s on s.token_hash = $3 and s.host = $2 and s.expires_at > $4
      left join user_account u on u.user_id = s.user_id and u.disabled_at is null
      left join player p on p.org_id = o.org_id and p.user_id = u.user_id
                        and p.standing not in ('left', 'kicked', 'banned')
      left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
      left join rank_holding h on h.org_id = p.org_id and h.player_id = p.player_id
                              and h.until is null
      left join rank k on k.org_id = o.org_id and k.rank_id = coalesce(h.rank_id,
                (select g.rank_id from rank g where g.org_id = o.org_id and g.is_guest))
      left join founding_offer w on w.org_id = p.org_id and w.player_id = p.player_id
      left join player e on e.org_id = p.org_id and e.player_id = s.see_as and s.see_as_until > $4
                        and e.standing not in ('left', 'kicked', 'banned')
      left join co_founder ef on ef.org_id = e.org_id and ef.player_id = e.player_id
      left join rank_holding eh on eh.org_id = e.org_id and eh.player_id = e.player_id
                               and eh.until is null
      left join rank ek on ek.org_id = eh.org_id and ek.rank_id = eh.rank_id
     where o.org_id = coalesce((select org_id from domain where host = $2),
                               (select org_id from org where slug = $1))";

const APEX_SQL: &str = "
    select s.session_id, s.last_seen_at, u.user_id, u.name as user_name, u.theme, u.site_admin,
           u.user_id as player_id, u.name as common_name, u.user_id is null as co_founder
      from session s
      join user_account u on u.user_id = s.user_id and u.disabled_at is null
     where s.token_hash = $1 and s.host = $2 and s.expires_at > $3";

/// Who asks at the apex.
///
/// # Errors
/// When the database fails.
pub async fn resolve_apex(
    db: &Db,
    config: &Config,
    session_token: Option<&str>,
    now: Instant,
) -> Result<Actor> {
    let Some(session_token) = session_token else {
        return Ok(Actor::default());
    };
    let args = (token::hash(session_token), config.apex.host.clone(), now);
    let row: Option<ActorRow> = db.system_row(APEX_SQL, args).await?;
    Ok(row
        .map(|row| ActorRow {
            player_id: None,
            common_name: None,
            co_founder: false,
            ..row
        })
        .map(|row| row.into_actor(None, RankFacts::default()))
        .unwrap_or_default())
}

/// The Org of a host and who asks there; `None` when the host is nobody's.
///
/// # Errors
/// When the database fails.
pub async fn resolve_org(
    state: &State,
    host: &str,
    session_token: Option<&str>,
    now: Instant,
) -> Result<Option<(Tenant, Actor)>> {
    let db = &state.db;
    let token_hash = session_token.map(token::hash).unwrap_or_default();
    let key = (host.to_owned(), token_hash);
    if let Some(answer) = state.recent.get(db, &key, now) {
        return Ok(Some(answer));
    }
    let writes = db.writes();
    let Some(answer) = look_up(state, host, key.1.clone(), now).await? else {
        return Ok(None);
    };
    state.recent.put(key, answer.clone(), writes, now);
    Ok(Some(answer))
}

/// The same, asked of the database.
async fn look_up(
    state: &State,
    host: &str,
    token_hash: String,
    now: Instant,
) -> Result<Option<(Tenant, Actor)>> {
    let (db, config) = (&state.db, &state.config);
    let slug = host
        .strip_suffix(&config.apex.host)
        .and_then(|rest| rest.strip_suffix('.'))
        .filter(|label| !label.contains('.'))
        .unwrap_or_default();
    let args = (slug.to_owned(), host.to_owned(), token_hash, now);
    let row: Option<RequestRow> = db.system_row(ORG_COLUMNS_SQL, args).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let tenant = row.org.into_tenant(config);
    let founder = Some(tenant.founder_id);
    let actor = Actor {
        founding_offered: row.founding_offered,
        unread: row.unread,
        ..row.actor.into_actor(founder, row.rank.into_facts())
    };
    Ok(Some((tenant, row.eyes.look_through(actor))))
}

/// Is this session still good, does it look through the same eyes, and has whoever looks the rights
/// that they had? Long-lived streams ask before they tell anything, and now and then.
pub async fn session_holds(state: &State, tenant: &Tenant, actor: &Actor) -> bool {
    let now = state.clock.now();
    let (host, token_hash) = match actor.user.as_ref().and_then(|user| user.session) {
        Some(session) => match session_key(state, session, now).await {
            Ok(Some(key)) => key,
            _ => return false,
        },
        // Strangers have rights, too: those of the guest rank.
        None => (tenant.host.clone(), String::new()),
    };
    let answer = look_up(state, &host, token_hash, now).await;
    let eyes = |actor: &Actor| {
        let looker = actor.looker.as_ref();
        let user = actor.user.as_ref();
        (
            user.map(|user| user.id),
            looker.map(|looker| (looker.player, looker.sees_all)),
            actor.facts(),
        )
    };
    matches!(answer, Ok(Some((_, now))) if eyes(&now) == eyes(actor))
}

/// Host and hash of the token of a session that has not ended.
async fn session_key(
    state: &State,
    session: SessionId,
    now: Instant,
) -> Result<Option<(String, String)>> {
    let sql = "select host, token_hash from session where session_id = $1 and expires_at > $2";
    state.db.system_row(sql, (session, now)).await
}

/// The Org of a slug, for commands of the server binary and for jobs.
///
/// # Errors
/// When the database fails.
pub async fn by_slug(db: &Db, config: &Config, slug: &str) -> Result<Option<Tenant>> {
    let host = config.apex.slug_host(slug);
    let at_epoch = Instant::UNIX_EPOCH;
    let found = db
        .system_row::<RequestRow>(
            ORG_COLUMNS_SQL,
            (slug.to_owned(), host, String::new(), at_epoch),
        )
        .await?;
    Ok(found.map(|row| row.org.into_tenant(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_compared_plain() {
        let plain = |text| plain_host(text);
        assert_eq!(
            plain("Apple.Example.ORG:3000").as_deref(),
            Some("apple.example.org")
        );
        assert_eq!(
            plain("apple.example.org.").as_deref(),
            Some("apple.example.org")
        );
        for bad in [
            "",
            ":80",
            "a b",
            "a/b",
            "a@b",
            "[::1]:80",
            "äpfel.de",
            "a:b",
            "a%00",
        ] {
            assert_eq!(plain(bad), None, "{bad:?} is not a plain host");
        }
    }
}
