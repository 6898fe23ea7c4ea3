//! Each law is proven by breaking it.

use super::*;

async fn broken_by(db: &Db, ctx: &Ctx, law: &'static str, sql: &'static [&'static str]) {
    let id = create(db, ctx, simple("Tea", "A")).await.unwrap();
    let ctx2 = ctx.clone();
    db.write("tree", async move |tx: &mut Tx| {
        ensure_categories(tx, &ctx2, "en", &[vec!["A".into(), "B".into()]]).await?;
        let field = NewField {
            resource: Resource::Product,
            namespace: "c".into(),
            key: "k".into(),
            name: "K".into(),
            kind: FieldKind::Text,
        };
        let field = define_field(tx, &ctx2, &permit(&ctx2), &field).await?;
        set_values(tx, &ctx2, Resource::Product, id.uuid(), &[(field, "v".into())]).await?;
        let new = NewRun {
            file_name: "a.csv".into(),
            file_sha256: [7; 32],
            file_bytes: 100,
            options: "{}".into(),
            error_file: None,
            rows_total: 10,
            report: "{}".into(),
            sent: false,
            dry_run: false,
        };
        begin_run(tx, &ctx2, ctx2.id(), &new).await?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    clean(db).await;
    db.write("break", async move |tx: &mut Tx| {
        for text in sql {
            tx.script(text).await?;
        }
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    let broken = db.snapshot(async |tx: &mut Tx| db::check(tx, catalog::LAWS).await).await.unwrap();
    assert!(broken.iter().any(|v| v.law == law), "{law} was not broken: {broken:?}");
}

macro_rules! laws { ($($name:ident: $law:literal by $($sql:literal),+;)*) => {
    testkit::on_both! { migrations = M; $(
        async fn $name(db) { broken_by(&db, &testkit::ctx(), $law, &[$($sql),+]).await; }
    )* }
    #[test]
    fn every_law_is_broken_once() {
        let tried: std::collections::HashSet<&str> = [$($law),*].into();
        for law in catalog::LAWS { assert!(tried.contains(law.name), "{} has no test", law.name); }
    }
} }

laws! {
    no_text: "catalog.products_have_a_title" by "delete from product_text";
    no_variant: "catalog.products_have_a_variant" by "update variant set retired_at = 1";
    a_value_too_many: "catalog.options_are_complete" by "update variant set option1 = 'x'";
    a_gap: "catalog.options_are_complete" by "insert into product_option (product_id, position, name) select id, 2, 'x' from product";
    doubles: "catalog.variants_differ" by "insert into variant (id, product_id, store_id, position, created_at, updated_at) select store_id, product_id, store_id, 2, 0, 0 from variant";
    a_loop: "catalog.category_is_a_tree" by "update category set parent_id = (select c.id from category c where c.parent_id is not null) where parent_id is null";
    a_stranger: "catalog.custom_values_belong" by "update custom_value set subject_id = field_id";
    two_owners: "catalog.old_addresses_lead_on" by "insert into slug_history (store_id, kind, locale, slug, subject_id, at) select store_id, 'product', locale, slug, product_id, 0 from product_text";
    too_far: "catalog.imports_add_up" by "update import_run set row_position = 11";
}
