use kernel::{ChannelId, Currency, OrderId, Quantity, StoreId, Timestamp};
use uuid::Uuid;

kernel::states! {
    /// What a fact says.
    pub enum FactKind {
        /// An order was placed.
        Sale = "sale",
        /// Money went back.
        Refund = "refund",
    }
}
db::words!(FactKind);

db::row! {
    /// A sale, or a refund with its amounts negative, so that sums need no cases.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Fact {
        /// The order's id, or the refund's.
        pub id: Uuid,
        /// Which of the two.
        pub kind: FactKind,
        /// Whose.
        pub store: StoreId,
        /// Through which channel.
        pub channel: ChannelId,
        /// Of which order.
        pub order: OrderId,
        /// When it was placed, or given back.
        pub at: Timestamp,
        /// Of the amounts.
        pub currency: Currency,
        /// Without tax, in minor units.
        pub net_minor: i64,
        /// Tax, in minor units.
        pub tax_minor: i64,
        /// Both, in minor units.
        pub gross_minor: i64,
        /// Units sold, or given back.
        pub items: Quantity,
    }
}

impl Fact {
    /// Gross is net and tax; a sale is not negative, a refund not positive.
    pub(crate) fn agrees(&self) -> bool {
        let sign = match self.kind {
            FactKind::Sale => 1,
            FactKind::Refund => -1,
        };
        self.gross_minor == self.net_minor + self.tax_minor
            && self.gross_minor * sign >= 0
            && self.items.0 * sign >= 0
    }
}
