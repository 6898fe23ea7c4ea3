use axum::response::Response;
use db::Tx;
use kernel::perms::SystemRead;
use kernel::{EventId, PageSize};
use uuid::Uuid;

use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::Query;
use crate::admin::views::{EventRow, EventsView, Section};
use crate::admin::walk::Walk;

const PATH: &str = "/admin/system/events";

/// `GET /admin/system/events?q=`: letters of a kind, or an id of what it happened to.
pub(super) async fn list(office: Office, Query(filter): Query) -> Result<Response, Error> {
    let permit = office.permit::<SystemRead>()?;
    let walk = Walk::of(PATH, &filter, &["q"]);
    let ctx = office.ctx();
    let words = filter.value("q").trim();
    let subject = any_id(words);
    let kind = if subject.is_some() { "" } else { words };
    let page = office
        .db()
        .read(async |tx: &mut Tx| {
            let after = walk.after();
            let size = PageSize::default();
            work::recent_events(tx, ctx, &permit, kind, subject, after.as_ref(), size).await
        })
        .await?;
    let rows = page.rows.iter().map(|e| EventRow {
        when: office.when(e.at),
        kind: e.kind.clone(),
        subject: e.subject.to_string(),
        actor: office.t(&format!("actor-{}", e.actor_kind)),
        tasks: u32::try_from(e.told).unwrap_or_default(),
    });
    office.page(&EventsView {
        shell: office.shell(Section::System).await?,
        rows: rows.collect(),
        pager: walk.pager(page.next),
        filter,
    })
}

/// Any id, whatever it is of: `ord_…`, or as a plain UUID.
pub(crate) fn any_id(text: &str) -> Option<Uuid> {
    if let Ok(plain) = text.parse() {
        return Some(plain);
    }
    let (_, rest) = text.split_once('_')?;
    format!("evt_{rest}").parse::<EventId>().ok().map(|id| id.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_every_sort_are_found() {
        let id = kernel::OrderId::compose(1, [7; 8]);
        assert_eq!(any_id(&id.to_string()), Some(id.uuid()));
        assert_eq!(any_id(&id.uuid().to_string()), Some(id.uuid()));
        assert_eq!(any_id("OrderPlaced"), None);
    }
}
