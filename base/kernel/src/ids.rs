//! Every entity that has ids, in one list, so that no two share a prefix and any module may name another's rows.

use crate::{Entity, Id};

macro_rules! entities {
    ($($(#[$doc:meta])* $name:ident $alias:ident $prefix:literal),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}
            impl Entity for $name { const PREFIX: &'static str = $prefix; }
            $(#[$doc])*
            pub type $alias = Id<$name>;
        )*
        #[cfg(test)]
        const PREFIXES: &[&str] = &[$($prefix),*];
    };
}

entities! {
    /// A brand with its own face.
    StoreEntity StoreId "sto",
    /// Where it sells: the online store, a marketplace.
    Channel ChannelId "chn",
    /// Countries that share currency, languages, prices.
    Market MarketId "mkt",
    /// Who invoices.
    LegalEntity LegalEntityId "ent",
    /// What is sold, above its variants.
    Product ProductId "prd",
    /// What is sold: one SKU.
    Variant VariantId "var",
    /// One tree, a place for every product.
    Category CategoryId "cat",
    /// A merchant's own typed field.
    CustomField CustomFieldId "fld",
    /// A file as uploaded.
    Asset AssetId "ast",
    /// Who buys.
    Customer CustomerId "cus",
    /// Who works here.
    Staff StaffId "stf",
    /// A set of permissions.
    Role RoleId "rol",
    /// A signed-in browser.
    Session SessionId "ses",
    /// A secret for programs.
    ApiKey ApiKeyId "key",
    /// A price row.
    Price PriceId "pri",
    /// A tax rate of a country and category.
    TaxRate TaxRateId "tax",
    /// A place where stock lies.
    Location LocationId "loc",
    /// What is stocked.
    InventoryItem InventoryItemId "inv",
    /// One row of the stock ledger.
    Movement MovementId "mov",
    /// A reservation or allocation.
    Commitment CommitmentId "com",
    /// Countries that ship alike.
    ShippingZone ShippingZoneId "szn",
    /// A way to ship, with its rate.
    ShippingMethod ShippingMethodId "shm",
    /// What a shopper has gathered.
    Cart CartId "crt",
    /// A line of a cart.
    CartLine CartLineId "cln",
    /// A sale.
    Order OrderId "ord",
    /// A line of an order.
    OrderLine OrderLineId "oln",
    /// A row of an order's timeline.
    OrderNote OrderNoteId "ont",
    /// One attempt to be paid.
    Payment PaymentId "pay",
    /// An append-only fact about a payment.
    PaymentEvent PaymentEventId "pev",
    /// Money going back.
    Refund RefundId "ref",
    /// Money taken of an authorisation.
    Capture CaptureId "cap",
    /// The request to a location for some lines.
    FulfilmentOrder FulfilmentOrderId "ful",
    /// A line of it.
    FulfilmentLine FulfilmentLineId "fln",
    /// What a carrier takes.
    Shipment ShipmentId "shp",
    /// News that was told.
    Event EventId "evt",
    /// Work for later.
    Task TaskId "tsk",
    /// Who did what.
    AuditRow AuditId "aud",
    /// One run of an import.
    ImportRun ImportRunId "imp",
    /// A message that was sent, or kept in the development mailbox.
    Mail MailId "mal",
    /// A webhook as it came in.
    IncomingWebhook WebhookId "whk",
}

#[cfg(test)]
mod tests {
    #[test]
    fn prefixes_are_unique() {
        let mut all = super::PREFIXES.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), super::PREFIXES.len());
    }
}
