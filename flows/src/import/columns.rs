//! Which column means what, by its name: Shopify's current headers, its older ones, in any case and order.

use catalog::Resource;

use super::Error;

/// What a column is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Handle,
    Title,
    Description,
    Vendor,
    Category,
    Type,
    Tags,
    Published,
    Status,
    /// 0 to 2.
    OptionName(usize),
    /// 0 to 2.
    OptionValue(usize),
    Sku,
    Barcode,
    Price,
    CompareAt,
    Cost,
    Taxable,
    Content,
    ContentUnit,
    Tracker,
    Quantity,
    Oversell,
    Grams,
    RequiresShipping,
    ImageUrl,
    ImagePosition,
    ImageAlt,
    VariantImage,
    GiftCard,
    SeoTitle,
    SeoDescription,
    /// A field of the merchant's own. `None`: on which resource is yet to be seen.
    Own {
        resource: Option<Resource>,
        namespace: String,
        key: String,
        name: String,
    },
    /// The reason column of an earlier import's error file.
    Reason,
    /// Known, and of no use here.
    Unused,
}

/// The columns of a file.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// As the file writes them.
    pub headers: Vec<String>,
    /// What each means.
    pub meanings: Vec<Column>,
}

impl Columns {
    /// By their names.
    ///
    /// # Errors
    /// [`Error::NotProducts`].
    pub fn of(headers: Vec<String>) -> Result<Columns, Error> {
        let mut meanings: Vec<Column> = vec![];
        for header in &headers {
            let mut meaning = meaning(header);
            let double = match &meaning {
                Column::Unused | Column::Reason => false,
                Column::Own { namespace, key, resource, .. } => meanings.iter().any(|m| {
                    matches!(m, Column::Own { namespace: n, key: k, resource: r, .. }
                        if n == namespace && k == key && r == resource)
                }),
                other => meanings.contains(other),
            };
            if double {
                meaning = Column::Unused; // the first of its kind counts; the report names this one
            }
            meanings.push(meaning);
        }
        let columns = Columns { headers, meanings };
        if columns.at(&Column::Title).is_none() && columns.at(&Column::Handle).is_none() {
            return Err(Error::NotProducts { columns: columns.headers.join(", ") });
        }
        Ok(columns)
    }

    /// Where a column stands.
    pub fn at(&self, column: &Column) -> Option<usize> {
        self.meanings.iter().position(|m| m == column)
    }

    pub fn has(&self, column: &Column) -> bool {
        self.at(column).is_some()
    }

    /// Does it say anything of stock?
    pub fn has_stock(&self) -> bool {
        [Column::Tracker, Column::Quantity, Column::Oversell].iter().any(|c| self.has(c))
    }

    /// Does it name options, so that its rows are all the variants there are?
    pub fn has_options(&self) -> bool {
        self.has(&Column::OptionValue(0))
    }

    /// Does it say anything of variants?
    pub fn has_variants(&self) -> bool {
        use Column as C;
        let of_variants = [
            C::Sku,
            C::Barcode,
            C::Price,
            C::CompareAt,
            C::Cost,
            C::Taxable,
            C::Content,
            C::Grams,
            C::RequiresShipping,
            C::VariantImage,
        ];
        self.has_options() || self.has_stock() || of_variants.iter().any(|c| self.has(c))
    }
}

fn meaning(header: &str) -> Column {
    use Column as C;
    let name = header.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    match name.as_str() {
        "url handle" | "handle" => C::Handle,
        "title" => C::Title,
        "description" | "body (html)" | "body html" | "body" => C::Description,
        "vendor" => C::Vendor,
        "product category" => C::Category,
        "type" | "product type" => C::Type,
        "tags" => C::Tags,
        "published on online store" | "published" => C::Published,
        "status" => C::Status,
        "option1 name" => C::OptionName(0),
        "option2 name" => C::OptionName(1),
        "option3 name" => C::OptionName(2),
        "option1 value" => C::OptionValue(0),
        "option2 value" => C::OptionValue(1),
        "option3 value" => C::OptionValue(2),
        "sku" | "variant sku" => C::Sku,
        "barcode" | "variant barcode" => C::Barcode,
        "price" | "variant price" => C::Price,
        "compare-at price" | "compare at price" | "variant compare at price" | "variant compare-at price" => {
            C::CompareAt
        }
        "cost per item" | "variant cost per item" => C::Cost,
        "charge tax" | "variant taxable" => C::Taxable,
        "unit price total measure" => C::Content,
        "unit price total measure unit" => C::ContentUnit,
        "inventory tracker" | "variant inventory tracker" => C::Tracker,
        "inventory quantity" | "variant inventory qty" | "variant inventory quantity" => C::Quantity,
        "continue selling when out of stock" | "variant inventory policy" => C::Oversell,
        "weight value (grams)" | "variant grams" => C::Grams,
        "requires shipping" | "variant requires shipping" => C::RequiresShipping,
        "product image url" | "image src" => C::ImageUrl,
        "image position" => C::ImagePosition,
        "image alt text" => C::ImageAlt,
        "variant image url" | "variant image" => C::VariantImage,
        "gift card" => C::GiftCard,
        "seo title" => C::SeoTitle,
        "seo description" => C::SeoDescription,
        "error" => C::Reason,
        ""
        | "option1 linked to"
        | "option2 linked to"
        | "option3 linked to"
        | "weight unit for display"
        | "variant weight unit"
        | "fulfillment service"
        | "variant fulfillment service"
        | "unit price base measure"
        | "unit price base measure unit" => C::Unused,
        // prices and presence in other markets
        other
            if ["included / ", "price / ", "compare-at price / ", "compare at price / "]
                .iter()
                .any(|p| other.starts_with(p)) =>
        {
            C::Unused
        }
        _ => own(header, &name),
    }
}

/// `Colour (product.metafields.shopify.color-pattern)`, `Google Shopping / MPN`, or any name of the merchant's.
fn own(header: &str, name: &str) -> Column {
    for (mark, resource) in
        [("(product.metafields.", Resource::Product), ("(variant.metafields.", Resource::Variant)]
    {
        if let Some(at) = name.find(mark)
            && let Some((namespace, key)) =
                name[at + mark.len()..].strip_suffix(')').and_then(|path| path.split_once('.'))
        {
            let title = header.split('(').next().unwrap_or(header).trim();
            let title = if title.is_empty() { key } else { title };
            return Column::Own {
                resource: Some(resource),
                namespace: word(namespace),
                key: word(key),
                name: title.chars().take(200).collect(),
            };
        }
    }
    let (namespace, key) = match name.strip_prefix("google shopping / ") {
        Some(rest) => ("google_shopping", word(rest)),
        None => ("custom", word(name)),
    };
    if key.is_empty() {
        return Column::Unused;
    }
    let name = header.trim().chars().take(200).collect();
    Column::Own { resource: None, namespace: namespace.to_owned(), key, name }
}

/// As keys of fields are written: `Care guide` becomes `care_guide`.
fn word(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().chars().flat_map(char::to_lowercase).take(100) {
        match c {
            c if c.is_alphanumeric() && !c.is_uppercase() => out.push(c),
            '-' | '$' | ':' | '_' => out.push(c),
            _ if !out.ends_with('_') && !out.is_empty() => out.push('_'),
            _ => {}
        }
    }
    out.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,Option3 value,Option3 Linked To,Price,Compare-at price,Cost per item,Charge tax,Tax code,Unit price total measure,Unit price total measure unit,Unit price base measure,Unit price base measure unit,Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,Variant image URL,Gift card,SEO title,SEO description";
    const OLD: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option1 Linked To,Option2 Name,Option2 Value,Option2 Linked To,Option3 Name,Option3 Value,Option3 Linked To,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Unit Price Total Measure,Unit Price Total Measure Unit,Unit Price Base Measure,Unit Price Base Measure Unit,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Variant Image,Variant Weight Unit,Cost per item,Status";

    fn of(line: &str) -> Columns {
        Columns::of(line.split(',').map(str::to_owned).collect()).unwrap()
    }

    #[test]
    fn both_dialects_mean_the_same() {
        let known = |c: &Columns| -> Vec<String> {
            let mut all: Vec<String> = c
                .meanings
                .iter()
                .filter(|m| !matches!(m, Column::Unused | Column::Own { .. }))
                .map(|m| format!("{m:?}"))
                .collect();
            all.sort();
            all
        };
        assert_eq!(known(&of(NEW)), known(&of(OLD)));
        assert_eq!(known(&of(&NEW.to_uppercase())), known(&of(OLD)), "case does not matter");
        let own: Vec<Column> =
            of(NEW).meanings.into_iter().filter(|m| matches!(m, Column::Own { .. })).collect();
        assert_eq!(own.len(), 1, "only the tax code: {own:?}");
    }

    #[test]
    fn own_columns_become_fields() {
        let own = |h: &str| match meaning(h) {
            Column::Own { resource, namespace, key, name } => (resource, namespace, key, name),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            own("Color (product.metafields.shopify.color-pattern)"),
            (Some(Resource::Product), "shopify".into(), "color-pattern".into(), "Color".into())
        );
        assert_eq!(own("Google Shopping / Age Group").1, "google_shopping");
        assert_eq!(
            own(" Care  guide! "),
            (None, "custom".into(), "care_guide".into(), "Care  guide!".into())
        );
        assert_eq!(meaning("Price / International"), Column::Unused);
    }

    #[test]
    fn the_first_of_two_counts_and_strangers_are_refused() {
        let c = of("Handle,URL handle,Title");
        assert_eq!(c.meanings, [Column::Handle, Column::Unused, Column::Title]);
        assert!(Columns::of(vec!["Email".into(), "Phone".into()]).is_err());
    }
}
