//! Many products at once, as a file gives them.

use super::*;

fn wanted(handle: &str, title: &str, variants: &[(&str, &str)]) -> WantedProduct {
    WantedProduct {
        handle: handle.into(),
        title: Some(title.into()),
        options: Some(if variants[0].0.is_empty() { vec![] } else { vec!["Size".into()] }),
        variants: variants
            .iter()
            .map(|(size, sku)| WantedVariant {
                options: [Some((*size).to_owned()).filter(|s| !s.is_empty()), None, None],
                sku: Some(Some((*sku).to_owned()).filter(|s| !s.is_empty())),
                ..WantedVariant::default()
            })
            .collect(),
        ..WantedProduct::default()
    }
}

type Outcome = Vec<Result<Imported, Refusal>>;

async fn import(db: &Db, ctx: &Ctx, batch: &[WantedProduct]) -> Outcome {
    let (ctx, batch) = (ctx.clone(), batch.to_vec());
    db.write("import", async move |tx: &mut Tx| {
        let handles: Vec<String> = batch.iter().map(|w| w.handle.clone()).collect();
        let plans = plan(tx, &ctx, "en", &batch, &|h: &str| handles.iter().any(|x| x == h)).await?;
        let good: Vec<&Plan> = plans.iter().flatten().collect();
        apply(tx, &ctx, &good).await?;
        Ok::<_, Error>(plans.into_iter().map(|p| p.map(|p| p.imported())).collect())
    })
    .await
    .unwrap()
}

fn change(r: &Result<Imported, Refusal>) -> Change {
    r.as_ref().unwrap().change
}

testkit::on_both! {
    migrations = M;

    async fn twice_is_once(db) {
        let ctx = testkit::ctx();
        let batch = [wanted("shirt", "Shirt", &[("S", "S1"), ("M", "S2")]), wanted("tea", "Tea", &[("", "T1")])];
        let first = import(&db, &ctx, &batch).await;
        assert!(first.iter().all(|r| change(r) == Change::Created));
        let before = read(&db, &ctx, first[0].as_ref().unwrap().product).await;
        let second = import(&db, &ctx, &batch).await;
        assert!(second.iter().all(|r| change(r) == Change::Unchanged));
        assert_eq!(first[0].as_ref().unwrap().variants, second[0].as_ref().unwrap().variants);
        assert_eq!(read(&db, &ctx, first[0].as_ref().unwrap().product).await, before);
        clean(&db).await;
    }

    async fn a_missing_column_keeps_and_an_empty_cell_clears(db) {
        let ctx = testkit::ctx();
        let mut w = wanted("tea", "Tea", &[("", "T1")]);
        w.vendor = Some("Leaf".into());
        w.description = Some(CleanHtml::of("<b>fine</b><script>x</script>"));
        w.variants[0].weight_grams = Some(Some(100));
        let id = import(&db, &ctx, &[w]).await[0].as_ref().unwrap().product;
        let keeps = WantedProduct { handle: "tea".into(), vendor: Some(String::new()), variants: vec![WantedVariant::default()], ..WantedProduct::default() };
        assert_eq!(change(&import(&db, &ctx, &[keeps]).await[0]), Change::Updated);
        let p = read(&db, &ctx, id).await;
        assert_eq!((p.facts.vendor.as_str(), p.texts[0].title.as_str(), p.texts[0].description.as_str()), ("", "Tea", "<b>fine</b>"));
        assert_eq!((p.variants[0].weight_grams, p.variants[0].sku.as_deref()), (Some(100), Some("T1")));
        let mut clears = wanted("tea", "Tea", &[("", "")]);
        clears.variants[0].weight_grams = Some(None);
        import(&db, &ctx, &[clears]).await;
        let p = read(&db, &ctx, id).await;
        assert_eq!((p.variants.len(), p.variants[0].weight_grams, p.variants[0].sku.as_deref()), (1, None, None));
        clean(&db).await;
    }

    async fn variants_are_known_by_options_then_sku_and_left_out_ones_retire(db) {
        let ctx = testkit::ctx();
        let r = import(&db, &ctx, &[wanted("shirt", "Shirt", &[("S", "S1"), ("M", "S2"), ("L", "S3")])]).await;
        let first = r[0].as_ref().unwrap().clone();
        // other order, S renamed (known by its SKU), M with a new SKU (known by its value), L left out
        let r = import(&db, &ctx, &[wanted("shirt", "Shirt", &[("m", "S9"), ("Small", "S1")])]).await;
        let second = r[0].as_ref().unwrap().clone();
        assert_eq!(second.variants, [first.variants[1], first.variants[0]]);
        let p = read(&db, &ctx, first.product).await;
        assert_eq!(p.active().count(), 2);
        // back again: the same variant, and not a new one
        let r = import(&db, &ctx, &[wanted("shirt", "Shirt", &[("S", "S1"), ("M", "S2"), ("L", "S3")])]).await;
        assert_eq!(r[0].as_ref().unwrap().variants, first.variants);
        // without option columns a variant is known by its SKU
        let mut w = wanted("shirt", "Shirt", &[("", "S3")]);
        w.options = None;
        w.variants[0].cost_minor = Some(Some(5));
        assert_eq!(import(&db, &ctx, &[w.clone()]).await[0].as_ref().unwrap().variants, [first.variants[2]]);
        w.variants[0].sku = Some(Some("S8".into()));
        assert_eq!(import(&db, &ctx, &[w]).await[0].as_ref().unwrap_err().variant, Some(0));
        assert_eq!(read(&db, &ctx, first.product).await.active().count(), 3);
        clean(&db).await;
    }

    async fn a_product_is_known_by_sku_when_its_handle_is_new(db) {
        let ctx = testkit::ctx();
        let first = import(&db, &ctx, &[wanted("tea", "Tea", &[("", "T1")])]).await[0].as_ref().unwrap().clone();
        let r = import(&db, &ctx, &[wanted("green-tea", "Green tea", &[("", "T1")])]).await;
        assert_eq!((r[0].as_ref().unwrap().product, change(&r[0])), (first.product, Change::Updated));
        // back by its former address, though the SKU is another now
        let r = import(&db, &ctx, &[wanted("tea", "Tea", &[("", "T2")])]).await;
        assert_eq!(r[0].as_ref().unwrap().product, first.product);
        // but never a product that the file itself holds
        let r = import(&db, &ctx, &[wanted("tea", "Tea", &[("", "T2")]), wanted("copy", "Copy", &[("", "T2")])]).await;
        assert_eq!(change(&r[0]), Change::Unchanged);
        assert!(r[1].as_ref().unwrap_err().reason.contains("T2"), "{r:?}");
        clean(&db).await;
    }

    async fn wrong_ones_are_refused_and_the_others_stand(db) {
        let ctx = testkit::ctx();
        create(&db, &ctx, simple("Other", "O1")).await.unwrap();
        let mut no_title = wanted("x", "", &[("", "")]);
        no_title.title = None;
        let r = import(&db, &ctx, &[
            no_title,
            wanted("twins", "Twins", &[("S", ""), ("s", "")]),
            wanted("thief", "Thief", &[("S", "A"), ("M", "O1")]),
            wanted("good", "Good", &[("S", "G1")]),
            wanted("double", "Double", &[("", "G1")]),
        ]).await;
        assert!(r[0].as_ref().unwrap_err().reason.contains("title"));
        assert_eq!(r[1].as_ref().unwrap_err().variant, Some(1));
        let thief = r[2].as_ref().unwrap_err();
        assert!(thief.variant == Some(1) && thief.reason.contains("O1") && thief.reason.contains("other"), "{thief:?}");
        assert_eq!(change(&r[3]), Change::Created);
        assert!(r[4].is_err());
        clean(&db).await;
    }

    async fn custom_values_change_only_when_they_differ(db) {
        let ctx = testkit::ctx();
        let c = ctx.clone();
        let field = db.write("field", async move |tx: &mut Tx| ensure_fields(tx, &c, &[NewField { resource: Resource::Product, namespace: "c".into(), key: "k".into(), name: "K".into(), kind: FieldKind::Text }]).await).await.unwrap()[0].id;
        let with = |v: &str| WantedProduct { values: vec![(field, v.into())], ..wanted("tea", "Tea", &[("", "")]) };
        assert_eq!(change(&import(&db, &ctx, &[with("a")]).await[0]), Change::Created);
        assert_eq!(change(&import(&db, &ctx, &[with("a")]).await[0]), Change::Unchanged);
        let r = import(&db, &ctx, &[with("b")]).await;
        assert_eq!(change(&r[0]), Change::Updated);
        let id = r[0].as_ref().unwrap().product;
        assert_eq!(read(&db, &ctx, id).await.version, 2, "an editor who read the old one is told");
        assert_eq!(change(&import(&db, &ctx, &[with("")]).await[0]), Change::Updated);
        clean(&db).await;
    }
}
