//! Parts of an order that both sides tell.

use kernel::Currency;
use orders::LineRow;
use payments::{RefundLineRow, RefundRow};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::{ShipmentLine, ShipmentRow};

use super::types::{Amount, at};

/// A line of an order: goods, or the shipping.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderLine {
    #[schema(example = "oln_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// `item` or `shipping`.
    kind: String,
    variant: Option<String>,
    product: Option<String>,
    sku: Option<String>,
    title: String,
    variant_title: String,
    slug: String,
    image: Option<String>,
    quantity: i64,
    /// Of it, called off before it left.
    cancelled_quantity: i64,
    /// As prices were entered: with tax or without.
    unit: Amount,
    discount: Amount,
    net: Amount,
    tax: Amount,
    gross: Amount,
    tax_name: String,
    tax_percent: String,
    requires_shipping: bool,
    weight_grams: Option<i64>,
}

pub(crate) fn lines(rows: &[LineRow], currency: Currency) -> Vec<OrderLine> {
    let amount = |minor: i64| Amount::of(minor, currency);
    let line = |l: &LineRow| OrderLine {
        id: l.id.to_string(),
        kind: l.kind.to_string(),
        variant: l.variant.map(|v| v.to_string()),
        product: l.product.map(|p| p.to_string()),
        sku: l.sku.clone(),
        title: l.title.clone(),
        variant_title: l.variant_title.clone(),
        slug: l.slug.clone(),
        image: l.image.map(|i| i.to_string()),
        quantity: l.quantity,
        cancelled_quantity: l.cancelled_quantity,
        unit: amount(l.unit_minor),
        discount: amount(l.discount_minor),
        net: amount(l.net_minor),
        tax: amount(l.tax_minor),
        gross: amount(l.gross_minor),
        tax_name: l.tax_name.clone(),
        tax_percent: l.rate.to_string(),
        requires_shipping: l.requires_shipping,
        weight_grams: l.weight_grams,
    };
    rows.iter().map(line).collect()
}

/// Money that goes back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Refund {
    #[schema(example = "ref_01h455vb4pex5vsknk084sn02q")]
    id: String,
    /// `pending`, `succeeded` or `failed`.
    state: String,
    amount: Amount,
    /// Of it, for shipping.
    shipping: Amount,
    /// Of it, goodwill.
    adjustment: Amount,
    /// Of it, tax.
    tax: Amount,
    reason: String,
    /// Why it failed.
    error: String,
    lines: Vec<RefundLine>,
    created_at: String,
}

/// Goods of a refund.
#[derive(Debug, Serialize, ToSchema)]
struct RefundLine {
    line: String,
    quantity: i64,
    gross: Amount,
    /// Of it went back on the shelf.
    restocked: i64,
    location: Option<String>,
}

pub(crate) fn refund(r: &RefundRow, of: &[RefundLineRow]) -> Refund {
    let amount = |minor: i64| Amount::of(minor, r.currency);
    let line = |l: &RefundLineRow| RefundLine {
        line: l.line.to_string(),
        quantity: l.quantity,
        gross: amount(l.gross_minor),
        restocked: l.restocked,
        location: l.location.map(|l| l.to_string()),
    };
    Refund {
        id: r.id.to_string(),
        state: r.state.clone(),
        amount: amount(r.amount_minor),
        shipping: amount(r.shipping_minor),
        adjustment: amount(r.adjustment_minor),
        tax: amount(r.tax_minor),
        reason: r.reason.clone(),
        error: r.error.clone(),
        lines: of.iter().filter(|l| l.refund == r.id).map(line).collect(),
        created_at: at(r.created_at),
    }
}

pub(crate) fn refunds(rows: &[RefundRow], of: &[RefundLineRow]) -> Vec<Refund> {
    rows.iter().map(|r| refund(r, of)).collect()
}

/// A parcel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Shipment {
    #[schema(example = "shp_01h455vb4pex5vsknk084sn02q")]
    id: String,
    fulfilment: String,
    location: String,
    /// `created`, `handed_over`, `delivered` or `lost`.
    state: String,
    carrier: String,
    tracking_number: String,
    tracking_url: String,
    lines: Vec<ShipmentContent>,
    created_at: String,
    delivered_at: Option<String>,
}

/// What is in a parcel.
#[derive(Debug, Serialize, ToSchema)]
struct ShipmentContent {
    /// The order's line.
    line: String,
    title: String,
    sku: Option<String>,
    quantity: i64,
}

pub(crate) fn shipment(s: &ShipmentRow, of: &[ShipmentLine]) -> Shipment {
    let line = |l: &ShipmentLine| ShipmentContent {
        line: l.line.to_string(),
        title: l.title.clone(),
        sku: l.sku.clone(),
        quantity: l.quantity,
    };
    Shipment {
        id: s.id.to_string(),
        fulfilment: s.request.to_string(),
        location: s.location.to_string(),
        state: s.state.to_string(),
        carrier: s.carrier.clone(),
        tracking_number: s.tracking_number.clone(),
        tracking_url: s.tracking_url.clone(),
        lines: of.iter().filter(|l| l.shipment == s.id).map(line).collect(),
        created_at: at(s.created_at),
        delivered_at: s.delivered_at.map(at),
    }
}

pub(crate) fn shipments(rows: &[ShipmentRow], of: &[ShipmentLine]) -> Vec<Shipment> {
    rows.iter().map(|s| shipment(s, of)).collect()
}
