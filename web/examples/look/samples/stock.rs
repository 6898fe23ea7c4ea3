//! Products, categories, inventory, imports.

use super::*;

const GOODS: [&str; 9] = [
    "Cox’s Orange apples",
    "Sourdough loaf",
    "Olive oil, first pressing",
    "Blood oranges",
    "Rye crispbread",
    "Raw milk cheese, aged eighteen months in a cave near the border",
    "Cherry tomatoes",
    "Oat milk",
    "Sea salt",
];

pub fn screens(l: Locale, all: &mut Vec<Screen>) {
    products(l, all);
    product(l, all);
    categories(l, all);
    inventory(l, all);
    imports(l, all);
}

fn products(l: Locale, all: &mut Vec<Screen>) {
    use Chip::*;
    let row = |i: usize| ProductRow {
        id: format!("prd_{i}"),
        picture: None,
        title: GOODS[i].into(),
        state: [ProductLive, ProductLive, ProductDraft, ProductRetired, ProductScheduled][i % 5],
        category: "Fruit".into(),
        variants: i as u32 % 3 + 1,
        price: "€3.20 – €24.00".into(),
        stock: if i == 3 { "0 available" } else { "48 available" }.into(),
        stock_low: i == 3,
        updated: when("Yesterday"),
    };
    let list = ProductsView {
        shell: shell(l, Section::Products),
        tabs: tabs(
            &[
                ("products-view-all", ""),
                ("products-view-live", "50"),
                ("products-view-draft", "3"),
                ("products-view-retired", ""),
            ],
            0,
        ),
        filter: Fields::new(),
        filtered: false,
        categories: choices(&[("cat_1", "Fruit"), ("cat_2", "Fruit › Citrus")]),
        rows: (0..GOODS.len()).map(row).collect(),
        pager: pager(),
        can_edit: true,
        can_import: true,
    };
    put(all, l, "products", list.clone());
    put(all, l, "products-empty", ProductsView { rows: vec![], pager: Pager::default(), ..list });
}

fn product(l: Locale, all: &mut Vec<Screen>) {
    let mut form = Fields::new();
    form.set("title.en", "Cox’s Orange apples").set("title.de", "Cox-Orange-Äpfel");
    form.set("description.en", "Crisp and aromatic, from the orchards along the river.");
    form.set("slug.en", "cox-orange-apples").set("status", "live").set("category_id", "cat_1");
    form.set("option.1.name", "Size").set("option.1.values", "Single, Kilo, Case");
    for (key, size, price) in [("0", "Single", "0.55"), ("1", "Kilo", "3.20"), ("2", "Case", "24.00")] {
        form.set(&format!("variant.{key}.option1"), size);
        form.set(&format!("variant.{key}.sku"), format!("APL-COX-{key}"));
        form.set(&format!("variant.{key}.price"), price);
        form.set(&format!("variant.{key}.weight_grams"), "180");
    }
    form.set("custom.origin", "Altes Land").set("custom.organic", "on").set("tags", "apple, autumn");
    let variant = |key: &str, title: &str| VariantRow {
        key: key.into(),
        title: title.into(),
        stock: "48 available".into(),
        stock_href: "/admin/inventory/itm_1".into(),
        policy: "Counted, and not sold when out of stock.".into(),
        open: key == "1",
    };
    let image = |id: &str| ProductImage {
        id: id.into(),
        picture: Picture { src: format!("/img/{id}/320.webp"), alt: "Red and yellow apples".into() },
    };
    let custom = |key: &str, label: &str, kind| CustomField { key: key.into(), label: label.into(), kind };
    let view = ProductView {
        shell: shell(l, Section::Products),
        id: Some("prd_1".into()),
        title: "Cox’s Orange apples".into(),
        state: Chip::ProductLive,
        store_href: "/p/cox-orange-apples".into(),
        form: form.clone(),
        statuses: choices(&[("draft", "Draft"), ("live", "Live"), ("retired", "Retired")]),
        categories: choices(&[("cat_1", "Fruit"), ("cat_2", "Fruit › Citrus")]),
        tax_classes: choices(&[("standard", "Standard"), ("food", "Food")]),
        locales: languages(),
        images: vec![image("img_1"), image("img_2"), image("img_3")],
        variants: vec![variant("0", "Single"), variant("1", "Kilo"), variant("2", "Case")],
        option_names: vec!["Size".into()],
        custom: vec![
            custom("origin", "Origin", "text"),
            custom("story", "Story", "multiline"),
            custom("organic", "Organic", "bool"),
        ],
        variant_custom: vec![custom("shelf", "Shelf", "text")],
        pictures: choices(&[("img_1", "1. Red and yellow apples")]),
        currency: "EUR".into(),
        price_hint: "Prices include tax".into(),
        can_edit: true,
        can_stock: true,
    };
    put(all, l, "product", view.clone());
    form.set("title.en", "").set("variant.1.price", "3,2O");
    form.fail("title.en", "Give the product a title").fail("variant.1.price", "Not a price: 3,2O");
    form.fail("images", "notes.txt is not an image");
    put(all, l, "product-errors", ProductView { form, ..view.clone() });
    put(
        all,
        l,
        "product-new",
        ProductView {
            id: None,
            title: words::t(l, "product-new"),
            state: Chip::ProductDraft,
            store_href: String::new(),
            form: Fields::new(),
            images: vec![],
            variants: vec![VariantRow {
                key: "0".into(),
                title: String::new(),
                stock: String::new(),
                stock_href: String::new(),
                policy: String::new(),
                open: false,
            }],
            option_names: vec![],
            custom: vec![],
            variant_custom: vec![],
            pictures: vec![],
            ..view.clone()
        },
    );
    put(all, l, "product-read-only", ProductView { can_edit: false, ..view });
}

fn categories(l: Locale, all: &mut Vec<Screen>) {
    let row = |id: &str, name: &str, depth, products, has_children| CategoryRow {
        id: id.into(),
        name: name.into(),
        slug: name.to_lowercase(),
        depth,
        products,
        has_children,
    };
    let parents = choices(&[("cat_1", "Fruit"), ("cat_2", "Fruit › Citrus")]);
    let view = CategoriesView {
        shell: shell(l, Section::Categories),
        rows: vec![
            row("cat_1", "Fruit", 0, 14, true),
            row("cat_2", "Citrus", 1, 6, true),
            row("cat_3", "Oranges", 2, 3, false),
            row("cat_4", "Bread", 0, 8, false),
        ],
        parents,
        locales: languages(),
        form: Fields::new(),
        edit: None,
        can_edit: true,
    };
    put(all, l, "categories", view.clone());
    let mut form = Fields::new().with("name.en", "").with("slug.en", "bread");
    form.fail("name.en", "Give the category a name");
    let edit = CategoryEdit {
        id: "cat_4".into(),
        name: "Bread".into(),
        picture: Some(Picture { src: "/img/c/320.webp".into(), alt: "Bread".into() }),
        form,
        can_delete: true,
    };
    put(all, l, "categories-edit", CategoriesView { edit: Some(edit), ..view.clone() });
    put(all, l, "categories-empty", CategoriesView { rows: vec![], parents: vec![], ..view });
}

fn inventory(l: Locale, all: &mut Vec<Screen>) {
    let row = |i: usize| StockRow {
        item_id: format!("itm_{i}"),
        location_id: "loc_1".into(),
        picture: None,
        title: GOODS[i].into(),
        sku: format!("SKU-{i}"),
        weighed: i == 4,
        location: if i.is_multiple_of(2) { "Shop, Torstraße" } else { "Warehouse Lichtenberg" }.into(),
        on_hand: if i == 4 { "24,000\u{a0}g".into() } else { format!("{}", i * 12) },
        counted: if i == 4 { "24000".into() } else { format!("{}", i * 12) },
        unavailable: "0".into(),
        reserved: "2".into(),
        allocated: "5".into(),
        available: match i {
            2 => "−3".into(),
            4 => "18,500\u{a0}g".into(),
            _ => format!("{}", i * 9),
        },
        out: i == 0,
        below_zero: i == 2,
    };
    let reasons = choices(&[("counted", "Counted"), ("damaged", "Damaged")]);
    let view = InventoryView {
        shell: shell(l, Section::Inventory),
        tabs: tabs(
            &[("inventory-view-all", ""), ("inventory-view-out", "6"), ("inventory-view-below-zero", "1")],
            0,
        ),
        filter: Fields::new(),
        filtered: false,
        locations: locations(),
        reasons: reasons.clone(),
        rows: (0..GOODS.len()).map(row).collect(),
        form: Fields::new(),
        pager: pager(),
        can_adjust: true,
    };
    put(all, l, "inventory", view.clone());
    let mut form = Fields::new().with("on_hand.itm_1.loc_1", "many");
    form.fail("on_hand.itm_1.loc_1", "Not a quantity: many");
    put(all, l, "inventory-errors", InventoryView { form, ..view.clone() });
    put(all, l, "inventory-empty", InventoryView { rows: vec![], ..view });
    let movement = |kind: &str, change: &str| MovementRow {
        when: when("Today 18:37"),
        location: "Shop, Torstraße".into(),
        kind: kind.into(),
        note: String::new(),
        change: change.into(),
        negative: change.starts_with('−'),
        balance: "36".into(),
        actor: "Mara Lind".into(),
    };
    let item = InventoryItemView {
        shell: shell(l, Section::Inventory),
        item_id: "itm_1".into(),
        title: "Cox’s Orange apples, kilo".into(),
        sku: "APL-COX-KG".into(),
        unit: "counted in pieces".into(),
        weighed: false,
        product_href: "/admin/products/prd_1".into(),
        levels: vec![row(1), row(2)],
        movements: vec![movement("Shipped", "−2"), movement("Counted", "+12"), movement("Damaged", "−1")],
        pager: pager(),
        form: Fields::new(),
        policy: Fields::new().with("tracked", "on"),
        locations: locations(),
        reasons,
        can_adjust: true,
    };
    put(all, l, "inventory-item", item.clone());
    let mut form = Fields::new().with("change", "lots");
    form.fail("change", "Give a whole number");
    put(all, l, "inventory-item-errors", InventoryItemView { form, movements: vec![], ..item });
    let location = |id: &str, name: &str, state| LocationRow {
        id: id.into(),
        name: name.into(),
        address: "Torstraße 140, 10119 Berlin".into(),
        priority: "1".into(),
        state,
        items: 148,
    };
    let places = LocationsView {
        shell: shell(l, Section::Locations),
        rows: vec![
            location("loc_1", "Shop, Torstraße", Chip::Active),
            location("loc_2", "Warehouse Lichtenberg", Chip::Inactive),
        ],
        form: Fields::new().with("active", "on"),
        editing: None,
        countries: countries(),
        can_edit: true,
    };
    put(all, l, "locations", places.clone());
    put(all, l, "locations-empty", LocationsView { rows: vec![], editing: Some("loc_1".into()), ..places });
}

fn imports(l: Locale, all: &mut Vec<Screen>) {
    use Chip::*;
    let row = |file: &str, state, products, errors| ImportRow {
        id: "imp_1".into(),
        file: file.into(),
        started: when("Today 09:13"),
        actor: "Mara Lind".into(),
        state,
        products,
        errors,
    };
    let list = ImportsView {
        shell: shell(l, Section::Imports),
        form: Fields::new(),
        rows: vec![
            row("products_export_1.csv", ImportRunning, 400, 0),
            row("autumn.csv", ImportDoneWithErrors, 212, 7),
            row("first.csv", ImportDone, 50, 0),
        ],
        pager: Pager::default(),
        limit: "50 MB".into(),
    };
    put(all, l, "imports", list.clone());
    let mut form = Fields::new();
    form.fail("file", "This is not a product CSV: it has no column “Title”");
    put(all, l, "imports-empty", ImportsView { rows: vec![], form, ..list });
    let one = ImportView {
        shell: shell(l, Section::Imports),
        id: "imp_1".into(),
        file: "autumn.csv".into(),
        state: ImportDoneWithErrors,
        dry_run: false,
        started: when("Today 09:13"),
        took: "4 s".into(),
        running: false,
        percent: 100,
        progress: String::new(),
        products_created: 180,
        products_updated: 32,
        products_unchanged: 4,
        error_count: 7,
        errors: vec![
            ImportError { line: 14, message: "Price “4,9O” is not a number".into() },
            ImportError { line: 92, message: "SKU OAT-1 belongs to another product".into() },
        ],
        kept_until: Some("30 Dec".into()),
        custom_columns: vec!["Origin (product.metafields.custom.origin)".into(), "Supplier note".into()],
        failure: String::new(),
    };
    put(all, l, "import", one.clone());
    let running = ImportView {
        running: true,
        percent: 41,
        progress: "12,400 of 30,000 rows".into(),
        state: ImportRunning,
        dry_run: true,
        errors: vec![],
        error_count: 0,
        custom_columns: vec![],
        ..one.clone()
    };
    put(all, l, "import-running", running);
    let failed = ImportView {
        state: ImportFailed,
        failure: "The file ends in the middle of row 93.".into(),
        error_count: 0,
        custom_columns: vec![],
        ..one
    };
    put(all, l, "import-failed", failed);
}
