use db::{Tx, params};
use kernel::{Ctx, OrderId, OrderNoteId, Permit, Timestamp, perms};

use crate::Error;

db::row! {
    /// A row of an order's timeline.
    #[derive(Debug, Clone)]
    pub struct NoteRow {
        /// Its id.
        pub id: OrderNoteId,
        /// `placed`, `paid`, `shipped`, `refunded`, `comment`, …
        pub kind: String,
        /// A sentence in English, for readers who do not know the kind.
        pub text: String,
        /// JSON: ids for links, and what a sentence in another language needs: amounts, counts, names.
        pub data: String,
        /// `staff`, `key`, `shopper`, `system`.
        pub actor_kind: String,
        /// The name shown.
        pub actor_name: String,
        /// When.
        pub at: Timestamp,
    }
}

/// Writes a row of the timeline. Inner verb.
///
/// # Errors
/// The database's.
pub async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    order: OrderId,
    kind: &str,
    text: &str,
    data: &serde_json::Value,
) -> Result<(), Error> {
    tx.exec(
        db::sql!(
            "insert into order_note (id, order_id, kind, text, data, actor_kind, actor_id, actor_name, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            ctx.id::<kernel::OrderNote>(),
            order,
            kind,
            text,
            data.to_string(),
            ctx.actor.kind(),
            ctx.actor.id(),
            ctx.actor.name(),
            ctx.now()
        ],
    )
    .await?;
    Ok(())
}

/// A comment of staff.
///
/// # Errors
/// [`Error::Invalid`] when it is empty or too long; [`Error::NotFound`], also outside the permit's scope.
pub async fn comment(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::OrdersWrite>,
    order: OrderId,
    text: &str,
) -> Result<(), Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 5_000 {
        return Err(Error::Invalid {
            field: "comment",
            message: "Write a comment of at most 5,000 letters.".to_owned(),
        });
    }
    crate::head_within(tx, permit, order).await?;
    note(tx, ctx, order, "comment", text, &serde_json::json!({})).await
}

/// The timeline, newest first, at most 500 rows.
///
/// # Errors
/// The database's.
pub async fn notes(tx: &mut Tx, order: OrderId) -> Result<Vec<NoteRow>, Error> {
    Ok(tx
        .all(
            db::sql!(
                "select id, kind, text, data, actor_kind, actor_name, at from order_note
                 where order_id = $1 order by at desc, id desc limit 500"
            ),
            params![order],
        )
        .await?)
}
