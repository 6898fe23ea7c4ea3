//! Buying: once, whatever is pressed, refused, lost or typed.

use std::time::Duration;

use reqwest::StatusCode;

use crate::world::{MIGRATIONS, World, fill};

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn an_invoice_goes_elsewhere_and_a_word_comes_along(db) {
        let world = World::new(&db).await;
        let guest = world.browser();
        guest.add("mango", "1").await;
        let page = guest.get("/checkout").await.ok();
        page.has("Invoice to another address").has("name=\"billing_line1\"").has_not("name=\"news\" value=\"on\" checked");
        let mut form = guest.form("bank_transfer", "").await;
        form.extend([
            ("billing", "on".to_owned()), ("billing_country", "DE".to_owned()), ("billing_name", "Hopper GmbH".to_owned()),
            ("billing_line1", "Torstr. 1".to_owned()), ("billing_postcode", "1".to_owned()), ("billing_city", "Berlin".to_owned()),
            ("note", "Leave it <b>next door</b>".to_owned()), ("news", "on".to_owned()),
        ]);
        let refused = guest.submit(&form).await;
        assert_eq!(refused.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
        refused.has("f-billing_postcode-e").has("href=\"#f-billing_postcode\"").has("value=\"Torstr. 1\"").has("value=\"Hopper GmbH\"");
        refused.has("name=\"billing\" value=\"on\" checked").has("name=\"news\" value=\"on\" checked").has("Leave it &lt;b&gt;next door");
        // what was typed is there on another visit too
        guest.get("/checkout").await.ok().has("value=\"Torstr. 1\"").has("next door").has("name=\"news\" value=\"on\" checked");
        form.iter_mut().find(|(n, _)| *n == "billing_postcode").unwrap().1 = "10119".to_owned();
        let order = guest.submit(&form).await.to().to_owned();
        guest.get(&order).await.ok().has("Hopper GmbH").has("Damrak 1");
        let one = "select cast(count(*) as bigint) from orders where billing_address like '%Hopper GmbH%'
             and shipping_address like '%Damrak%' and note like 'Leave it%' and consent like 'Corner Shop may%'";
        assert_eq!(world.count(one).await, 1);

        let guest = world.browser();
        guest.add("mango", "1").await;
        let page = guest.get("/de/checkout").await.ok();
        page.has("Rechnung an eine andere Adresse").has("Ein Wort an uns").has("Corner Shop darf mir per E-Mail");
        // fields of an address that was folded away again do not count
        let mut form = guest.form("bank_transfer", "").await;
        form.extend([("billing_name", "Nobody".to_owned()), ("billing_country", "DE".to_owned())]);
        assert!(guest.submit(&form).await.status.is_redirection());
        assert_eq!(world.count("select cast(count(*) as bigint) from orders where billing_address like '%Nobody%' or (consent <> '' and note = '')").await, 0);
    }

    async fn a_guest_buys(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        assert_eq!(b.add("pink-lady", "2").await.to(), "/cart");
        let cart = b.get("/cart").await.ok();
        cart.has("Pink Lady").has("€1.60").has("Check out");
        let page = b.get("/checkout").await.ok();
        page.has("name=\"email\"").has("Netherlands").has("Parcel").has("€5.00").has("€6.60").has("tok_success");
        let form = fill(&page, "test", "tok_success");
        let thanks = b.follow(b.submit(&form).await).await.ok();
        thanks.has("Thank you for your order").has("grace@example.com").has("Pink Lady").has("€6.60").has("Damrak 1");
        assert_eq!(thanks.header("referrer-policy"), "no-referrer");
        assert_eq!(world.count("select cast(count(*) as bigint) from orders where state = 'placed'").await, 1);
        assert_eq!(world.count("select cast(sum(allocated) as bigint) from stock_level").await, 2);
        // the cart is gone, the order stays at its address
        b.get("/cart").await.ok().has("Your cart is empty");
        let link = thanks.text.split("href=\"/orders/").nth(1).unwrap().split('"').next().unwrap();
        let status = b.get(&format!("/orders/{link}")).await.ok();
        status.has("We prepare your order").has("Pink Lady").has("You placed the order");
        world.browser().get(&format!("/de/orders/{link}")).await.ok().has("Bestellung");
    }

    async fn a_purchase_costs_few_statements_and_commits(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        let mango = b.get("/p/mango").await.ok().input("variant_id");
        let page = b.get("/p/pink-lady").await.ok();
        let lady = page.text.split("name=\"variant_id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        world.state.end().await; // its look at the change feed would be counted too
        let (statements, units) = (db.stats().statements(), db.stats().units());
        for variant in [&mango, &lady] {
            b.post("/cart/lines", &[("variant_id", variant), ("quantity", "1")]).await;
        }
        let added = (db.stats().statements() - statements, db.stats().units() - units);
        let page = b.get("/checkout").await.ok();
        let (statements, units) = (db.stats().statements(), db.stats().units());
        let seen = b.submit(&fill(&page, "test", "tok_success")).await;
        assert!(seen.to().starts_with("/orders/"));
        let placed = (db.stats().statements() - statements, db.stats().units() - units);
        assert!(added.0 + placed.0 <= 36, "{added:?} and {placed:?} statements");
        assert_eq!(added.1 + placed.1, 5, "two lines, the details, the order, its payment");
    }

    async fn a_transfer_is_due(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let form = b.form("bank_transfer", "").await;
        let thanks = b.follow(b.submit(&form).await).await.ok();
        thanks.has("as soon as your transfer has arrived").has("Bank transfer");
        assert_eq!(world.count("select cast(count(*) as bigint) from payment where state = 'due'").await, 1);
    }

    async fn nothing_typed_is_lost(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let mut form = b.form("test", "").await;
        let set = |form: &mut Vec<(&'static str, String)>, name: &str, value: &str| {
            form.iter_mut().filter(|(k, _)| *k == name).for_each(|(_, v)| *v = value.to_owned());
        };
        set(&mut form, "email", "not an e-mail");
        set(&mut form, "postcode", "99");
        set(&mut form, "city", "");
        set(&mut form, "name", "Zoë \"Zo\" O'Brien <x>");
        let seen = b.submit(&form).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.has("Enter an e-mail address").has("href=\"#f-email\"").has("href=\"#f-postcode\"").has("href=\"#f-city\"");
        seen.has("Enter a test token").has("not an e-mail").has("value=\"99\"").has("Damrak 1");
        seen.has("Zoë &quot;Zo&quot; O").has_not("<x>");
        // also when the shopper goes away and comes back
        let back = b.get("/checkout").await.ok();
        back.has("Damrak 1").has("not an e-mail").has("Zoë &quot;Zo&quot;");
        // a country recalculates and changes the form
        set(&mut form, "country", "US");
        form.iter_mut().filter(|(k, _)| *k == "action").for_each(|(_, v)| *v = "update".to_owned());
        let seen = b.submit(&form).await.ok();
        seen.has("We do not deliver to this address").has("Damrak 1").has("name=\"region\"");
        assert_eq!(world.order_count().await, 0);
    }

    async fn a_double_submit_makes_one_order(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "2").await;
        let form = b.form("test", "tok_success").await;
        let all = (0..4).map(|_| {
            let (b, form) = (b.clone(), form.clone());
            tokio::spawn(async move { b.submit(&form).await })
        });
        let mut orders = vec![];
        for one in all.collect::<Vec<_>>() {
            let seen = one.await.unwrap();
            orders.push(seen.to().to_owned());
        }
        orders.dedup();
        assert!(orders.len() == 1 && orders[0].starts_with("/orders/"), "{orders:?}");
        assert_eq!(world.order_count().await, 1);
        assert_eq!(world.count("select cast(count(*) as bigint) from payment").await, 1);
        assert_eq!(world.bank.accounts().await.unwrap().len(), 1, "one charge");
        // and once more, long after
        let seen = b.submit(&form).await;
        assert!(seen.to() == "/cart" || seen.to() == orders[0], "{}", seen.to());
        assert_eq!(world.order_count().await, 1);
    }

    async fn a_declined_card_is_followed_by_another(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "3").await;
        let form = b.form("test", "tok_decline").await;
        let seen = b.submit(&form).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.has("The bank declined this payment").has("Damrak 1").has("grace@example.com").has("tok_decline");
        // somebody else cannot have what is held
        let other = world.browser();
        assert_eq!(other.add("mango", "1").await.status, StatusCode::CONFLICT);
        // the page can be left and found again
        b.get("/checkout").await.ok().has("waits for its payment").has("€7.50");
        let again = fill(&seen, "test", "tok_success");
        let thanks = b.follow(b.submit(&again).await).await.ok();
        thanks.has("Thank you for your order");
        assert_eq!(world.order_count().await, 1);
        assert_eq!(world.count("select cast(count(*) as bigint) from payment").await, 2);
    }

    async fn an_order_is_paid_in_another_browser_by_its_own_page(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "3").await;
        b.submit(&b.form("test", "tok_decline").await).await;
        let secret: String = db.read(async |tx: &mut db::Tx| tx.value("select secret from orders", &[]).await).await.unwrap();
        let other = world.browser();
        other.add("pink-lady", "1").await;
        // a link that somebody sent changes nobody's cart
        let pay = format!("/orders/{secret}/pay");
        assert_eq!(other.get(&pay).await.status, StatusCode::METHOD_NOT_ALLOWED);
        other.get("/cart").await.ok().has_not("€7.50");
        other.get(&format!("/orders/{secret}")).await.ok().has(&format!("method=\"post\" action=\"{pay}\""));
        assert_eq!(other.post(&pay, &[]).await.to(), "/checkout");
        let seen = other.get("/checkout").await.ok();
        let thanks = other.follow(other.submit(&fill(&seen, "test", "tok_success")).await).await.ok();
        thanks.has("Thank you for your order");
        assert_eq!(world.order_count().await, 1);
    }

    async fn after_a_refusal_the_address_may_change(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let seen = b.submit(&b.form("test", "tok_decline").await).await;
        let mut form = fill(&seen, "bank_transfer", "");
        form.iter_mut().filter(|(k, _)| *k == "line1").for_each(|(_, v)| *v = "Singel 2".to_owned());
        let thanks = b.follow(b.submit(&form).await).await.ok();
        thanks.has("Thank you for your order").has("Singel 2");
        assert_eq!(world.count("select cast(count(*) as bigint) from orders where state = 'cancelled'").await, 1);
        assert_eq!(world.count("select cast(count(*) as bigint) from orders where state = 'placed'").await, 1);
    }

    async fn a_challenge_is_answered(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        for (answer, thanks) in [("refuse", false), ("approve", true)] {
            let seen = b.get("/checkout").await.ok();
            let to = b.submit(&fill(&seen, "test", "tok_challenge")).await.to().to_owned();
            assert!(to.starts_with("/test-bank/challenge/"), "{to}");
            b.get(&to).await.ok().has("Confirm this payment").has("€7.50");
            assert_eq!(world.browser().get(&to).await.status, StatusCode::NOT_FOUND, "somebody else's browser");
            let back = b.post(&to, &[("result", answer)]).await;
            let end = b.follow(back).await;
            if thanks {
                end.ok().has("Thank you for your order");
            } else {
                assert_eq!(end.status, StatusCode::UNPROCESSABLE_ENTITY);
                end.has("The payment was not confirmed").has("Damrak 1");
            }
        }
        assert_eq!(world.order_count().await, 1);
    }

    async fn what_was_just_sold_is_told_kindly(db) {
        let world = World::new(&db).await;
        let (a, b) = (world.browser(), world.browser());
        for browser in [&a, &b] {
            browser.add("mango", "2").await;
        }
        let (first, second) = (a.form("test", "tok_success").await, b.form("test", "tok_success").await);
        a.follow(a.submit(&first).await).await.ok().has("Thank you");
        let seen = b.submit(&second).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.has("Mango").has("1 left").has("Damrak 1").has("grace@example.com");
        assert_eq!(world.order_count().await, 1);
        b.get("/cart").await.ok().has("Only 1 left");
    }

    async fn a_cart_changed_elsewhere_is_shown_first(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let form = b.form("test", "tok_success").await;
        b.add("pink-lady", "1").await;
        let seen = b.submit(&form).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.has("Your cart has changed").has("Pink Lady");
        let thanks = b.follow(b.submit(&fill(&seen, "test", "tok_success")).await).await.ok();
        thanks.has("Thank you").has("Pink Lady");
    }

    async fn a_price_that_rose_is_shown_first(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let form = b.form("test", "tok_success").await;
        let mango = b.get("/p/mango").await.ok().input("variant_id");
        world.price(mango.parse().unwrap(), 300).await;
        let seen = b.submit(&form).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.has("A price has changed").has("€8.00").has("Damrak 1");
        b.follow(b.submit(&fill(&seen, "test", "tok_success")).await).await.ok().has("Thank you").has("€8.00");
    }

    async fn a_total_that_rose_is_shown_first(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let mut form = b.form("test", "tok_success").await;
        let total = form.iter_mut().find(|(name, _)| *name == "seen_total").unwrap();
        let less = total.1.parse::<i64>().unwrap() - 1; // as if shipping had cost a cent less
        total.1 = less.to_string();
        let seen = b.submit(&form).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.has("The total is").has("Damrak 1");
        b.follow(b.submit(&fill(&seen, "test", "tok_success")).await).await.ok().has("Thank you");
    }

    async fn a_closed_browser_ends_nothing_half_way(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let form = b.form("slow", "").await;
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let url = format!("{}/checkout", world.base);
        let gone = b.client.post(url).form(&form).timeout(Duration::from_millis(250)).send().await;
        assert!(gone.is_err(), "the browser did not wait");
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if world.count("select cast(count(*) as bigint) from orders where state = 'placed'").await == 1 {
                return;
            }
        }
        panic!("the order was left half-way");
    }

    async fn a_provider_tells_by_itself(db) {
        let world = World::new(&db).await;
        let b = world.browser();
        b.add("mango", "1").await;
        let seen = b.submit(&b.form("test", "tok_late").await).await;
        let page = b.follow(seen).await.ok();
        page.has("has not answered yet");
        let payment = world.bank.accounts().await.unwrap()[0].payment.clone();
        let url = format!("{}/hooks/payments/test", world.base);
        let notice = serde_json::json!({ "id": "n1", "kind": "payment", "payment": payment });
        for new in [true, false] {
            let answer = b.client.post(&url).json(&notice).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            let body: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(body["new"], new);
        }
        for (path, body, status) in [
            ("/hooks/payments/nobody", "{}", StatusCode::NOT_FOUND),
            ("/hooks/payments/test", "nonsense", StatusCode::BAD_REQUEST),
            ("/hooks/payments/test", "{\"id\":\"\",\"kind\":\"x\",\"payment\":\"pay_01h455vb4pex5vsknk084sn02q\"}", StatusCode::UNPROCESSABLE_ENTITY),
            ("/hooks/payments/test", "{\"id\":\"x\",\"kind\":\"x\",\"payment\":\"pay_01h455vb4pex5vsknk084sn02q\"}", StatusCode::NOT_FOUND),
            ("/hooks/payments/bank_transfer", &notice.to_string(), StatusCode::NOT_FOUND),
        ] {
            let answer = b.client.post(format!("{}{path}", world.base)).body(body.to_owned()).send().await.unwrap();
            assert_eq!(answer.status(), status, "{path} {body}");
        }
    }
}
