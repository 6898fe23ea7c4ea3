//! The catalogue through its shop window, on both databases.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use catalog::*;
use db::{Db, Tx, params};
use kernel::{Ctx, Page, PageSize, Permit, ProductId, perms};

mod imports;
mod laws;

pub const M: &[db::Migrations] = &[work::MIGRATIONS, catalog::MIGRATIONS];

pub fn permit(ctx: &Ctx) -> Permit<perms::ProductsWrite> {
    ctx.permit().unwrap()
}

pub fn text(locale: &str, title: &str) -> TextInput {
    TextInput { locale: locale.into(), title: title.into(), ..TextInput::default() }
}

pub fn simple(title: &str, sku: &str) -> NewProduct {
    NewProduct {
        state: ProductState::Live,
        facts: Facts::default(),
        texts: vec![text("en", title)],
        options: vec![],
        variants: vec![VariantInput { sku: Some(sku.into()), ..VariantInput::default() }],
    }
}

pub async fn create(db: &Db, ctx: &Ctx, new: NewProduct) -> Result<ProductId, Error> {
    let ctx = ctx.clone();
    db.write("create", async move |tx: &mut Tx| create_product(tx, &ctx, &permit(&ctx), &new).await).await
}

pub async fn update(
    db: &Db,
    ctx: &Ctx,
    id: ProductId,
    version: i64,
    change: ProductChange,
) -> Result<i64, Error> {
    let ctx = ctx.clone();
    db.write("update", async move |tx: &mut Tx| {
        update_product(tx, &ctx, &permit(&ctx), id, version, &change).await
    })
    .await
}

pub async fn read(db: &Db, ctx: &Ctx, id: ProductId) -> Product {
    let store = ctx.store.id;
    db.read(async move |tx: &mut Tx| get(tx, store, id).await).await.unwrap()
}

pub async fn clean(db: &Db) {
    let broken = db.snapshot(async |tx: &mut Tx| db::check(tx, catalog::LAWS).await).await.unwrap();
    assert!(broken.is_empty(), "{broken:#?}");
}

fn shirt() -> NewProduct {
    let variant = |sku: &str, size: &str| VariantInput {
        sku: Some(sku.into()),
        options: [Some(size.into()), Some("Blue".into()), None],
        ..VariantInput::default()
    };
    NewProduct {
        options: vec!["Size".into(), "Colour".into()],
        variants: vec![variant("S-1", "S"), variant("S-2", "M")],
        ..simple("Shirt", "x")
    }
}

testkit::on_both! {
    migrations = M;

    async fn every_sql_text_is_understood(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap_or_else(|e| panic!("{e}: {text}"));
        }
    }

    async fn a_product_comes_back_as_it_was_given(db) {
        let ctx = testkit::ctx();
        let mut new = shirt();
        new.texts = vec![
            TextInput { description: "<p>Soft<script>x</script></p>".into(), ..text("en", " Shirt ") },
            text("de", "Hemd für Männer"),
        ];
        new.facts.tags = vec!["new".into(), " ".into(), "New".into()];
        let id = create(&db, &ctx, new).await.unwrap();
        let p = read(&db, &ctx, id).await;
        assert_eq!(p.text("en").unwrap().description, "<p>Soft</p>");
        assert_eq!(p.text("de").unwrap().slug, "hemd-fuer-maenner");
        assert_eq!(p.text("fr").unwrap().title, "Hemd für Männer", "another language rather than none");
        assert_eq!(p.facts.tags, ["new"]);
        assert_eq!(p.options, ["Size", "Colour"]);
        assert_eq!(p.variants[1].title(), "M / Blue");
        assert_eq!(p.version, 1);
        clean(&db).await;
    }

    async fn addresses_are_unique_and_former_ones_lead_on(db) {
        let ctx = testkit::ctx();
        let a = create(&db, &ctx, simple("Tea", "A")).await.unwrap();
        let b = create(&db, &ctx, simple("Tea", "B")).await.unwrap();
        assert_eq!(read(&db, &ctx, b).await.text("en").unwrap().slug, "tea-2");
        let to = |slug: &str| ProductChange {
            texts: Some(vec![TextInput { slug: Some(slug.into()), ..text("en", "Tea") }]),
            ..ProductChange::default()
        };
        assert!(matches!(update(&db, &ctx, b, 1, to("tea")).await, Err(Error::SlugTaken { .. })));
        assert_eq!(update(&db, &ctx, a, 1, to("green-tea")).await.unwrap(), 2);
        let store = ctx.store.id;
        let find = async |slug: &'static str| db.read(async move |tx: &mut Tx| by_slug(tx, store, "en", slug).await).await.unwrap();
        assert_eq!(find("green-tea").await, Some(Slug { product: a, moved_to: None }));
        assert_eq!(find("tea").await, Some(Slug { product: a, moved_to: Some("green-tea".into()) }));
        assert_eq!(update(&db, &ctx, b, 1, to("tea")).await.unwrap(), 2, "a former address is free");
        assert_eq!(find("tea").await, Some(Slug { product: b, moved_to: None }));
        assert_eq!(find("nothing").await, None);
        clean(&db).await;
    }

    async fn a_second_editor_is_told(db) {
        let ctx = testkit::ctx();
        let id = create(&db, &ctx, simple("Tea", "A")).await.unwrap();
        let vendor = |v: &str| ProductChange { facts: Some(Facts { vendor: v.into(), ..Facts::default() }), ..ProductChange::default() };
        assert_eq!(update(&db, &ctx, id, 1, vendor("One")).await.unwrap(), 2);
        assert!(matches!(update(&db, &ctx, id, 1, vendor("Two")).await, Err(Error::Stale)));
        assert_eq!(update(&db, &ctx, id, 2, vendor("One")).await.unwrap(), 2, "no change, no version");
        let audits: i64 = db.read(async |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from audit", &[]).await).await.unwrap();
        assert_eq!(audits, 2);
    }

    async fn variants_keep_their_ids_swap_skus_and_retire(db) {
        let ctx = testkit::ctx();
        let id = create(&db, &ctx, shirt()).await.unwrap();
        let p = read(&db, &ctx, id).await;
        let as_input = |v: &Variant, sku: &str| VariantInput { id: Some(v.id), sku: Some(sku.into()), options: v.options.clone(), ..VariantInput::default() };
        let swapped = vec![as_input(&p.variants[0], "S-2"), as_input(&p.variants[1], "S-1")];
        update(&db, &ctx, id, 1, ProductChange { variants: Some((p.options.clone(), swapped)), ..ProductChange::default() }).await.unwrap();
        let q = read(&db, &ctx, id).await;
        assert_eq!(q.variants[0].id, p.variants[0].id);
        assert_eq!(q.variants[0].sku.as_deref(), Some("S-2"));
        let one = vec![as_input(&p.variants[0], "S-2")];
        update(&db, &ctx, id, 2, ProductChange { variants: Some((p.options.clone(), one)), ..ProductChange::default() }).await.unwrap();
        let q = read(&db, &ctx, id).await;
        assert_eq!(q.active().count(), 1);
        assert_eq!(q.variants.len(), 2, "retired, not gone");
        create(&db, &ctx, simple("Other", "S-1")).await.expect("a retired variant leaves its SKU free");
        assert!(matches!(create(&db, &ctx, simple("Third", "S-2")).await, Err(Error::SkuTaken { .. })));
        clean(&db).await;
    }

    async fn wrong_products_are_refused_beside_their_field(db) {
        let ctx = testkit::ctx();
        let wrong = |e: Error| match e { Error::Invalid { field, .. } => field, other => panic!("{other}") };
        let mut p = shirt();
        p.variants[1].options[1] = None;
        assert_eq!(wrong(create(&db, &ctx, p).await.unwrap_err()), "variants.1.option2");
        let mut p = shirt();
        p.variants[1].options[0] = Some("s".into());
        assert_eq!(wrong(create(&db, &ctx, p).await.unwrap_err()), "variants.1.option1");
        let mut p = shirt();
        p.variants[1].sku = Some("S-1".into());
        assert_eq!(wrong(create(&db, &ctx, p).await.unwrap_err()), "variants.1.sku");
        let mut p = shirt();
        p.options.pop();
        assert_eq!(wrong(create(&db, &ctx, p).await.unwrap_err()), "variants.0.option2");
        assert_eq!(wrong(create(&db, &ctx, NewProduct { texts: vec![text("en", " ")], ..shirt() }).await.unwrap_err()), "title");
        assert_eq!(wrong(create(&db, &ctx, NewProduct { variants: vec![], ..shirt() }).await.unwrap_err()), "variants");
        let mut p = shirt();
        p.facts.category = Some(ctx.id());
        assert_eq!(wrong(create(&db, &ctx, p).await.unwrap_err()), "category");
    }

    async fn lists_page_by_page_with_filters(db) {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 1);
        for i in 0..7 {
            clock.advance(std::time::Duration::from_secs(1));
            let mut p = simple(&format!("Tea 100% no. {i}"), &format!("T_{i}"));
            if i % 2 == 0 { p.state = ProductState::Draft; }
            create(&db, &ctx, p).await.unwrap();
        }
        let ask = async |filter: ListFilter, cursor: Option<String>| -> Page<ProductRow> {
            let ctx = ctx.clone();
            db.read(async move |tx: &mut Tx| {
                let after = cursor.map(|c| kernel::Cursor::decode(&c).unwrap());
                list(tx, &ctx, &ctx.permit().unwrap(), &filter, after.as_ref(), PageSize::new(3)).await
            }).await.unwrap()
        };
        let (mut titles, mut next) = (vec![], None);
        loop {
            let page = ask(ListFilter::default(), next).await;
            titles.extend(page.rows.iter().map(|r| r.title.clone()));
            next = page.next;
            if next.is_none() { break; }
        }
        assert_eq!(titles.len(), 7);
        assert_eq!(titles[0], "Tea 100% no. 6");
        let drafts = ask(ListFilter { state: Some(ProductState::Draft), ..ListFilter::default() }, None).await;
        assert!(drafts.rows.iter().all(|r| r.state == ProductState::Draft) && drafts.next.is_some());
        for (words, hits) in [("t_3", 1), ("100% NO. 2", 1), ("%%", 0), ("tea", 3)] {
            assert_eq!(ask(ListFilter { search: words.into(), ..ListFilter::default() }, None).await.rows.len(), hits, "{words}");
        }
        let store = ctx.store.id;
        let c = db.read(async move |tx: &mut Tx| counts(tx, store).await).await.unwrap();
        assert_eq!((c.draft, c.live, c.retired), (4, 3, 0));
    }

    async fn the_category_tree_grows_moves_and_empties(db) {
        let ctx = testkit::ctx();
        let c = ctx.clone();
        db.write("tree", async move |tx: &mut Tx| {
            let ctx = &c;
            let paths = [vec!["Men".to_owned(), "Shirts".into()], vec!["Women".into(), "Shirts".into()], vec!["men".into(), "SHIRTS".into(), "Long".into()]];
            let ids = ensure_categories(tx, ctx, "en", &paths).await?;
            assert_eq!(ensure_categories(tx, ctx, "en", &paths).await?, ids, "made once");
            let tree = category_tree(tx, ctx.store.id, "en").await?;
            let shape: Vec<(usize, &str, &str)> = tree.iter().map(|c| (c.depth, c.name.as_str(), c.slug.as_str())).collect();
            assert_eq!(shape, [(0, "Men", "men"), (1, "Shirts", "shirts"), (2, "Long", "long"), (0, "Women", "women"), (1, "Shirts", "women-shirts")]);
            let (men, long, women) = (tree[0].id, ids[2], tree[3].id);
            let permit = permit(ctx);
            assert!(matches!(move_category(tx, ctx, &permit, men, Some(long), 0).await, Err(Error::Loop)));
            move_category(tx, ctx, &permit, women, None, 0).await?;
            move_category(tx, ctx, &permit, long, Some(women), 0).await?;
            let tree = category_tree(tx, ctx.store.id, "en").await?;
            let names: Vec<&str> = tree.iter().map(|c| c.name.as_str()).collect();
            assert_eq!(names, ["Women", "Long", "Shirts", "Men", "Shirts"]);
            assert!(matches!(delete_category(tx, ctx, &permit, men).await, Err(Error::NotEmpty { children: 1, .. })));
            set_category_texts(tx, ctx, &permit, long, &[CategoryText { locale: "en".into(), name: "Sleeves".into(), slug: "sleeves".into(), description: String::new() }]).await?;
            assert_eq!(category_by_slug(tx, ctx.store.id, "en", "long").await?, Some((long, Some("sleeves".into()))));
            let mut product = simple("Tee", "T");
            product.facts.category = Some(long);
            create_product(tx, ctx, &permit, &product).await?;
            let filter = ListFilter { category: Some(women), ..ListFilter::default() };
            assert_eq!(list(tx, ctx, &ctx.permit().unwrap(), &filter, None, PageSize::default()).await?.rows.len(), 1, "below counts too");
            assert!(matches!(delete_category(tx, ctx, &permit, long).await, Err(Error::NotEmpty { products: 1, .. })));
            delete_category(tx, ctx, &permit, ids[0]).await?;
            Ok::<_, Error>(())
        }).await.unwrap();
        clean(&db).await;
    }

    async fn custom_fields_are_typed(db) {
        let ctx = testkit::ctx();
        let id = create(&db, &ctx, simple("Tea", "A")).await.unwrap();
        let c = ctx.clone();
        db.write("fields", async move |tx: &mut Tx| {
            let ctx = &c;
            let new = NewField { resource: Resource::Product, namespace: "custom".into(), key: "grams".into(), name: "Grams".into(), kind: FieldKind::Integer };
            let field = define_field(tx, ctx, &permit(ctx), &new).await?;
            assert!(matches!(define_field(tx, ctx, &permit(ctx), &new).await, Err(Error::FieldTaken { .. })));
            let set = async |tx: &mut Tx, v: &str| set_values(tx, ctx, Resource::Product, id.uuid(), &[(field, v.to_owned())]).await;
            assert!(matches!(set(tx, "many").await, Err(Error::Invalid { field, .. }) if field == "custom.grams"));
            set(tx, " 12 ").await?;
            set(tx, "13").await?;
            assert_eq!(values_of(tx, &[id.uuid()]).await?[0].value, "13");
            set(tx, "").await?;
            assert!(values_of(tx, &[id.uuid()]).await?.is_empty());
            let wide = NewField { kind: FieldKind::Decimal, ..new.clone() };
            assert_eq!(ensure_fields(tx, ctx, std::slice::from_ref(&wide)).await?[0].kind, FieldKind::Integer, "what a person defined stays");
            let guess = |kind| NewField { key: "guess".into(), kind, ..new.clone() };
            ensure_fields(tx, ctx, &[guess(FieldKind::Integer)]).await?;
            assert_eq!(ensure_fields(tx, ctx, &[guess(FieldKind::Date)]).await?[0].kind, FieldKind::Text);
            delete_field(tx, ctx, &permit(ctx), field).await?;
            Ok::<_, Error>(())
        }).await.unwrap();
        clean(&db).await;
    }

    async fn custom_fields_stand_in_the_order_they_are_given(db) {
        let ctx = testkit::ctx();
        db.write("fields", async move |tx: &mut Tx| {
            let ctx = &ctx;
            let new = |key: &str| NewField { resource: Resource::Order, namespace: "custom".into(), key: key.into(), name: key.to_uppercase(), kind: FieldKind::Text };
            let mut ids = vec![];
            for key in ["z", "m", "a"] {
                ids.push(define_field(tx, ctx, &permit(ctx), &new(key)).await?);
            }
            let keys = async |tx: &mut Tx| -> Result<String, Error> {
                Ok(fields(tx, ctx.store.id, Resource::Order).await?.into_iter().map(|f| f.key).collect())
            };
            assert_eq!(keys(tx).await?, "zma", "as they were defined");
            move_field(tx, ctx, &permit(ctx), ids[2], 0).await?;
            assert_eq!(keys(tx).await?, "azm");
            move_field(tx, ctx, &permit(ctx), ids[0], 99).await?;
            assert_eq!(keys(tx).await?, "amz");
            let order = ctx.id::<kernel::Order>().uuid();
            set_values(tx, ctx, Resource::Order, order, &[(ids[0], "1".into()), (ids[2], "2".into())]).await?;
            let shown: Vec<_> = values_of(tx, &[order]).await?.into_iter().map(|v| v.key).collect();
            assert_eq!(shown, ["a", "z"]);
            assert!(matches!(move_field(tx, ctx, &permit(ctx), ctx.id(), 0).await, Err(Error::NotFound { .. })));
            Ok::<_, Error>(())
        }).await.unwrap();
        clean(&db).await;
    }

    async fn sale_variants_say_whether_they_sell(db) {
        let ctx = testkit::ctx();
        let id = create(&db, &ctx, shirt()).await.unwrap();
        let ids: Vec<_> = read(&db, &ctx, id).await.variants.iter().map(|v| v.id).rev().collect();
        let c = ctx.clone();
        let ask = async |locale: &'static str| {
            let (c, ids) = (c.clone(), ids.clone());
            db.read(async move |tx: &mut Tx| for_sale(tx, &c, &ids, locale).await).await.unwrap()
        };
        let sale = ask("de").await;
        assert_eq!(sale.iter().map(|s| s.variant).collect::<Vec<_>>(), ids);
        assert_eq!((sale[0].title.as_str(), sale[0].variant_title.as_str(), sale[0].for_sale), ("Shirt", "M / Blue", true));
        let c2 = ctx.clone();
        db.write("state", async move |tx: &mut Tx| set_state(tx, &c2, &permit(&c2), id, ProductState::Draft).await).await.unwrap();
        assert!(ask("en").await.iter().all(|s| !s.for_sale));
    }

    async fn runs_are_fenced(db) {
        let ctx = testkit::ctx();
        db.write("run", async move |tx: &mut Tx| {
            let new = NewRun { file_name: "a.csv".into(), file_sha256: [7; 32], file_bytes: 100, options: "{}".into(), error_file: None, rows_total: 10, report: "{}".into(), sent: false, dry_run: false };
            let id = ctx.id();
            begin_run(tx, &ctx, id, &new).await?;
            advance_run(tx, &ctx, id, 0, &Progress { row_position: 4, byte_position: 40, created: 2, ..Progress::default() }, Some("{\"categories\":1}")).await?;
            let again = advance_run(tx, &ctx, id, 0, &Progress { row_position: 4, ..Progress::default() }, None).await;
            assert!(matches!(again, Err(Error::RunTaken)), "a batch stands once");
            advance_run(tx, &ctx, id, 4, &Progress { row_position: 10, byte_position: 100, updated: 1, ..Progress::default() }, None).await?;
            finish_run(tx, &ctx, id, None, None).await?;
            finish_run(tx, &ctx, id, Some("too late"), None).await?;
            let run = latest_run(tx, ctx.store.id, &[7; 32], false).await?.unwrap();
            assert_eq!(run.report, "{\"categories\":1}", "what was said stays said");
            assert!(latest_run(tx, ctx.store.id, &[7; 32], true).await?.is_none());
            assert_eq!((run.id, run.state, run.created, run.updated), (id, RunState::Done, 2, 1));
            assert_eq!(list_runs(tx, ctx.store.id, None, PageSize::default()).await?.rows.len(), 1);
            // a dry run begins anew wherever it was cut off: its counts are told as they are
            let dry = ctx.id();
            begin_run(tx, &ctx, dry, &NewRun { sent: true, dry_run: true, rows_total: 0, ..new }).await?;
            describe_run(tx, &ctx, dry, 9, "{}").await?;
            for created in [5, 3] {
                tally_run(tx, &ctx, dry, &Progress { row_position: created, created, ..Progress::default() }).await?;
            }
            let run = get_run(tx, ctx.store.id, dry).await?;
            assert_eq!((run.rows_total, run.row_position, run.created, run.dry_run), (9, 3, 3, true));
            assert!(matches!(tally_run(tx, &ctx, id, &Progress::default()).await, Err(Error::RunTaken)));
            Ok::<_, Error>(())
        }).await.unwrap();
        clean(&db).await;
    }

    async fn changes_are_told_to_the_feed(db) {
        let ctx = testkit::ctx();
        let id = create(&db, &ctx, simple("Tea", "A")).await.unwrap();
        let n: i64 = db.read(async move |tx: &mut Tx| tx.value("select cast(count(*) as bigint) from change where subject = 'product' and subject_id = $1", params![id]).await).await.unwrap();
        assert_eq!(n, 1);
    }
}
