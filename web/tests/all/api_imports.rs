//! Product files by the API: sent, brought in by a task, looked after by polling.

use serde_json::json;

use crate::program::Program;
use crate::world::{MIGRATIONS, World};

const FILE: &str = "Handle,Title,Published,Status,Variant SKU,Variant Price,Washes\n\
    pear,Pear,TRUE,active,P1,0.99,30\nplum,Plum,TRUE,active,P2,cheap,40\n";

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn a_file_is_sent_and_brought_in(db) {
        let world = World::new(&db).await;
        let staff = Program::new(&world, kernel::perms::ALL).await;
        let key = [("idempotency-key", "the-fruit-file")];
        let sent = staff.upload("/admin/imports?file_name=fruit.csv", FILE, &key).await.is(201);
        assert_eq!((&sent["state"], &sent["rows_total"], &sent["file_name"]), (&json!("running"), &json!(0), &json!("fruit.csv")));
        let at = format!("/admin/imports/{}", sent.id());
        assert!(sent.header("location").ends_with(&at));
        world.work().await;
        let done = staff.get(&at).await.is(200);
        assert_eq!((&done["state"], &done["created"], &done["refused"]), (&json!("done"), &json!(1), &json!(1)), "{}", done.json);
        assert_eq!((&done["row_position"], &done["rows_total"]), (&json!(2), &json!(2)));
        assert_eq!(done["remarks"][0]["row"], 2);
        assert!(done["remarks"][0]["reason"].as_str().unwrap().contains("'cheap'"), "{}", done.json);
        assert_eq!(done["fields"][0]["column"], "Washes");
        assert!(done["refused_rows_until"].is_string());
        let (status, kind, csv) = staff.text(&format!("{at}/refused-rows")).await;
        assert_eq!((status.as_u16(), kind.as_str()), (200, "text/csv; charset=utf-8"));
        assert!(csv.contains("plum") && !csv.contains("pear"), "{csv}");
        // the same request again is the same import, also when it is through
        let again = staff.upload("/admin/imports?file_name=fruit.csv", FILE, &key).await.is(201);
        assert_eq!((again.id(), &again["state"]), (sent.id(), &json!("done")));
        let other = staff.upload("/admin/imports?file_name=fruit.csv", "Handle,Title\na,A\n", &key).await;
        other.problem(409, "idempotency_key_reused");
        assert_eq!(staff.get("/admin/imports").await.is(200)["data"].as_array().unwrap().len(), 1);
        assert_eq!(staff.get("/admin/products?search=Pear").await.is(200)["data"].as_array().unwrap().len(), 1);
        staff.upload("/admin/imports", "", &[]).await.problem(400, "bad_request");
    }

    async fn a_dry_run_writes_nothing_and_a_strange_file_says_why(db) {
        let world = World::new(&db).await;
        let staff = Program::new(&world, &["products:read", "products:write"]).await;
        let dry = staff.upload("/admin/imports?dry_run=true", FILE, &[]).await.is(201);
        let strange = staff.upload("/admin/imports", "Email\na@b.c\n", &[]).await.is(201);
        let stock = "Handle,Title,Variant Inventory Tracker,Variant Inventory Qty\nfig,Fig,shopify,9\n";
        let stock = staff.upload("/admin/imports", stock, &[]).await.is(201);
        world.work().await;
        let told = staff.get(&format!("/admin/imports/{}", dry.id())).await.is(200);
        assert_eq!((&told["state"], &told["dry_run"], &told["created"]), (&json!("done"), &json!(true), &json!(1)), "{}", told.json);
        let told = staff.get(&format!("/admin/imports/{}", strange.id())).await.is(200);
        assert_eq!(told["state"], "failed");
        assert!(told["error"].as_str().unwrap().contains("no product file"));
        let told = staff.get(&format!("/admin/imports/{}", stock.id())).await.is(200);
        assert_eq!(told["state"], "failed", "a key without inventory:write sets no stock: {}", told.json);
        staff.get(&format!("/admin/imports/{}/refused-rows", strange.id())).await.problem(404, "not_found");
        assert_eq!(world.count("select cast(count(*) as bigint) from product").await, 3);
    }
}
