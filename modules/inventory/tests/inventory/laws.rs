//! Every law is proven by breaking it.

use inventory::LAWS;

use crate::world::{MIGRATIONS, Shop};

const BREAKS: &[(&str, &str)] = &[
    ("inventory.ledger_is_level", "update stock_level set on_hand = on_hand + 1"),
    ("inventory.commitments_explain_levels", "update stock_level set reserved = reserved + 1"),
    ("inventory.commitments_have_levels", "delete from stock_level"),
    ("inventory.commitments_are_whole_units", "update commitment set factor = 3"),
    ("inventory.movements_have_levels", "delete from stock_level"),
    ("inventory.closed_commitments_are_done", "update commitment set state = 'closed'"),
    ("inventory.below_zero_only_on_purpose", "update stock_level set reserved = reserved + 9"),
];

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn every_law_can_be_broken(db) {
        let w = Shop::open(&db).await;
        let (variant, _) = w.good(5, 0).await;
        w.want(variant, 2).await.unwrap();
        w.lawful().await;
        testkit::break_each(&db, LAWS, BREAKS).await;
        w.lawful().await;
        for text in db::texts() { if let Err(e) = db.prepare(text).await { panic!("{e}\n{text}"); } }
    }
}
