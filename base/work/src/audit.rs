//! Who did what. Rows are written in the transaction of the deed; a task seals them into a hash chain. The chain
//! covers a salted hash of before and after, so that these can be erased without breaking it. The newest link stands in
//! a row of its own, so that the chain cannot be cut short unseen.

use db::{Db, Tx, Violation, params};
use kernel::{AuditId, Ctx, StoreId, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Error;

/// A deed to be remembered.
#[derive(Debug, Clone)]
pub struct Deed<'a> {
    /// `product.update`.
    pub verb: &'static str,
    /// `product`.
    pub subject_kind: &'static str,
    /// Which.
    pub subject: Uuid,
    /// What it was.
    pub before: Option<serde_json::Value>,
    /// What it became.
    pub after: Option<serde_json::Value>,
    /// Why, in the actor's words.
    pub note: Option<&'a str>,
}

impl<'a> Deed<'a> {
    /// Of which nothing is told yet but what was done to what.
    pub fn new(verb: &'static str, subject_kind: &'static str, subject: Uuid) -> Deed<'a> {
        Deed { verb, subject_kind, subject, before: None, after: None, note: None }
    }

    /// What it was.
    #[must_use]
    pub fn was(self, before: serde_json::Value) -> Deed<'a> {
        Deed { before: Some(before), ..self }
    }

    /// What it became.
    #[must_use]
    pub fn is(self, after: serde_json::Value) -> Deed<'a> {
        Deed { after: Some(after), ..self }
    }

    /// Why, in the actor's words; nothing where there are none.
    #[must_use]
    pub fn because(self, note: &'a str) -> Deed<'a> {
        Deed { note: Some(note).filter(|note| !note.is_empty()), ..self }
    }
}

/// Remembers a deed.
///
/// # Errors
/// The database's.
pub async fn audit(tx: &mut Tx, ctx: &Ctx, deed: &Deed<'_>) -> Result<(), Error> {
    let payload =
        serde_json::json!({ "before": deed.before, "after": deed.after, "note": deed.note }).to_string();
    let salt: [u8; 16] = ctx.random();
    let hash: [u8; 32] = Sha256::new().chain_update(salt).chain_update(payload.as_bytes()).finalize().into();
    tx.exec(
        db::sql!(
            "insert into audit (id, store_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id,
                 payload, salt, payload_hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            ctx.id::<kernel::AuditRow>(),
            ctx.store.id,
            ctx.now(),
            ctx.actor.kind(),
            ctx.actor.id(),
            ctx.actor.name(),
            deed.verb,
            deed.subject_kind,
            deed.subject,
            payload,
            salt,
            hash
        ],
    )
    .await?;
    Ok(())
}

db::row! {
    struct Link {
        id: AuditId,
        store: StoreId,
        at: Timestamp,
        actor_kind: String,
        actor_id: Option<Uuid>,
        actor_name: String,
        verb: String,
        subject_kind: String,
        subject: Uuid,
        payload_hash: Vec<u8>,
        seal: Option<i64>,
        hash: Option<Vec<u8>>,
        payload: Option<String>,
        salt: Option<Vec<u8>>,
    }
}

impl Link {
    /// Covers every column but what may be erased. Words go in with their lengths, so that no two rows read alike.
    fn chained(&self, before: &[u8], seal: i64) -> [u8; 32] {
        let mut hash = Sha256::new()
            .chain_update(before)
            .chain_update(seal.to_be_bytes())
            .chain_update(self.id.uuid().as_bytes())
            .chain_update(self.store.uuid().as_bytes())
            .chain_update(self.at.0.to_be_bytes())
            .chain_update([u8::from(self.actor_id.is_some())])
            .chain_update(self.actor_id.unwrap_or_default().as_bytes())
            .chain_update(self.subject.as_bytes())
            .chain_update(&self.payload_hash);
        for word in [&self.actor_kind, &self.actor_name, &self.verb, &self.subject_kind] {
            hash.update((word.len() as u64).to_be_bytes());
            hash.update(word.as_bytes());
        }
        hash.finalize().into()
    }
}

/// The kind of task that seals.
pub const SEAL: &str = "work.seal";

/// Seals what is not sealed yet, in portions; how many rows. Serializable, so two sealers cannot fork the chain.
///
/// # Errors
/// The database's.
pub async fn seal(db: &Db) -> Result<usize, Error> {
    let mut all = 0;
    loop {
        let n = db.write("seal_audit", async move |tx: &mut Tx| seal_some(tx).await).await?;
        all += n;
        if n < 200 {
            return Ok(all);
        }
    }
}

async fn seal_some(tx: &mut Tx) -> Result<usize, Error> {
    let (mut seal, mut hash) = end(tx).await?.unwrap_or((0, vec![]));
    let rows: Vec<Link> = tx
        .all(
            db::sql!(
                "select id, store_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id,
                     payload_hash, seal, hash, payload, salt
                 from audit where seal is null order by id limit 200"
            ),
            &[],
        )
        .await?;
    for row in &rows {
        seal += 1;
        hash = row.chained(&hash, seal).to_vec();
        tx.exec(db::sql!("update audit set seal = $2, hash = $3 where id = $1"), params![row.id, seal, hash])
            .await?;
    }
    if !rows.is_empty() {
        tx.exec(
            db::sql!(
                "insert into audit_end (one, seal, hash) values (1, $1, $2)
                 on conflict (one) do update set seal = excluded.seal, hash = excluded.hash"
            ),
            params![seal, hash],
        )
        .await?;
    }
    Ok(rows.len())
}

/// The newest link, as the sealer left it.
async fn end(tx: &mut Tx) -> Result<Option<(i64, Vec<u8>)>, Error> {
    Ok(tx.opt(db::sql!("select seal, hash from audit_end"), &[]).await?)
}

/// The name of the law that no query can ask ([`verify`]).
pub const CHAIN: &str = "work.audit_chain_unbroken";
/// What it says.
pub const CHAIN_SAYS: &str = "every sealed audit row follows from the one before it, and none is missing";

/// The law that no query can ask: the chain is whole, and what is not erased is what was sealed.
///
/// # Errors
/// The database's.
pub async fn verify(tx: &mut Tx) -> Result<Vec<Violation>, Error> {
    let mut found = vec![];
    let mut wrong = |id: Option<AuditId>, text: &str| {
        found.push(Violation {
            law: CHAIN,
            says: CHAIN_SAYS,
            subject: id.map(kernel::Id::uuid),
            found: text.to_owned(),
        });
    };
    let end = end(tx).await?;
    let (mut seal, mut hash) = (0i64, vec![]);
    tx.each(
        db::sql!(
            "select id, store_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id,
                 payload_hash, seal, hash, payload, salt
             from audit where seal is not null order by seal"
        ),
        &[],
        |row| {
            let link: Link = db::FromRow::from_row(row)?;
            seal += 1;
            if link.seal != Some(seal) {
                wrong(Some(link.id), &format!("row {seal} of the chain is missing"));
                seal = link.seal.unwrap_or(seal);
            } else if link.hash.as_deref() != Some(&link.chained(&hash, seal)[..]) {
                wrong(Some(link.id), "its hash does not follow from the row before and its own content");
            }
            if let (Some(payload), Some(salt)) = (&link.payload, &link.salt) {
                let now: [u8; 32] =
                    Sha256::new().chain_update(salt).chain_update(payload.as_bytes()).finalize().into();
                if now[..] != link.payload_hash[..] {
                    wrong(Some(link.id), "what it says was changed after it was written");
                }
            }
            hash = link.hash.unwrap_or_default();
            Ok(true)
        },
    )
    .await?;
    let (last, newest) = end.unwrap_or((0, vec![]));
    if (last, &newest) != (seal, &hash) {
        wrong(None, &format!("the chain ends at row {seal}, but {last} were sealed"));
    }
    Ok(found)
}
