//! Requests that may come twice: with an `Idempotency-Key`, a repeat does nothing and tells what the first one made. The
//! key, a hash of the whole request and the id of what was made are kept in the transaction that made it; the answer is
//! read anew from that.

use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use db::Tx;
use http::request::Parts;
use kernel::{Ctx, ErrorKind, Id};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::{Body, key_of, parse_body};
use super::describe::{Op, Says};
use crate::{Caller, Error, State};

/// Where keys of the API's own requests are kept.
const SCOPE: &str = "api.request";
/// A shopper's program has no name of its own, so that its keys must not be those of another: a UUID is long enough.
const SHOPPERS: usize = 22;

/// Whether a request came before.
#[derive(Clone, Debug)]
pub(crate) struct Repeat(Option<Kept>);

#[derive(Clone, Debug)]
struct Kept {
    key: String,
    input: [u8; 32],
}

impl Repeat {
    fn of(parts: &Parts, body: &[u8]) -> Result<Repeat, Error> {
        let Some(key) = key_of(&parts.headers)? else { return Ok(Repeat(None)) };
        let caller = parts.extensions.get::<Caller>();
        let id = caller.and_then(|c| c.ctx.actor.id());
        if id.is_none() && key.len() < SHOPPERS {
            let text = format!(
                "Without an API key, an Idempotency-Key has at least {SHOPPERS} letters: send a UUID."
            );
            let mut wrong = Error::new(ErrorKind::Invalid, "idempotency_key_short", text);
            wrong.field = Some("Idempotency-Key".to_owned());
            return Err(wrong);
        }
        let asker = id.map_or_else(|| "shopper".to_owned(), |id| id.simple().to_string());
        let mut hash = Sha256::new();
        hash.update(parts.method.as_str());
        hash.update(b" ");
        hash.update(parts.uri.path_and_query().map_or("", |p| p.as_str()));
        hash.update(b"\n");
        hash.update(body);
        Ok(Repeat(Some(Kept { key: format!("{asker}:{key}"), input: hash.finalize().into() })))
    }

    /// What an earlier request with the key made.
    ///
    /// # Errors
    /// [`work::Error::KeyReused`] when that request was another.
    pub(crate) async fn made<T>(&self, tx: &mut Tx) -> Result<Option<Id<T>>, Error> {
        let Some(kept) = &self.0 else { return Ok(None) };
        let found = work::idempotency::find(tx, SCOPE, &kept.key, &kept.input).await?;
        Ok(found.map(Id::from_uuid))
    }

    /// Keeps what this one made; in the transaction that made it.
    ///
    /// # Errors
    /// Of kind `Conflict` while a request with the same key is at work.
    pub(crate) async fn keep<T>(&self, tx: &mut Tx, ctx: &Ctx, made: Id<T>) -> Result<(), Error> {
        let Some(kept) = &self.0 else { return Ok(()) };
        match work::idempotency::keep(tx, ctx, SCOPE, &kept.key, &kept.input, made.uuid()).await {
            Err(work::Error::Db(e)) if e.is_unique() => {
                let text = "A request with this Idempotency-Key is at work; repeat it in a moment.";
                let mut busy = Error::new(ErrorKind::Conflict, "idempotency_key_busy", text);
                busy.retry_after = Some(1);
                Err(busy)
            }
            kept => Ok(kept?),
        }
    }

    /// Does it unless an earlier request with the key did; what was made then or now.
    ///
    /// # Errors
    /// As [`Repeat::made`], [`Repeat::keep`] and `make`.
    pub(crate) async fn make<T, F>(&self, tx: &mut Tx, ctx: &Ctx, make: F) -> Result<Id<T>, Error>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<Id<T>, Error>,
    {
        if let Some(id) = self.made(tx).await? {
            return Ok(id);
        }
        let id = make(tx).await?;
        self.keep(tx, ctx, id).await?;
        Ok(id)
    }

    /// Was it done before? For what is made by a flow in transactions of its own, and is the same when done twice.
    pub(crate) async fn is_done(&self, state: &State) -> Result<bool, Error> {
        Ok(state.db().read(async |tx: &mut Tx| self.made::<()>(tx).await).await?.is_some())
    }

    /// It was done.
    pub(crate) async fn done(&self, state: &State, ctx: &Ctx, on: Uuid) -> Result<(), Error> {
        if self.0.is_none() {
            return Ok(());
        }
        let (me, ctx) = (self.clone(), ctx.clone());
        state
            .db()
            .write("request_done", async move |tx: &mut Tx| match me.made::<()>(tx).await? {
                Some(_) => Ok(()),
                None => me.keep::<()>(tx, &ctx, Id::from_uuid(on)).await,
            })
            .await
    }

    /// The same request with bytes that were not in its body as it was read first.
    pub(crate) fn with(mut self, bytes: &[u8]) -> Repeat {
        if let Some(kept) = &mut self.0 {
            kept.input = Sha256::new().chain_update(kept.input).chain_update(bytes).finalize().into();
        }
        self
    }

    /// The key with whoever chose it, for a flow that keeps it itself.
    pub(crate) fn key(&self) -> Option<&str> {
        self.0.as_ref().map(|kept| kept.key.as_str())
    }
}

/// Of a request whose body is none, or no JSON.
impl FromRequestParts<State> for Repeat {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Repeat, Error> {
        Repeat::of(parts, b"")
    }
}

impl Says for Repeat {
    fn say(op: &mut Op) {
        op.header(
            "Idempotency-Key",
            false,
            "8 to 200 letters (22 at least without an API key), new for each thing to be done. The same key with the \
             same request does nothing more and tells what the first one made; with another request it is refused (409).",
        );
    }
}

/// A request's JSON, and whether it came before.
#[derive(Debug)]
pub(crate) struct Sent<T>(pub(crate) T, pub(crate) Repeat);

impl<T: DeserializeOwned> FromRequest<State> for Sent<T> {
    type Rejection = Error;
    async fn from_request(request: Request, state: &State) -> Result<Sent<T>, Error> {
        let (parts, body) = request.into_parts();
        let headers = parts.headers.clone();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), state)
            .await
            .map_err(super::ask::unread)?;
        let input = parse_body(&headers, &bytes)?;
        Ok(Sent(input, Repeat::of(&parts, &bytes)?))
    }
}

impl<T: ToSchema> Says for Sent<T> {
    fn say(op: &mut Op) {
        Body::<T>::say(op);
        Repeat::say(op);
    }
}
