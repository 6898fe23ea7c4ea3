//! What the back office does, for programs: with a key, or as signed-in staff.

mod access;
mod bulk;
mod categories;
mod customers;
mod documents;
mod fields;
mod figures;
mod images;
mod imports;
mod inventory;
mod locations;
mod mails;
mod orders;
mod payments;
mod prices;
mod product_views;
mod products;
mod redirects;
mod refunds;
mod settings;
mod shipments;
mod shipping;
mod staff;
mod store;
mod taxes;
mod work;

use kernel::perms::{
    AccessWrite, AnalyticsRead, CustomersRead, CustomersWrite, InventoryRead, InventoryWrite, OrdersFulfil,
    OrdersRead, OrdersRefund, OrdersWrite, PaymentsCapture, ProductsRead, ProductsWrite, SettingsWrite,
    SystemRead, SystemWrite,
};

use super::table::{Api, may};
use crate::Auth;

pub(super) fn routes(api: Api) -> Api {
    system(people(money(stock(goods(api)))))
}

fn goods(api: Api) -> Api {
    let (see, write) = (may::<ProductsRead>(), may::<ProductsWrite>());
    let images = "/products/{product}/images";
    api.part("admin", "Products")
        .get("/products", see, "Products, those changed last first", products::list)
        .post("/products", write, "Makes a product", products::create)
        .get("/products/{product}", see, "A product", products::get)
        .patch("/products/{product}", write, "Changes a product; what is not named stays", products::update)
        .get("/variants/{variant}/prices", see, "What a variant costs, by quantity", prices::list)
        .put("/variants/{variant}/prices", write, "Sets a price", prices::set)
        .delete("/variants/{variant}/prices/{min_quantity}", write, "Takes a price away", prices::clear)
        .get(images, see, "A product's pictures", images::list)
        .post(images, write, "Adds a picture: its bytes as the body", images::add)
        .put(images, write, "Sorts the pictures", images::sort)
        .patch("/products/{product}/images/{asset}", write, "Says what is on a picture", images::describe)
        .delete("/products/{product}/images/{asset}", write, "Takes a picture off a product", images::remove)
        .get("/products/{product}/fields", see, "The values of the shop's own fields", fields::values)
        .put("/products/{product}/fields", write, "Sets values of the shop's own fields", fields::set_values)
        .get("/fields", see, "The shop's own fields", fields::list)
        .post("/fields", write, "Defines a field", fields::create)
        .patch("/fields/{field}", write, "Renames a field", fields::rename)
        .delete("/fields/{field}", write, "Removes a field and its values", fields::remove)
        .part("admin", "Categories")
        .get("/categories", see, "All categories, each behind the one it lies in", categories::list)
        .post("/categories", write, "Makes a category", categories::create)
        .get("/categories/{category}", see, "A category in every language", categories::get)
        .patch("/categories/{category}", write, "Renames or moves a category", categories::update)
        .delete("/categories/{category}", write, "Removes an empty category", categories::remove)
        .part("admin", "Imports")
        .get("/imports", see, "Imports, the newest first", imports::list)
        .post(
            "/imports",
            write,
            "Takes a product file, sent as the body, to be imported by a task; ask how it stands",
            imports::create,
        )
        .get("/imports/{import}", see, "How an import stands", imports::get)
        .get(
            "/imports/{import}/refused-rows",
            see,
            "The rows an import refused, with their reasons",
            imports::refused_rows,
        )
}

fn stock(api: Api) -> Api {
    let (see, write) = (may::<InventoryRead>(), may::<InventoryWrite>());
    let settings = may::<SettingsWrite>();
    api.part("admin", "Inventory")
        .get("/inventory/levels", see, "What lies where, of some variants", inventory::levels)
        .put("/inventory/levels", write, "Sets what was counted", inventory::count)
        .post("/inventory/adjustments", write, "Adds or takes away, with a reason", inventory::adjust)
        .get(
            "/inventory/items/{item}/movements",
            see,
            "An item's ledger, the newest first",
            inventory::movements,
        )
        .patch("/inventory/items/{item}", write, "Is it counted, may it be oversold?", inventory::policy)
        .get("/locations", see, "Where stock lies", locations::list)
        .post("/locations", settings, "Makes a location", locations::create)
        .patch("/locations/{location}", settings, "Changes a location", locations::update)
}

fn money(api: Api) -> Api {
    let (see, write) = (may::<OrdersRead>(), may::<OrdersWrite>());
    let (refund, fulfil, capture) = (may::<OrdersRefund>(), may::<OrdersFulfil>(), may::<PaymentsCapture>());
    api.part("admin", "Orders")
        .get("/orders", see, "Orders, the newest first", orders::list)
        .post("/order-batches", see, "Ships or captures several orders at once", bulk::run)
        .get("/orders/{order}", see, "An order", orders::get)
        .patch("/orders/{order}", write, "Sets note, tags, hold", orders::update)
        .get("/orders/{order}/comments", see, "An order's timeline, the newest first", orders::timeline)
        .post("/orders/{order}/comments", write, "Says something on the timeline", orders::comment)
        .post(
            "/orders/{order}/cancellation",
            write,
            "Calls an order off that was not shipped",
            orders::cancel,
        )
        .part("admin", "Fulfilment")
        .get(
            "/orders/{order}/fulfilment-orders",
            see,
            "What locations were asked to ship",
            shipments::requests,
        )
        .get("/fulfilment-orders", fulfil, "What is to be shipped, the oldest first", shipments::to_ship)
        .patch(
            "/fulfilment-orders/{fulfilment}",
            fulfil,
            "Holds it, lets it go on, begins to pick",
            shipments::steer,
        )
        .get(
            "/fulfilment-orders/{fulfilment}/packing-slip",
            fulfil,
            "What is still to be packed of it, as a page to print",
            documents::slip_of_request,
        )
        .get(
            "/fulfilment-orders/{fulfilment}/pick-list",
            fulfil,
            "Where its goods lie, as a page to print",
            documents::list_of_request,
        )
        .get(
            "/shipments/{shipment}/packing-slip",
            fulfil,
            "What is in a parcel, as a page to print",
            documents::slip_of_shipment,
        )
        .get("/orders/{order}/shipments", see, "An order's parcels", shipments::list)
        .post("/orders/{order}/shipments", fulfil, "Ships a parcel", shipments::create)
        .patch("/shipments/{shipment}", fulfil, "Sets tracking, delivered, lost", shipments::update)
        .part("admin", "Money")
        .get("/orders/{order}/payments", see, "An order's payments", payments::list)
        .post("/payments/{payment}/captures", capture, "Takes authorised money", payments::capture)
        .post("/payments/{payment}/voiding", capture, "Lets go of what was not taken", payments::void)
        .post(
            "/payments/{payment}/receipts",
            capture,
            "Records money that was due by terms",
            payments::receive,
        )
        .post(
            "/payments/{payment}/inquiries",
            write,
            "Asks the provider what became of an undecided attempt",
            payments::ask,
        )
        .post(
            "/payments/{payment}/decision",
            capture,
            "Says what became of an undecided attempt whose provider cannot be asked",
            payments::decide,
        )
        .get("/orders/{order}/refunds", see, "An order's refunds", refunds::list)
        .post("/orders/{order}/refunds", refund, "Gives money back", refunds::create)
        .post("/orders/{order}/refund-previews", refund, "What a refund would come to", refunds::preview)
}

fn people(api: Api) -> Api {
    let (see, write) = (may::<CustomersRead>(), may::<CustomersWrite>());
    let access = may::<AccessWrite>();
    let addresses = "/customers/{customer}/addresses";
    api.part("admin", "Customers")
        .get("/customers", see, "Customers, the newest first", customers::list)
        .post("/customers", write, "Remembers a customer, by e-mail", customers::create)
        .get("/customers/{customer}", see, "A customer", customers::get)
        .patch("/customers/{customer}", write, "Changes a customer", customers::update)
        .get(addresses, see, "A customer's addresses", customers::addresses)
        .post(addresses, write, "Adds an address", customers::add_address)
        .put(
            "/customers/{customer}/default-address",
            write,
            "Says which address forms begin with",
            customers::set_default_address,
        )
        .put(
            "/customers/{customer}/addresses/{address}",
            write,
            "Replaces an address",
            customers::update_address,
        )
        .delete(
            "/customers/{customer}/addresses/{address}",
            write,
            "Removes an address",
            customers::remove_address,
        )
        .part("admin", "Access")
        .get("/me", Auth::Key, "Who asks, and what they may", staff::me)
        .get("/staff", access, "Who works here", staff::list)
        .post("/staff", access, "Takes somebody on", staff::create)
        .get("/staff/{staff}", access, "Somebody who works here", staff::get)
        .patch("/staff/{staff}", access, "Changes name, e-mail, roles, or shuts out", staff::update)
        .get("/roles", access, "Roles", access::roles)
        .post("/roles", access, "Makes a role", access::create_role)
        .put("/roles/{role}", access, "Changes a role", access::update_role)
        .delete("/roles/{role}", access, "Removes a role", access::delete_role)
        .get("/permissions", Auth::Key, "Every permission there is", access::permissions)
        .get("/keys", access, "API keys", access::keys)
        .post("/keys", access, "Makes a key; its secret is told only now", access::create_key)
        .delete("/keys/{key}", access, "Revokes a key", access::revoke_key)
}

fn system(api: Api) -> Api {
    let settings = may::<SettingsWrite>();
    let (see, write) = (may::<SystemRead>(), may::<SystemWrite>());
    let zone = "/shipping-zones/{zone}";
    let method = "/shipping-methods/{method}";
    api.part("admin", "Settings")
        .get("/store", Auth::Key, "The shop", store::get)
        .patch("/store", settings, "Changes the shop's own facts", store::update)
        .get("/settings", settings, "All settings", settings::all)
        .put("/settings/{setting}", settings, "Sets one", settings::set)
        .get("/redirects", settings, "Paths that moved, by old path", redirects::list)
        .put("/redirects", settings, "Sends one path to another", redirects::set)
        .delete("/redirects", settings, "Takes a redirect back", redirects::remove)
        .get("/payment-methods", settings, "Ways to pay that there are", settings::payment_methods)
        .get("/tax-rates", settings, "Tax rates", taxes::list)
        .post("/tax-rates", settings, "Makes a tax rate", taxes::create)
        .put("/tax-rates/{rate}", settings, "Changes a tax rate", taxes::update)
        .delete("/tax-rates/{rate}", settings, "Removes a tax rate", taxes::remove)
        .get("/shipping-zones", settings, "Countries that ship alike, with their methods", shipping::zones)
        .post("/shipping-zones", settings, "Makes a zone", shipping::create_zone)
        .put(zone, settings, "Changes a zone", shipping::update_zone)
        .delete(zone, settings, "Removes a zone and its methods", shipping::delete_zone)
        .post("/shipping-zones/{zone}/methods", settings, "Makes a way to ship", shipping::create_method)
        .put(method, settings, "Changes a way to ship", shipping::update_method)
        .delete(method, settings, "Removes a way to ship", shipping::delete_method)
        .part("admin", "Figures")
        .get("/figures", may::<AnalyticsRead>(), "Sales of a period against the one before", figures::home)
        .part("admin", "Work")
        .get("/queues", see, "Queues: how many, how old, what failed", work::queues)
        .get("/tasks", see, "Tasks in a state", work::tasks)
        .post("/tasks/{task}/replay", write, "Runs a dead or waiting task again, now", work::replay)
        .post("/task-replays", write, "Runs dead tasks again, of one kind or of all", work::replay_all)
        .get("/alerts", see, "What a person must look at", work::alerts)
        .post("/alert-resolutions", write, "An alert was seen to", work::resolve)
        .get("/events", see, "News, the newest first", work::events)
        .get("/doctor", see, "Asks every law of the books, and writes nothing", work::doctor)
        .get("/mails", see, "What was written to customers", mails::list)
        .get("/mails/{mail}", see, "A mail", mails::get)
}

/// Who chose an idempotency key: two programs may choose alike.
fn asker(ctx: &kernel::Ctx) -> String {
    ctx.actor.id().map(|id| id.simple().to_string()).unwrap_or_default()
}
