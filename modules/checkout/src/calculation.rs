//! What a cart comes to.

use std::time::Duration;

use catalog::SaleVariant;
use inventory::Availability;
use kernel::{
    AssetId, CartId, CartLineId, Currency, Money, ProductId, Rate, ShippingMethodId, Timestamp, VariantId,
};
use pricing::{Prices, TaxTable};
use serde::Serialize;
use shipping::{Offers, Quote};

use crate::Problem;

/// How long a calculation may be ordered by.
pub const VALID: Duration = Duration::from_secs(15 * 60);

/// What the modules below say about a cart's lines and destination.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Of the cart's variants; what is missing does not exist any more.
    pub sale: Vec<SaleVariant>,
    /// Of the cart's variants.
    pub prices: Prices,
    /// Of the cart's variants; what is missing is not counted.
    pub stock: Vec<Availability>,
    /// To the destination.
    pub offers: Offers,
    /// Of the destination.
    pub taxes: TaxTable,
}

/// How the store sells.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Are prices entered with tax?
    pub prices_include_tax: bool,
    /// The country whose tax is shown before an address is known.
    pub home: String,
    /// Of the reader.
    pub locale: String,
    /// When.
    pub now: Timestamp,
    /// Off all goods together, in minor units on the entered side.
    pub discount_minor: i64,
}

/// A line that can be priced. All amounts in minor units of the calculation's currency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CalcLine {
    /// The line in the cart.
    pub cart_line_id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// Of which product.
    pub product_id: ProductId,
    /// Its code.
    pub sku: Option<String>,
    /// The product's title in the reader's language.
    pub title: String,
    /// `M / Blue`; may be empty.
    pub variant_title: String,
    /// The product's address.
    pub slug: String,
    /// The variant's own picture.
    pub image_id: Option<AssetId>,
    /// How many.
    pub quantity: i64,
    /// The price of a piece at this quantity, as entered.
    pub unit_minor: i64,
    /// The price of a single piece, as entered: what product pages show.
    pub single_minor: i64,
    /// What a piece cost before.
    pub compare_at_minor: Option<i64>,
    /// Taken off the whole line, on the entered side.
    pub discount_minor: i64,
    /// After the discount, without tax.
    pub net_minor: i64,
    /// The tax.
    pub tax_minor: i64,
    /// What is paid.
    pub gross_minor: i64,
    /// The tax's rate.
    pub rate: Rate,
    /// As invoices show it; empty for none.
    pub tax_name: String,
    /// Does it need a parcel?
    pub requires_shipping: bool,
    /// Of a piece; 0 when unknown.
    pub weight_grams: i64,
    /// How many there can be in the cart at most, 0 when sold out.
    pub max_quantity: i64,
    /// What to say beside the line.
    pub notices: Vec<Problem>,
}

/// A line that cannot be bought any more; it counts for nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GoneLine {
    /// The line in the cart.
    pub cart_line_id: CartLineId,
    /// What it was.
    pub variant_id: VariantId,
    /// Its product's title; empty when that is gone too.
    pub title: String,
    /// How many.
    pub quantity: i64,
}

/// The way to ship that was chosen. Amounts in minor units.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShippingLine {
    /// Which.
    pub method_id: ShippingMethodId,
    /// In the reader's language.
    pub name: String,
    /// Without tax.
    pub net_minor: i64,
    /// The tax.
    pub tax_minor: i64,
    /// What is paid.
    pub gross_minor: i64,
    /// The tax's rate.
    pub rate: Rate,
    /// As invoices show it; empty for none.
    pub tax_name: String,
}

/// All that is taxed alike, shipping too.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TaxSum {
    /// As invoices show it; empty for none.
    pub name: String,
    /// The rate.
    pub rate: Rate,
    /// What it is taken of, in minor units.
    pub net_minor: i64,
    /// The tax, in minor units.
    pub tax_minor: i64,
}

/// A cart's prices, discounts, tax, shipping and total at a moment. Amounts in minor units of `currency`; every line
/// and shipping have gross = net + tax, and the total is the sum of what they gross to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Calculation {
    /// Of which cart.
    pub cart_id: CartId,
    /// At which version of it.
    pub version: i64,
    /// Of all amounts.
    pub currency: Currency,
    /// Which side was entered.
    pub prices_include_tax: bool,
    /// Where tax was reckoned for, ISO 3166-1 alpha-2.
    pub country: String,
    /// What is bought.
    pub lines: Vec<CalcLine>,
    /// What cannot be bought any more.
    pub gone: Vec<GoneLine>,
    /// How it is shipped, once that is chosen and needed.
    pub shipping: Option<ShippingLine>,
    /// The ways it can be shipped; empty when nothing needs a parcel.
    pub quotes: Vec<Quote>,
    /// Does anything need a parcel?
    pub requires_shipping: bool,
    /// Taken off all lines together, on the entered side.
    pub discount_minor: i64,
    /// All goods, with tax.
    pub goods_gross_minor: i64,
    /// All goods, without tax.
    pub goods_net_minor: i64,
    /// All tax, shipping's too.
    pub tax_minor: i64,
    /// What there is to pay.
    pub total_minor: i64,
    /// All tax by name and rate, the highest first.
    pub taxes: Vec<TaxSum>,
    /// What the shopper must be told, lines first.
    pub problems: Vec<Problem>,
    /// Until when it may be ordered by.
    pub expires_at: Timestamp,
}

impl Calculation {
    /// Is the way from the cart to the checkout open?
    pub fn can_check_out(&self) -> bool {
        !self.problems.iter().any(Problem::stops_cart)
    }

    /// Can an order be placed by it?
    pub fn can_place(&self) -> bool {
        !self.problems.iter().any(Problem::stops_order)
    }

    /// How many pieces.
    pub fn pieces(&self) -> i64 {
        self.lines.iter().map(|l| l.quantity).sum()
    }

    /// What there is to pay.
    pub fn total(&self) -> Money {
        Money::new(self.total_minor, self.currency)
    }
}
