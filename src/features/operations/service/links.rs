//! Personal links in mails (§9.3): whoever opens one sees what they are asked, and answers with one
//! more tap, without signing in.
//!
//! A link is signed and stored nowhere. It is good for one operation and one user in one Org, as long
//! as the operation takes answers; whether they are a member still and see the operation is asked
//! when it is opened. Opening changes nothing, because programs that look for viruses open every link
//! of a mail. Whatever is no good link is the same "not found". Guesses are not slowed down, as with
//! feeds and invitations: of 256 bits nobody guesses any.

use super::{Eyes, answer_operation, answer_pages::asked, eyes, seen, times};
use crate::{
    domain::{AppError, OperationId, OrgId, UserId, event::Outcome, time::Instant},
    features::operations::{
        access::with_operations,
        model::{
            Answer, OperationState,
            answers::{AnswerLinkPage, MyAnswer},
        },
        store::operations::{self, Operation},
    },
    server::{Ctx, Failure, Result, db::Read, signing, tenancy},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// What the installation's key for these links signs.
const PURPOSE: &str = "operations.answer";
/// Bytes of an id.
const ID: usize = 16;
/// Bytes of an operation, a user and an instant.
const CLAIM: usize = ID + ID + 8;

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Claim {
    operation: OperationId,
    user: UserId,
    /// It is good until this second.
    until: i64,
}

impl Claim {
    fn bytes(&self) -> Vec<u8> {
        let (operation, user) = (self.operation.0, self.user.0);
        [
            &operation.as_bytes()[..],
            &user.as_bytes()[..],
            &self.until.to_be_bytes()[..],
        ]
        .concat()
    }

    /// What is signed: also the Org, which the link need not name because its host does. All parts
    /// have a fixed length, so no two claims are the same message.
    fn message(&self, org: OrgId) -> Vec<u8> {
        [&org.0.as_bytes()[..], &self.bytes()[..]].concat()
    }

    fn write(&self, org: OrgId, key: &signing::Key) -> String {
        let signature = key.sign(&self.message(org));
        URL_SAFE_NO_PAD.encode([&self.bytes()[..], &signature[..]].concat())
    }

    /// The claim of a token that was signed for this Org.
    fn read(token: &str, org: OrgId, key: &signing::Key) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (said, signature) = bytes.split_at_checked(CLAIM)?;
        let (operation, rest) = said.split_at_checked(ID)?;
        let (user, until) = rest.split_at_checked(ID)?;
        let claim = Self {
            operation: OperationId(Uuid::from_slice(operation).ok()?),
            user: UserId(Uuid::from_slice(user).ok()?),
            until: i64::from_be_bytes(until.try_into().ok()?),
        };
        key.has_signed(&claim.message(org), signature)
            .then_some(claim)
    }
}

/// Makes the links of one operation.
#[derive(Clone, Debug)]
pub struct AnswerLinks {
    key: signing::Key,
    org: OrgId,
    operation: OperationId,
    until: Instant,
}

impl AnswerLinks {
    /// The local path of a user's link.
    #[must_use]
    pub fn path_for(&self, user: UserId) -> String {
        let claim = Claim {
            operation: self.operation,
            user,
            until: self.until.timestamp(),
        };
        format!("/answer/{}", claim.write(self.org, &self.key))
    }
}

/// What makes the links of an operation; `None` when it takes no answers.
///
/// # Errors
/// When the database fails.
pub async fn answer_links(
    tx: &mut Read,
    ctx: &Ctx,
    id: OperationId,
) -> Result<Option<AnswerLinks>> {
    let operation = operations::find(tx, id).await?;
    let Some(operation) = operation.filter(|operation| asks(operation, ctx.now)) else {
        return Ok(None);
    };
    Ok(Some(AnswerLinks {
        key: signing::key_or_new(&ctx.state.db, PURPOSE, ctx.now).await?,
        org: tx.org(),
        operation: id,
        until: operation.answers_end(),
    }))
}

/// Does it take answers now?
fn asks(operation: &Operation, now: Instant) -> bool {
    operation.state == OperationState::Published && now < operation.answers_end()
}

/// What a good link opens.
struct Opened {
    /// The request in the name of whom the link was sent to.
    person: Ctx,
    eyes: Eyes,
    operation: Operation,
}

async fn open(ctx: &Ctx, token: &str) -> Result<Opened> {
    with_operations(ctx)?;
    let not_found = || Failure::App(AppError::NotFound);
    let tenant = ctx.tenant()?;
    let key = signing::key(&ctx.state.db, PURPOSE).await?;
    let claim = key
        .and_then(|key| Claim::read(token, tenant.id(), &key))
        .filter(|claim| ctx.now.timestamp() < claim.until)
        .ok_or_else(not_found)?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let actor = tenancy::member(&mut tx, claim.user).await?;
    tx.done().await?;
    let person = ctx.acting(actor.ok_or_else(not_found)?);
    let eyes = eyes(&person).await?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let operation = seen(&mut tx, &eyes, claim.operation).await?;
    tx.done().await?;
    if !asks(&operation, ctx.now) {
        return Err(not_found());
    }
    Ok(Opened {
        person,
        eyes,
        operation,
    })
}

/// The page behind a link.
///
/// # Errors
/// `NotFound` for whatever is no good link.
pub async fn read_answer_link(ctx: &Ctx, token: &str) -> Result<AnswerLinkPage> {
    let Opened {
        person,
        eyes,
        operation,
    } = open(ctx, token).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let zone = times::viewer_zone(&mut tx, &person).await?;
    let asked = asked(&mut tx, &person, &eyes, &operation).await?;
    tx.done().await?;
    let there = times::zone(&operation.zone);
    // The link opens this operation and no other.
    let mine = asked.mine.map(|mine| MyAnswer {
        clashes: Vec::new(),
        ..mine
    });
    let player = person.actor.player.as_ref();
    Ok(AnswerLinkPage {
        title: operation.title.clone(),
        when: times::when(operation.starts_at, operation.ends_at, zone, there, ctx.now),
        name: player.map(|(_, name)| name.clone()).unwrap_or_default(),
        mine,
    })
}

/// Says whether whom the link was sent to comes, as [`answer_operation`] does for who is signed in.
///
/// # Errors
/// `NotFound` for whatever is no good link; else those of [`answer_operation`].
pub async fn answer_by_link(ctx: &Ctx, token: &str, answer: Answer, note: &str) -> Result<Outcome> {
    let opened = open(ctx, token).await?;
    let id = opened.operation.operation_id;
    answer_operation(&opened.person, id, answer, note).await
}
