//! One item: its levels and its ledger.

use assets::Subject;
use axum::response::Response;
use db::Tx;
use inventory::{BaseUnit, MovementRow as Movement};
use kernel::perms::{InventoryRead, InventoryWrite};
use kernel::{InventoryItemId, Page, PageSize, VariantId};

use super::list::{amount, in_unit, row, title};
use super::{reason, reasons};
use crate::Error;
use crate::admin::office::Office;
use crate::admin::sent::Query;
use crate::admin::shown;
use crate::admin::views::{Choice, Fields, InventoryItemView, MovementRow, Section};
use crate::admin::walk::Walk;
use crate::extract::Path;

/// `GET /admin/inventory/{item_id}`.
pub(super) async fn item(
    office: Office,
    Path(id): Path<InventoryItemId>,
    Query(query): Query,
) -> Result<Response, Error> {
    let view = view(&office, id, &query, None).await?;
    office.page(&view)
}

/// The item's page; `typed` is the adjustment that was refused.
pub(super) async fn view(
    office: &Office,
    id: InventoryItemId,
    query: &Fields,
    typed: Option<Fields>,
) -> Result<InventoryItemView, Error> {
    let permit = office.permit::<InventoryRead>()?;
    let walk = Walk::of(format!("/admin/inventory/{id}"), query, &[]);
    let ctx = office.ctx();
    let (levels, moves, named, images, places, policy) = office
        .db()
        .snapshot(async |tx: &mut Tx| {
            let policy = inventory::item_policy(tx, id).await?;
            let levels = inventory::levels(tx, &permit, id).await?;
            let after = walk.after();
            let moves =
                inventory::movements(tx, ctx, &permit, id, after.as_ref(), PageSize::default()).await?;
            let variants: Vec<VariantId> = levels.iter().map(|l| l.variant).collect();
            let named = catalog::for_sale(tx, ctx, &variants, &ctx.locale).await?;
            let product: Vec<uuid::Uuid> = named.iter().take(1).map(|v| v.product.uuid()).collect();
            let images = assets::images_of(tx, Subject::Product, &product).await?;
            let places = inventory::locations(tx, ctx).await?;
            Ok::<_, Error>((levels, moves, named, images, places, policy))
        })
        .await?;
    let of = named.first();
    let mut shown = levels;
    shown.dedup_by_key(|l| l.location);
    shown.retain(|l| permit.scope().has_location(l.location));
    let Page { rows, next } = moves;
    let mut form = typed.unwrap_or_else(|| Fields::new().with("location_id", ctx.store.location.to_string()));
    if form.value("idempotency_key").is_empty() {
        form.set("idempotency_key", ctx.secret());
    }
    let mut policy_form = Fields::new();
    if policy.tracked {
        policy_form.set("tracked", "on");
    }
    if policy.oversell {
        policy_form.set("oversell", "on");
    }
    let may = |l: &&inventory::LocationRow| permit.scope().has_location(l.id);
    Ok(InventoryItemView {
        shell: office.shell(Section::Inventory).await?,
        item_id: id.to_string(),
        title: of.map_or_else(|| id.to_string(), title),
        sku: of.and_then(|v| v.sku.clone()).unwrap_or_default(),
        unit: office.t(match policy.base_unit {
            BaseUnit::Piece => "inventory-unit-piece",
            BaseUnit::Gram => "inventory-unit-gram",
        }),
        weighed: policy.base_unit == BaseUnit::Gram,
        product_href: of.map(|v| format!("/admin/products/{}", v.product)).unwrap_or_default(),
        levels: shown.iter().map(|l| row(office, l, of, &images)).collect(),
        movements: rows.iter().map(|m| movement(office, policy.base_unit, m)).collect(),
        pager: walk.pager(next),
        form,
        policy: policy_form,
        locations: places.iter().filter(may).map(|l| Choice::new(l.id.to_string(), &l.name)).collect(),
        reasons: reasons(office),
        can_adjust: office.may::<InventoryWrite>(),
    })
}

fn movement(office: &Office, unit: BaseUnit, m: &Movement) -> MovementRow {
    // setting aside moves nothing on hand; its own figure is then what changed
    let change = if m.on_hand_delta == 0 { m.unavailable_delta } else { m.on_hand_delta };
    MovementRow {
        when: office.when(m.at),
        location: m.location_name.clone(),
        kind: reason(office, m.reason),
        note: m.note.clone(),
        change: in_unit(unit, shown::signed(change, office.locale)),
        negative: change < 0,
        balance: amount(office, unit, m.on_hand),
        actor: m.actor_name.clone(),
    }
}
