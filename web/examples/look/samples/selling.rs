//! Home, orders, shipping out, customers.

use super::*;

const NAMES: [&str; 12] = [
    "Ada Lindqvist",
    "Mei Tanaka",
    "Kofi Mensah",
    "Tomás Silva",
    "Priya Nair",
    "Liam O’Connor",
    "Chloé Martin",
    "Eva Novák",
    "Omar Farouk",
    "Jonas Weber",
    "Ines Castro",
    "Sofia Rossi",
];

fn orders(n: usize) -> Vec<OrderRow> {
    use Chip::*;
    let looks = [
        (PaymentPending, Unfulfilled, Some(OrderAwaitingPayment)),
        (PaymentAuthorised, Unfulfilled, None),
        (PaymentPaid, Fulfilled, None),
        (PaymentPaid, PartlyFulfilled, None),
        (PaymentPartlyRefunded, Fulfilled, Some(OrderClosed)),
        (PaymentFailed, NothingToFulfil, Some(OrderCancelled)),
        (PaymentDue, Unfulfilled, None),
        (PaymentUnknown, Unfulfilled, None),
    ];
    (0..n)
        .map(|i| {
            let (payment, fulfilment, state) = looks[i % looks.len()];
            OrderRow {
                id: format!("ord_{i}"),
                number: format!("#{}", 12480 - i),
                placed: when(if i < 5 { "Today 18:37" } else { "Yesterday 20:56" }),
                customer: NAMES[i % NAMES.len()].into(),
                country: if i % 4 == 0 { "Austria" } else { "Germany" }.into(),
                items: (i as u32 * 3) % 7 + 1,
                total: format!("€{}.{:02}", (i * 37) % 140 + 9, (i * 71) % 100),
                payment,
                fulfilment,
                state,
            }
        })
        .collect()
}

fn chart(days: usize) -> Chart {
    let points = (0..days)
        .map(|i| {
            let wave = [240, 243, 280, 276, 172, 184, 198, 212, 318, 300, 262, 252, 178, 214][i % 14];
            let value = 800 * wave + (i as i64) * 2100;
            let previous =
                700 * [220, 246, 230, 186, 150, 150, 186, 240, 262, 244, 196, 164, 166, 212][i % 14];
            ChartPoint {
                label: format!("{} Nov", i % 30 + 1),
                value,
                value_label: format!("€{}.{:02}", value / 100, value % 100),
                previous,
                previous_label: format!("€{}.{:02}", previous / 100, previous % 100),
            }
        })
        .collect();
    Chart::new(points, "24 Oct – 22 Nov", "24 Sep – 23 Oct", |v| format!("€{}", v / 100))
}

fn picture(name: &str) -> Option<Picture> {
    Some(Picture { src: format!("/img/{name}/160.webp"), alt: String::new() })
}

pub fn order_filter() -> (Vec<Choice>, Vec<Choice>) {
    (
        choices(&[("authorised", "Authorised"), ("paid", "Paid"), ("due", "Due"), ("refunded", "Refunded")]),
        choices(&[
            ("unfulfilled", "Unfulfilled"),
            ("partial", "Partly fulfilled"),
            ("fulfilled", "Fulfilled"),
        ]),
    )
}

pub fn screens(l: Locale, all: &mut Vec<Screen>) {
    home(l, all);
    order_list(l, all);
    order(l, all);
    refund(l, all);
    fulfil(l, all);
    customers(l, all);
}

fn home(l: Locale, all: &mut Vec<Screen>) {
    let kpi = |key, value: &str, change: Option<&str>, rising, rising_is_good| Kpi {
        key,
        value: value.into(),
        change: change.map(str::to_owned),
        rising,
        rising_is_good,
        href: "/admin/orders".into(),
    };
    let row = |what, count| AttentionRow { what, count, href: "/admin/orders".into() };
    let step = |key, done| SetupStep { key, href: "/admin/products".into(), done };
    let mut shell_flash = shell(l, Section::Home);
    shell_flash.flash = Some(Flash { text: "Shop created".into(), bad: false, undo: None });
    let full = HomeView {
        shell: shell(l, Section::Home),
        greeting: "home-morning",
        days: 30,
        kpis: vec![
            kpi("kpi-net-sales", "€81,942.10", Some("18.4 %"), true, true),
            kpi("kpi-orders", "1,204", Some("11.2 %"), true, true),
            kpi("kpi-average", "€68.06", Some("6.5 %"), false, true),
            kpi("kpi-refunds", "€1,210.00", Some("2.1 %"), false, false),
        ],
        chart: Some(chart(30)),
        attention: vec![
            row(Attention::OrdersToShip, 88),
            row(Attention::PaymentsToCapture, 3),
            row(Attention::PaymentsUnknown, 1),
            row(Attention::OutOfStock, 6),
            row(Attention::DeadTasks, 1),
            row(Attention::MailsFailing, 2),
        ],
        alerts: vec![HomeAlert {
            key: "refund:ref_1".into(),
            text: "The provider refused to refund €4.90: the card is closed".into(),
            when: when("Today 18:37"),
            href: "/admin/orders/ord_1".into(),
        }],
        steps: vec![],
        recent: orders(6),
        sees_figures: true,
    };
    put(all, l, "home", full.clone());
    put(all, l, "home-90", HomeView { days: 90, chart: Some(chart(90)), ..full.clone() });
    put(
        all,
        l,
        "home-empty",
        HomeView {
            shell: shell_flash,
            kpis: vec![
                kpi("kpi-net-sales", "€0.00", None, false, true),
                kpi("kpi-orders", "0", None, false, true),
                kpi("kpi-average", "–", None, false, true),
                kpi("kpi-refunds", "€0.00", None, false, false),
            ],
            chart: None,
            attention: vec![],
            alerts: vec![],
            steps: vec![
                step("step-products", true),
                step("step-taxes", true),
                step("step-shipping", false),
                step("step-payments", false),
                step("step-order", false),
            ],
            recent: vec![],
            ..full.clone()
        },
    );
    put(all, l, "home-warehouse", HomeView { sees_figures: false, ..full });
}

fn order_list(l: Locale, all: &mut Vec<Screen>) {
    let (payments, fulfilments) = order_filter();
    let mut shell = shell(l, Section::Orders);
    shell.flash = Some(Flash {
        text: "3 orders marked as fulfilled".into(),
        bad: false,
        undo: Some("/admin/orders".into()),
    });
    let full = OrdersView {
        shell,
        tabs: tabs(
            &[
                ("orders-view-all", ""),
                ("orders-view-to-ship", "88"),
                ("orders-view-awaiting-payment", "3"),
                ("orders-view-unpaid", "5"),
                ("orders-view-closed", ""),
                ("orders-view-cancelled", ""),
            ],
            0,
        ),
        filter: Fields::new(),
        filtered: false,
        payments,
        fulfilments,
        rows: orders(14),
        pager: pager(),
        capped: true,
        can_fulfil: true,
        can_capture: true,
    };
    put(all, l, "orders", full.clone());
    let empty = OrdersView { rows: vec![], pager: Pager::default(), ..full };
    put(all, l, "orders-empty", empty.clone());
    put(
        all,
        l,
        "orders-nothing",
        OrdersView { filtered: true, filter: Fields::new().with("q", "xyz"), ..empty },
    );
}

fn order(l: Locale, all: &mut Vec<Screen>) {
    use Chip::*;
    let line = |title: &str, variant: &str, sku: &str, price: &str, n: &str, total: &str| OrderLineRow {
        picture: picture(sku),
        title: title.into(),
        variant: variant.into(),
        sku: sku.into(),
        href: "/admin/products/prd_1".into(),
        unit_price: price.into(),
        quantity: n.into(),
        discount: String::new(),
        tax: "7 %".into(),
        total: total.into(),
        progress: String::new(),
    };
    let mut lines = vec![
        line("Cox’s Orange apples", "Kilo", "APL-COX-KG", "€3.20", "2", "€6.40"),
        line("Sourdough loaf", "", "BRD-SOUR", "€5.90", "1", "€5.90"),
        line("Olive oil, first pressing", "Case of six", "OIL-OLV-6", "€71.40", "1", "€69.40"),
    ];
    lines[2].discount = "−€2.00 Autumn".into();
    lines[0].progress = "1 of 2 shipped".into();
    let entry = |text: &str, actor: &str, comment, hot, bad| TimelineEntry {
        text: text.into(),
        actor: actor.into(),
        when: when("18:37"),
        comment,
        hot,
        bad,
    };
    let payment = |id: &str, state, capturable: &str, reason: &str| PaymentRow {
        id: id.into(),
        method: "Test card ending 4242".into(),
        state,
        created: when("Today 18:37"),
        reference: "tb_8f31c2".into(),
        authorised: "€86.60".into(),
        captured: "€0.00".into(),
        refunded: String::new(),
        reason: reason.into(),
        capturable: capturable.into(),
        seen: "0-0-0".into(),
        can_void: !capturable.is_empty(),
        can_mark_paid: false,
        can_ask: false,
        can_decide: false,
    };
    let fo_line = |title: &str, sku: &str, quantity: &str| FulfilmentLine {
        title: title.into(),
        sku: sku.into(),
        quantity: quantity.into(),
    };
    let fo = |id: &str, location: &str, state, lines, href: &str, shipments| FulfilmentOrderCard {
        id: id.into(),
        location: location.into(),
        state,
        lines,
        fulfil_href: href.into(),
        pick_list_href: "#".into(),
        packing_slip_href: "#".into(),
        shipments,
    };
    let shipment = ShipmentCard {
        number: "#12478-1".into(),
        state: ShipmentHandedOver,
        carrier: "DHL".into(),
        tracking_number: "00340434161094042557".into(),
        tracking_url: "https://example.com".into(),
        shipped: when("Today 19:02"),
        contents: "2 items".into(),
        deliver_href: "#".into(),
        lose_href: "#".into(),
        packing_slip_href: "#".into(),
        id: "shp_1".into(),
        can_edit: true,
    };
    let view = OrderView {
        shell: shell(l, Section::Orders),
        id: "ord_1".into(),
        number: "#12478".into(),
        placed: when("Today 18:37"),
        state: OrderPlaced,
        payment: PaymentAuthorised,
        fulfilment: PartlyFulfilled,
        source: "Online store · English".into(),
        custom: vec![CustomField { key: "fld_1".into(), label: "Delivery window".into(), kind: "text" }],
        lines,
        sums: vec![
            SumLine::new("Subtotal", "", "€83.70"),
            SumLine::new("Discount", "Autumn", "−€2.00"),
            SumLine::new("Shipping", "DHL Parcel, 4.4 kg", "€4.90"),
            SumLine::new("VAT 7 %", "included", "€5.67"),
            SumLine::total("Total", "€86.60"),
        ],
        money: vec![SumLine::new("Captured", "", "€0.00"), SumLine::new("Still to capture", "", "€86.60")],
        payments: vec![
            payment("pay_1", PaymentAuthorised, "86.60", ""),
            payment("pay_0", PaymentFailed, "", "The bank declined the card: insufficient funds."),
        ],
        fulfilment_orders: vec![
            fo(
                "fo_1",
                "Shop, Torstraße",
                FulfilmentOpen,
                vec![
                    fo_line("Cox’s Orange apples", "APL-COX-KG", "1 of 2 shipped"),
                    fo_line("Sourdough loaf", "BRD-SOUR", "1"),
                ],
                "/admin/orders/ord_1/fulfilment",
                vec![],
            ),
            fo(
                "fo_2",
                "Warehouse Lichtenberg",
                FulfilmentShipped,
                vec![fo_line("Olive oil, first pressing", "OIL-OLV-6", "1 of 1 shipped")],
                "",
                vec![shipment],
            ),
        ],
        timeline: vec![TimelineDay {
            label: "Today".into(),
            entries: vec![
                entry(
                    "Rang: please leave it with the neighbour, door on the left.\nSecond bell.",
                    "Mara Lind",
                    true,
                    false,
                    false,
                ),
                entry("Shipment #12478-1 handed to DHL", "Mara Lind", false, true, false),
                entry("Confirmation sent to kofi@example.com", "Mercer", false, false, false),
                entry("€86.60 authorised on test card ending 4242", "Mercer", false, true, false),
                entry("Payment of €86.60 failed: insufficient funds", "Mercer", false, false, true),
                entry("Order placed in the online store", "Kofi Mensah (customer)", false, false, false),
            ],
        }],
        customer: OrderCustomer {
            name: "Kofi Mensah".into(),
            href: "/admin/customers/cus_1".into(),
            email: "kofi@example.com".into(),
            phone: "+49 30 5550 1420".into(),
            summary: "7 orders · €612.40".into(),
        },
        ship_to: vec!["Kofi Mensah".into(), "Torstraße 140".into(), "10119 Berlin".into(), "Germany".into()],
        bill_to: vec![],
        same_address: true,
        shipping_method: "DHL Parcel".into(),
        note: "Ripe ones, if you can.".into(),
        tags: vec!["wholesale".into(), "gift".into()],
        can_refund: true,
        can_cancel: true,
        can_comment: true,
        hold: String::new(),
        can_hold: true,
        form: Fields::new().with("note", "Ripe ones, if you can.").with("tags", "wholesale, gift"),
        status_url: "/orders/abc".into(),
    };
    put(all, l, "order", view.clone());
    let mut due = payment("pay_2", PaymentDue, "", "");
    due.can_mark_paid = true;
    let mut unknown = payment("pay_3", PaymentUnknown, "", "");
    unknown.can_ask = true;
    put(
        all,
        l,
        "order-due",
        OrderView {
            payments: vec![due, unknown],
            fulfilment_orders: vec![],
            tags: vec![],
            note: String::new(),
            same_address: false,
            bill_to: view.ship_to.clone(),
            can_refund: false,
            hold: "Two orders of the same person within a minute".into(),
            state: OrderOnHold,
            payment: PaymentDue,
            ..view
        },
    );
    let reasons = choices(&[("customer", "Customer changed their mind"), ("stock", "Not in stock")]);
    let cancel = CancelView {
        shell: shell(l, Section::Orders),
        id: "ord_1".into(),
        number: "#12478".into(),
        form: Fields::new().with("notify", "on"),
        reasons,
        refundable: "€86.60".into(),
        refused: String::new(),
    };
    put(all, l, "order-cancel", cancel.clone());
    put(all, l, "order-cancel-refused", CancelView { refused: "All of it was shipped.".into(), ..cancel });
}

fn refund(l: Locale, all: &mut Vec<Screen>) {
    let line = |id: &str, title: &str, price: &str, left, amount: &str| RefundLine {
        line_id: id.into(),
        picture: picture(id),
        title: title.into(),
        sku: "APL-COX-KG".into(),
        unit_price: price.into(),
        left,
        amount: amount.into(),
        stocked: id != "l3",
    };
    let mut form = Fields::new();
    form.set("quantity.l1", "1").set("quantity.l2", "0").set("quantity.l3", "0").set("restock.l1", "on");
    form.set("shipping", "").set("location_id", "loc_1");
    let view = RefundView {
        shell: shell(l, Section::Orders),
        id: "ord_1".into(),
        number: "#12478".into(),
        currency: "EUR".into(),
        lines: vec![
            line("l1", "Cox’s Orange apples", "€3.20", 2, "€3.20"),
            line("l2", "Sourdough loaf", "€5.90", 1, "€0.00"),
            line("l3", "Gift wrapping", "€2.00", 1, "€0.00"),
        ],
        form: form.clone(),
        locations: locations(),
        reasons: choices(&[("damaged", "Damaged"), ("wrong", "Wrong item")]),
        shipping_left: "€4.90".into(),
        money_left: "€86.60".into(),
        sums: vec![
            SumLine::new("Items", "", "€3.20"),
            SumLine::new("Shipping", "", "€0.00"),
            SumLine::total("Refund", "€3.20"),
        ],
        total: "€3.20".into(),
        method: "Goes back to: test card ending 4242.".into(),
        can_comment: true,
    };
    put(all, l, "refund", view.clone());
    form.set("quantity.l1", "5").set("custom", "abc");
    form.fail("quantity.l1", "Only 2 apples can be refunded").fail("custom", "Give an amount such as 4.50");
    put(all, l, "refund-errors", RefundView { form, total: String::new(), ..view.clone() });
    put(all, l, "refund-nothing", RefundView { money_left: String::new(), ..view });
}

fn fulfil(l: Locale, all: &mut Vec<Screen>) {
    let line = |id: &str, title: &str, left| FulfilLine {
        line_id: id.into(),
        picture: None,
        title: title.into(),
        sku: "APL-COX-KG".into(),
        left,
        stock: "38 here".into(),
    };
    let form = Fields::new().with("quantity.l1", "2").with("quantity.l2", "1").with("notify", "on");
    let view = FulfilView {
        shell: shell(l, Section::Fulfilment),
        id: "ord_1".into(),
        number: "#12478".into(),
        fulfilment_order_id: "fo_1".into(),
        location: "Shop, Torstraße".into(),
        method: "DHL Parcel".into(),
        ship_to: vec!["Kofi Mensah".into(), "Torstraße 140".into(), "10119 Berlin".into(), "Germany".into()],
        others: vec![Link { href: "#".into(), label: "Warehouse Lichtenberg".into() }],
        lines: vec![line("l1", "Cox’s Orange apples", 2), line("l2", "Sourdough loaf", 1)],
        form: form.clone(),
        carriers: vec!["DHL".into(), "DPD".into(), "UPS".into()],
        warning: String::new(),
        pick_list_href: "#".into(),
        packing_slip_href: "#".into(),
    };
    put(all, l, "fulfil", view.clone());
    let mut bad = form;
    bad.fail("quantity.l1", "Ship at least one item");
    let warning = "This order is not paid yet.".to_owned();
    put(all, l, "fulfil-errors", FulfilView { form: bad, warning, ..view.clone() });
    put(all, l, "fulfil-nothing", FulfilView { lines: vec![], ..view });

    let row = |i: usize| FulfilmentRow {
        id: format!("fo_{i}"),
        order_href: "/admin/orders/ord_1".into(),
        order_number: format!("#{}", 12480 - i),
        placed: when("Today 18:37"),
        late: i == 2,
        customer: NAMES[i].into(),
        country: "Germany".into(),
        location: "Shop, Torstraße".into(),
        method: "DHL Parcel".into(),
        items: i as u32 + 1,
        state: if i == 3 { Chip::FulfilmentOnHold } else { Chip::FulfilmentOpen },
        fulfil_href: if i == 3 { String::new() } else { "#".into() },
    };
    let list = FulfilmentView {
        shell: shell(l, Section::Fulfilment),
        tabs: tabs(
            &[
                ("fulfilment-view-open", "12"),
                ("fulfilment-view-on-hold", "1"),
                ("fulfilment-view-shipped", ""),
                ("fulfilment-view-all", ""),
            ],
            0,
        ),
        filter: Fields::new(),
        filtered: false,
        locations: locations(),
        rows: (0..9).map(row).collect(),
        pager: pager(),
        can_fulfil: true,
    };
    put(all, l, "fulfilment", list.clone());
    put(all, l, "fulfilment-empty", FulfilmentView { rows: vec![], ..list });
}

fn customers(l: Locale, all: &mut Vec<Screen>) {
    let row = |i: usize| CustomerRow {
        id: format!("cus_{i}"),
        name: NAMES[i].into(),
        email: "kofi@example.com".into(),
        place: "Berlin, Germany".into(),
        orders: i as u32 + 1,
        spent: "€612.40".into(),
        last_order: when("Yesterday"),
    };
    let list = CustomersView {
        shell: shell(l, Section::Customers),
        filter: Fields::new(),
        filtered: false,
        consents: choices(&[("yes", "May be written to")]),
        tags: choices(&[("vip", "vip")]),
        rows: (0..12).map(row).collect(),
        pager: pager(),
    };
    put(all, l, "customers", list.clone());
    put(all, l, "customers-empty", CustomersView { rows: vec![], pager: Pager::default(), ..list });
    let one = CustomerView {
        shell: shell(l, Section::Customers),
        id: "cus_1".into(),
        name: "Kofi Mensah".into(),
        email: "kofi@example.com".into(),
        phone: "+49 30 5550 1420".into(),
        since: when("March 2025"),
        orders_count: 7,
        spent: "€612.40".into(),
        average: "€87.49".into(),
        language: "English".into(),
        locales: choices(&[("en", "English"), ("de", "Deutsch")]),
        orders: orders(5),
        pager: Pager::default(),
        tags: vec!["regular".into()],
        standing: vec![
            ConsentState {
                code: "email".into(),
                label: "E-mail".into(),
                granted: Some(true),
                since: when("Today 18:37"),
            },
            ConsentState { code: "sms".into(), label: "Text message".into(), granted: None, since: never() },
        ],
        history: vec![ConsentRow {
            channel: "E-mail".into(),
            granted: true,
            proof: "Tell me about new things by e-mail".into(),
            by: "Checkout".into(),
            when: when("Today 18:37"),
        }],
        custom: vec![CustomField { key: "fld_1".into(), label: "Room".into(), kind: "number" }],
        editing: false,
        addresses: vec![AddressCard {
            id: "adr_1".into(),
            phone: "+49 30 5550 1420".into(),
            lines: vec!["Kofi Mensah".into(), "Torstraße 140".into(), "10119 Berlin".into()],
            main: true,
        }],
        form: Fields::new()
            .with("note", "Likes his apples ripe.")
            .with("name", "Kofi Mensah")
            .with("email", "kofi@example.com")
            .with("locale", "en"),
        can_edit: true,
    };
    put(all, l, "customer", one.clone());
    put(
        all,
        l,
        "customer-empty",
        CustomerView { orders: vec![], addresses: vec![], phone: String::new(), can_edit: false, ..one },
    );
    let field = |name: &'static str, label: &str, required| AddressField {
        name,
        label: label.into(),
        required,
        choices: vec![],
    };
    let mut form = Fields::new().with("country", "DE").with("line1", "Torstraße 140");
    form.fail("postcode", "A postcode has five digits");
    let view = CustomerAddressView {
        shell: shell(l, Section::Customers),
        back: "/admin/customers/cus_1".into(),
        action: "/admin/customers/cus_1/addresses".into(),
        customer: "Kofi Mensah".into(),
        editing: true,
        countries: countries(),
        fields: vec![
            field("name", "Name", true),
            field("line1", "Street and number", true),
            field("postcode", "Postcode", true),
            field("city", "City", true),
            field("phone", "Phone", false),
        ],
        form,
    };
    put(all, l, "customer-address", view);
}
