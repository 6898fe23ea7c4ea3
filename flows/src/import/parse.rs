//! What a product's rows say. Pure: no database, no other files.

use std::sync::Arc;

use catalog::{CleanHtml, FieldKind, ProductState, WantedProduct, WantedVariant};
use kernel::{Currency, CustomFieldId};

use super::cells;
use super::columns::{Column, Columns};
use super::refused::Wrong;
use super::scan::{Scan, clean_sku};
use super::source::{Group, Row};

/// A product's rows, understood. `None` everywhere: the file has no such column.
#[derive(Debug, Clone, Default)]
pub(super) struct Parsed {
    /// Without what only the database knows: ids of categories and pictures.
    pub wanted: WantedProduct,
    pub category: Option<Option<Vec<String>>>,
    /// From the type, for a product that has no category.
    pub category_if_none: Option<Vec<String>>,
    /// By variant.
    pub prices: Vec<PriceCells>,
    /// By variant.
    pub stock: Vec<StockCells>,
    pub images: Option<Vec<ImageCell>>,
    /// By variant: its own picture's address.
    pub variant_images: Vec<Option<Option<String>>>,
    /// By variant: which row of the group.
    pub rows: Vec<usize>,
    pub notes: Vec<&'static str>,
}

/// Amount and compare-at in minor units; outside `None`: no such column, inside: the cell is empty.
pub(super) type PriceCells = (Option<Option<i64>>, Option<Option<i64>>);

/// What a row says of stock at the store's location.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StockCells {
    pub on_hand: Option<i64>,
    pub tracked: Option<bool>,
    pub oversell: Option<bool>,
}

/// A picture of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImageCell {
    pub url: String,
    pub alt: Option<String>,
}

/// A column that is a field of the merchant's own.
#[derive(Debug, Clone)]
pub(super) struct OwnColumn {
    /// Its place in a row.
    pub at: usize,
    /// None in a dry run, for a field that would be made.
    pub id: Option<CustomFieldId>,
    pub kind: FieldKind,
    pub on_variants: bool,
}

/// Understands products of one file.
pub(super) struct Parser {
    pub scan: Arc<Scan>,
    pub currency: Currency,
    pub own: Vec<OwnColumn>,
    at: At,
}

macro_rules! places {
    ($($name:ident: $column:ident),* $(,)?) => {
        /// Where each column stands.
        #[derive(Debug, Clone)]
        struct At { $($name: Option<usize>,)* names: [Option<usize>; 3], values: [Option<usize>; 3] }
        impl At {
            fn of(c: &Columns) -> At {
                At {
                    $($name: c.at(&Column::$column),)*
                    names: [0, 1, 2].map(|i| c.at(&Column::OptionName(i))),
                    values: [0, 1, 2].map(|i| c.at(&Column::OptionValue(i))),
                }
            }
        }
    };
}

places! {
    title: Title, description: Description, vendor: Vendor, category: Category, kind: Type, tags: Tags,
    published: Published, status: Status, sku: Sku, barcode: Barcode, price: Price, compare_at: CompareAt, cost: Cost,
    taxable: Taxable, content: Content, content_unit: ContentUnit, tracker: Tracker, quantity: Quantity,
    oversell: Oversell, grams: Grams, requires_shipping: RequiresShipping, image: ImageUrl,
    image_position: ImagePosition, image_alt: ImageAlt, variant_image: VariantImage, gift_card: GiftCard,
    seo_title: SeoTitle, seo_description: SeoDescription,
}

fn cell(row: &Row, at: Option<usize>) -> Option<&str> {
    at.map(|at| row.cells.get(at).unwrap_or_default().trim())
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

impl Parser {
    pub fn new(scan: Arc<Scan>, currency: Currency, own: Vec<OwnColumn>) -> Parser {
        let at = At::of(&scan.columns);
        Parser { scan, currency, own, at }
    }

    /// Understands one product, or says which row is wrong.
    pub fn product(&self, group: &Group) -> Result<Parsed, Wrong> {
        if let Some((n, wrong)) = group.rows.iter().enumerate().find_map(|(n, r)| Some((n, r.wrong.clone()?)))
        {
            return Err(Wrong::row(n, wrong));
        }
        let handle = group.handle.clone().unwrap_or_default();
        if self.scan.is_split(&handle, group.index) {
            let reason = "other products stand between the rows of this one, or it has too many rows; put its rows \
                          together";
            return Err(Wrong::row(0, reason));
        }
        let mut out = Parsed::default();
        out.wanted.handle = handle;
        let first = &group.rows[0];
        self.facts(first, &mut out).map_err(|reason| Wrong::row(0, reason))?;
        self.variants(group, &mut out)?;
        self.images(group, &mut out)?;
        for own in self.own.iter().filter(|o| !o.on_variants) {
            let text = first.cells.get(own.at).unwrap_or_default();
            let value = self.own_value(own, text).map_err(|reason| Wrong::row(0, reason))?;
            out.wanted.values.extend(value);
        }
        Ok(out)
    }

    fn own_value(&self, own: &OwnColumn, text: &str) -> Result<Option<(CustomFieldId, String)>, String> {
        let value = own.kind.normalise(text).map_err(|e| {
            format!("{}: {e}", self.scan.columns.headers.get(own.at).map_or("", String::as_str))
        })?;
        Ok(own.id.map(|id| (id, value)))
    }

    fn facts(&self, row: &Row, out: &mut Parsed) -> Result<(), String> {
        let at = &self.at;
        let text = |at| cell(row, at).map(str::to_owned);
        let w = &mut out.wanted;
        w.title = text(at.title);
        w.description = cell(row, at.description).map(CleanHtml::of);
        w.seo_title = text(at.seo_title);
        w.seo_description = text(at.seo_description);
        w.vendor = text(at.vendor);
        w.product_type = text(at.kind);
        w.tags = cell(row, at.tags)
            .map(|t| t.split(',').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect());
        w.state = self.state(row, &mut out.notes)?;
        if let Some(gift) = cell(row, at.gift_card).and_then(filled)
            && cells::yes(gift).map_err(|e| format!("gift card: {e}"))?
        {
            return Err("gift cards cannot be sold as products".to_owned());
        }
        match cell(row, at.category) {
            // a number of Shopify's taxonomy says nothing to people
            Some(path) if !path.is_empty() && path.bytes().all(|b| b.is_ascii_digit()) => {
                out.notes.push("categories given only as a number were not used");
            }
            Some(path) => out.category = Some(Some(cells::path(path)?).filter(|p| !p.is_empty())),
            None => {}
        }
        if !matches!(out.category, Some(Some(_)))
            && let Some(kind) = cell(row, at.kind).and_then(filled)
        {
            out.category = None;
            out.category_if_none = Some(cells::path(kind)?).filter(|p| !p.is_empty());
        }
        Ok(())
    }

    fn state(&self, row: &Row, notes: &mut Vec<&'static str>) -> Result<Option<ProductState>, String> {
        let published = match cell(row, self.at.published).and_then(filled) {
            Some(text) => Some(cells::yes(text).map_err(|e| format!("published: {e}"))?),
            None => None,
        };
        let status = match cell(row, self.at.status).unwrap_or_default().to_lowercase().as_str() {
            "" => None,
            "active" => Some(ProductState::Live),
            "draft" => Some(ProductState::Draft),
            "archived" => Some(ProductState::Retired),
            "unlisted" => {
                notes.push("unlisted products came in as drafts");
                Some(ProductState::Draft)
            }
            other => return Err(format!("'{other}' is no status: active, draft or archived")),
        };
        Ok(match (status, published) {
            (Some(ProductState::Live), Some(false)) | (None, Some(false)) => Some(ProductState::Draft),
            (None, Some(true)) => Some(ProductState::Live),
            (status, _) => status,
        })
    }

    /// Is it a row of a variant, or only of one more picture?
    fn is_variant(&self, n: usize, row: &Row) -> bool {
        let says = |at| cell(row, at).is_some_and(|t| !t.is_empty());
        let at = &self.at;
        n == 0 || says(at.values[0]) || says(at.sku) || says(at.price) || says(at.barcode)
    }

    fn variants(&self, group: &Group, out: &mut Parsed) -> Result<(), Wrong> {
        let columns = &self.scan.columns;
        if !columns.has_variants() && self.own.iter().all(|o| !o.on_variants) {
            return Ok(());
        }
        for (n, row) in group.rows.iter().enumerate().filter(|(n, row)| self.is_variant(*n, row)) {
            self.variant(row, out).map_err(|reason| Wrong::row(n, reason))?;
            let sku = out.wanted.variants.last().and_then(|v| v.sku.as_ref()?.as_deref());
            if let Some(sku) = sku.filter(|sku| self.scan.is_shared(sku, group.index)) {
                return Err(Wrong::row(n, format!("the SKU '{sku}' stands at another product further up")));
            }
            out.rows.push(n);
        }
        if columns.has_options() {
            let names = self.option_names(&group.rows[0], out).map_err(|reason| Wrong::row(0, reason))?;
            out.wanted.options = Some(names);
        }
        Ok(())
    }

    /// The names of the options, from the first row; a product that is only itself (`Title: Default Title`) has none.
    fn option_names(&self, first: &Row, out: &mut Parsed) -> Result<Vec<String>, String> {
        let named: Vec<Option<&str>> =
            self.at.names.iter().map(|at| cell(first, *at).and_then(filled)).collect();
        let variants = &mut out.wanted.variants;
        if let [only] = variants.as_mut_slice()
            && only.options[1..].iter().all(Option::is_none)
            && only.options[0].as_deref().is_none_or(|v| v.eq_ignore_ascii_case("default title"))
        {
            only.options[0] = None;
            return Ok(vec![]);
        }
        let mut names = vec![];
        for (i, name) in named.iter().enumerate() {
            let used = variants.iter().any(|v| v.options[i].is_some());
            match name {
                Some(name) if used => {
                    if names.len() < i {
                        return Err(format!("option {i} has no values, and option {} has", i + 1));
                    }
                    names.push((*name).to_owned());
                }
                None if used && i == 0 => names.push("Title".to_owned()),
                None if used => return Err(format!("option {} has values and no name", i + 1)),
                _ => {}
            }
        }
        Ok(names)
    }

    fn variant(&self, row: &Row, out: &mut Parsed) -> Result<(), String> {
        let at = &self.at;
        let whole = |at, name: &str| match cell(row, at) {
            Some(text) => match filled(text).map(cells::whole).transpose() {
                Ok(n) => Ok(Some(n)),
                Err(e) => Err(format!("{name}: {e}")),
            },
            None => Ok(None),
        };
        let amount = |at, name: &str| match cell(row, at) {
            Some(text) => match filled(text).map(|t| cells::amount(t, self.currency)).transpose() {
                Ok(n) => Ok(Some(n)),
                Err(e) => Err(format!("{name}: {e}")),
            },
            None => Ok(None),
        };
        let yes = |at, name: &str| match cell(row, at).and_then(filled) {
            Some(text) => cells::yes(text).map(Some).map_err(|e| format!("{name}: {e}")),
            None => Ok(None),
        };
        let mut values = vec![];
        for own in self.own.iter().filter(|o| o.on_variants) {
            values.extend(self.own_value(own, row.cells.get(own.at).unwrap_or_default())?);
        }
        let content = match cell(row, at.content) {
            Some("" | "0") => Some(None),
            Some(text) => {
                let unit = cell(row, at.content_unit).unwrap_or_default();
                let grams = cells::content(text, unit).map_err(|e| format!("unit price: {e}"))?;
                if grams.is_none() {
                    out.notes.push("contents that are not weighed (litres, metres, pieces) were not used");
                }
                Some(grams)
            }
            None => None,
        };
        out.wanted.variants.push(WantedVariant {
            options: at.values.map(|at| cell(row, at).and_then(filled).map(str::to_owned)),
            sku: cell(row, at.sku).map(|t| filled(clean_sku(t)).map(str::to_owned)),
            gtin: cell(row, at.barcode).map(|t| filled(clean_sku(t)).map(str::to_owned)),
            weight_grams: match cell(row, at.grams) {
                Some(text) => Some(filled(text).map(cells::grams).transpose()?),
                None => None,
            },
            unit_grams: content,
            cost_minor: amount(at.cost, "cost")?,
            requires_shipping: yes(at.requires_shipping, "requires shipping")?,
            taxable: yes(at.taxable, "charge tax")?,
            image: None,
            values,
        });
        out.prices.push((amount(at.price, "price")?, amount(at.compare_at, "compare-at price")?));
        let mut on_hand = whole(at.quantity, "quantity")?.flatten();
        if on_hand.is_some_and(|n| n < 0) {
            out.notes.push("quantities below zero came in as zero");
            on_hand = Some(0);
        }
        if on_hand.is_some_and(|n| n > 1_000_000_000) {
            return Err("quantity: more than a thousand million".to_owned());
        }
        let tracked = cell(row, at.tracker).map(|t| !t.is_empty()).or(on_hand.map(|_| true));
        out.stock.push(StockCells {
            on_hand: on_hand.filter(|_| tracked != Some(false)),
            tracked,
            oversell: yes(at.oversell, "continue selling")?,
        });
        out.variant_images.push(cell(row, at.variant_image).map(|t| filled(t).map(str::to_owned)));
        Ok(())
    }

    fn images(&self, group: &Group, out: &mut Parsed) -> Result<(), Wrong> {
        let Some(at) = self.at.image else { return Ok(()) };
        let mut found: Vec<(i64, ImageCell)> = vec![];
        for (n, row) in group.rows.iter().enumerate() {
            let Some(url) = cell(row, Some(at)).and_then(filled) else { continue };
            let position = match cell(row, self.at.image_position).and_then(filled) {
                Some(text) => {
                    cells::whole(text).map_err(|e| Wrong::row(n, format!("image position: {e}")))?
                }
                None => i64::MAX,
            };
            if url.len() > 2_000 {
                return Err(Wrong::row(n, "the picture's address is longer than 2,000 letters"));
            }
            let alt = cell(row, self.at.image_alt).map(|t| t.chars().take(1_000).collect());
            if found.iter().all(|(_, i)| i.url != url) {
                found.push((position, ImageCell { url: url.to_owned(), alt }));
            }
        }
        if found.len() > 250 {
            return Err(Wrong::product("more than 250 pictures"));
        }
        found.sort_by_key(|(position, _)| *position); // stable: rows without a position keep their order
        out.images = Some(found.into_iter().map(|(_, image)| image).collect());
        Ok(())
    }
}
