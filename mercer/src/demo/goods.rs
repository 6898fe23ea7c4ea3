//! Goods: texts in two languages, the tree, pictures, prices, and what lies where.

use std::collections::HashMap;

use assets::{Stored, Subject, Vault};
use catalog::{
    CategoryText, FieldKind, NewCategory, NewField, NewProduct, ProductState, Resource, TextInput,
    VariantInput,
};
use db::{Db, Tx, Unit};
use inventory::Reason;
use kernel::{
    AssetId, CategoryId, Ctx, CustomFieldId, InventoryItemId, LocationId, Permit, VariantId, perms,
};
use pricing::NewPrice;
use site::{Hero, PerLocale};
use tokio::task::JoinSet;

use super::data::{self, Category, Described, German, Sold, Way};
use super::said;
use crate::{Exit, Failure};

/// A product as the simulator knows it.
#[derive(Debug, Clone)]
pub struct Good {
    pub slug: String,
    /// How often it is bought, relative to the others.
    pub demand: i64,
    pub item: InventoryItemId,
    pub variants: Vec<VariantId>,
    /// What is brought up to at every delivery: location and base units.
    pub par: Vec<(LocationId, i64)>,
}

/// A product ready to be written.
#[derive(Clone)]
struct Draft {
    described: std::sync::Arc<Described>,
    sold: std::sync::Arc<Sold>,
    german: std::sync::Arc<German>,
    ways: Vec<Way>,
    picture: Stored,
}

/// Fills the shelves.
///
/// # Errors
/// A fault of the program; the vault's.
pub async fn stock(db: &Db, ctx: &Ctx, vault: &Vault) -> Result<Vec<Good>, Failure> {
    let drafts = drafts(vault).await?;
    let tree: Vec<Category> = data::rows("categories.csv")?;
    let tree = std::sync::Arc::new(tree);
    let ctx = ctx.clone();
    let fill = async move |tx: &mut Tx| fill(tx, &ctx, &tree, &drafts).await;
    db.write(Unit::named("demo_goods"), fill).await.map_err(said)
}

async fn drafts(vault: &Vault) -> Result<Vec<Draft>, Failure> {
    let described: Vec<Described> = data::rows("grocer/products.csv")?;
    let mut german: HashMap<String, German> =
        data::rows::<German>("german.csv")?.into_iter().map(|g| (g.slug.clone(), g)).collect();
    let mut sold: HashMap<String, Sold> =
        data::rows::<Sold>("assortment.csv")?.into_iter().map(|s| (s.slug.clone(), s)).collect();
    let mut storing = JoinSet::new();
    for (place, d) in described.iter().enumerate() {
        let (vault, bytes) = (vault.clone(), data::bytes(&format!("grocer/{}", d.image))?);
        storing.spawn(async move { (place, vault.store(bytes.into()).await) });
    }
    let mut pictures: Vec<Option<Stored>> = vec![None; described.len()];
    while let Some(done) = storing.join_next().await {
        let (place, stored) = done.map_err(|e| Failure::new(Exit::Internal, e.to_string()))?;
        pictures[place] = Some(stored.map_err(said)?);
    }
    let mut drafts = vec![];
    for (d, picture) in described.into_iter().zip(pictures) {
        let (Some(sold), Some(german), Some(picture)) =
            (sold.remove(&d.slug), german.remove(&d.slug), picture)
        else {
            return Err(Failure::new(
                Exit::Internal,
                format!("the demo's files say too little of {}", d.slug),
            ));
        };
        drafts.push(Draft {
            ways: sold.ways()?,
            sold: sold.into(),
            german: german.into(),
            described: d.into(),
            picture,
        });
    }
    Ok(drafts)
}

fn vault_says(e: assets::Error) -> flows::Error {
    flows::Error::Conflict(e.to_string())
}

async fn fill(
    tx: &mut Tx,
    ctx: &Ctx,
    tree: &[Category],
    drafts: &[Draft],
) -> Result<Vec<Good>, flows::Error> {
    let permit: Permit<perms::ProductsWrite> = ctx.permit()?;
    let places: HashMap<String, CategoryId> = categories(tx, ctx, &permit, tree).await?;
    let origin = NewField {
        resource: Resource::Product,
        namespace: "custom".to_owned(),
        key: "origin".to_owned(),
        name: "Origin".to_owned(),
        kind: FieldKind::Text,
    };
    let origin = catalog::define_field(tx, ctx, &permit, &origin).await?;
    let files: Vec<(Stored, String)> =
        drafts.iter().map(|d| (d.picture.clone(), format!("{}.jpg", d.described.slug))).collect();
    let pictures = assets::ensure_stored(tx, ctx, &files).await.map_err(vault_says)?;
    let locations: Vec<LocationId> = inventory::locations(tx, ctx).await?.into_iter().map(|l| l.id).collect();
    let mut goods = vec![];
    for (draft, picture) in drafts.iter().zip(&pictures) {
        let place = places.get(&draft.sold.category).copied();
        goods.push(product(tx, ctx, &permit, draft, *picture, place, origin, &locations).await?);
    }
    faces(tx, ctx, &permit, tree, &places, drafts, &pictures).await?;
    Ok(goods)
}

async fn categories(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::ProductsWrite>,
    tree: &[Category],
) -> Result<HashMap<String, CategoryId>, flows::Error> {
    let mut places = HashMap::new();
    for c in tree {
        let text = |locale: &str, name: &str, description: &str| CategoryText {
            locale: locale.to_owned(),
            name: name.to_owned(),
            slug: String::new(),
            description: description.to_owned(),
        };
        let new = NewCategory {
            parent: places.get(&c.parent).copied(),
            texts: vec![text("en", &c.en, &c.en_text), text("de", &c.de, &c.de_text)],
        };
        places.insert(c.key.clone(), catalog::create_category(tx, ctx, permit, &new).await?);
    }
    Ok(places)
}

impl Draft {
    fn title(&self) -> &str {
        if self.sold.title.is_empty() { &self.described.name } else { &self.sold.title }
    }

    /// "Italy" of "Italy, ca 180g".
    fn origin(&self) -> Option<&str> {
        self.described.origin_and_size.split(',').next().map(str::trim).filter(|o| !o.is_empty())
    }

    fn is_weighed(&self) -> bool {
        self.sold.unit == "g"
    }

    /// Grams of goods in a variant.
    fn grams(&self, way: &Way) -> i64 {
        if self.is_weighed() { way.units } else { way.units * self.sold.piece_grams }
    }

    fn new_product(&self, place: Option<CategoryId>) -> NewProduct {
        let text = |locale: &str, title: &str, description: &str| TextInput {
            locale: locale.to_owned(),
            title: title.to_owned(),
            description: format!("<p>{description}</p>"),
            seo_description: description.chars().take(150).collect(),
            ..TextInput::default()
        };
        let d = &self.described;
        let kind = if d.group.is_empty() { d.name.clone() } else { d.group.clone() };
        let one = self.ways.len() == 1 && !self.is_weighed() && self.ways[0].name == "Single";
        let code = self.sold.slug.to_uppercase();
        let variants = self.ways.iter().map(|way| VariantInput {
            sku: Some(format!("{code}-{}", way.units)),
            options: [Some(way.name.clone()).filter(|_| !one), None, None],
            // what the box weighs comes on top
            weight_grams: Some(self.grams(way) + 40),
            unit_grams: Some(self.grams(way)),
            cost_minor: Some(way.cost_minor),
            ..VariantInput::default()
        });
        let mut tags = vec![d.department.to_lowercase()];
        tags.extend(self.origin().map(str::to_lowercase));
        if d.description.contains("cologically") {
            tags.push("organic".to_owned());
        }
        NewProduct {
            state: ProductState::Live,
            facts: catalog::Facts {
                category: place,
                product_type: kind,
                vendor: "Marrow".to_owned(),
                tags,
                tax_category: "food".to_owned(),
            },
            texts: vec![
                text("en", self.title(), &d.description),
                text("de", &self.german.title, &self.german.description),
            ],
            options: if one { vec![] } else { vec!["Size".to_owned()] },
            variants: variants.collect(),
        }
    }
}

async fn product(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::ProductsWrite>,
    draft: &Draft,
    picture: AssetId,
    place: Option<CategoryId>,
    origin: CustomFieldId,
    locations: &[LocationId],
) -> Result<Good, flows::Error> {
    let id = catalog::create_product(tx, ctx, permit, &draft.new_product(place)).await?;
    let variants: Vec<VariantId> =
        catalog::get(tx, ctx.store.id, id).await?.variants.iter().map(|v| v.id).collect();
    assets::attach(tx, ctx, permit, Subject::Product, id.uuid(), picture, draft.title())
        .await
        .map_err(vault_says)?;
    if let Some(country) = draft.origin() {
        let value = [(origin, country.to_owned())];
        catalog::set_values(tx, ctx, Resource::Product, id.uuid(), &value).await?;
    }
    for (variant, way) in variants.iter().zip(&draft.ways) {
        let price =
            NewPrice { compare_at_minor: way.was_minor, ..NewPrice::plain(*variant, way.price_minor) };
        pricing::set_price(tx, ctx, permit, price).await?;
    }
    // one stock for all sizes: a case takes so many of the same pieces, a sack so many of the same grams
    let first = draft.ways[0].units;
    let item = if draft.is_weighed() {
        inventory::create_weighed_item(tx, ctx, variants[0], first, true, false).await?
    } else {
        inventory::create_item(tx, ctx, variants[0], true, false).await?
    };
    for (variant, way) in variants.iter().zip(&draft.ways) {
        inventory::attach(tx, *variant, item, way.units).await?;
    }
    let demand = draft.sold.demand;
    let par: Vec<(LocationId, i64)> = locations
        .iter()
        .enumerate()
        .map(|(i, location)| {
            let units = match (draft.is_weighed(), i) {
                (true, 0) => 2_500 * demand + 2_500,
                (true, _) => 5_000 * demand + 10_000,
                (false, 0) => 7 * demand + 6,
                (false, _) => 12 * demand + 24,
            };
            (*location, units)
        })
        .collect();
    let count = ctx.permit()?;
    for (location, units) in &par {
        inventory::adjust(tx, ctx, &count, item, *location, *units, Reason::Initial, "").await?;
    }
    Ok(Good { slug: draft.sold.slug.clone(), demand, item, variants, par })
}

/// Pictures of categories, and the home page's opening.
async fn faces(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<perms::ProductsWrite>,
    tree: &[Category],
    places: &HashMap<String, CategoryId>,
    drafts: &[Draft],
    pictures: &[AssetId],
) -> Result<(), flows::Error> {
    // the most wanted of a category stands for it, above it too
    let best = |wanted: &dyn Fn(&Draft) -> bool| {
        let all = drafts.iter().zip(pictures).filter(|(d, _)| wanted(d));
        all.max_by_key(|(d, _)| d.sold.demand).map(|(_, picture)| *picture)
    };
    for c in tree {
        let here = |d: &Draft| {
            d.sold.category == c.key || tree.iter().any(|t| t.key == d.sold.category && t.parent == c.key)
        };
        if let (Some(id), Some(picture)) = (places.get(&c.key), best(&here)) {
            assets::attach(tx, ctx, permit, Subject::Category, id.uuid(), picture, &c.en)
                .await
                .map_err(vault_says)?;
        }
    }
    let hero = Hero {
        title: PerLocale::default()
            .with("en", "Picked yesterday, on your table tomorrow")
            .with("de", "Gestern gepflückt, morgen auf Ihrem Tisch"),
        text: PerLocale::default()
            .with(
                "en",
                "Fruit and vegetables from growers we know by name, packed in Amsterdam every morning.",
            )
            .with("de", "Obst und Gemüse von Bauern, die wir kennen, jeden Morgen in Amsterdam gepackt."),
        // a product's photo is too small to open a page with; the row of products does
        image: None,
        link: "/c/fruit".to_owned(),
    };
    site::set_setting(tx, ctx, &ctx.permit()?, hero).await?;
    Ok(())
}
