//! Before sign-in, settings, system, mails.

use super::*;

pub fn screens(l: Locale, all: &mut Vec<Screen>) {
    before(l, all);
    settings(l, all);
    people(l, all);
    system(l, all);
}

fn before(l: Locale, all: &mut Vec<Screen>) {
    let sign_in = SignInView {
        locale: l,
        theme: Theme::Device,
        version: "1".into(),
        store_name: "Marrow".into(),
        form: Fields::new(),
        wait_minutes: None,
        signed_out: true,
    };
    put(all, l, "sign-in", sign_in.clone());
    let mut form = Fields::new().with("email", "mara@marrow.example");
    form.fail("password", "E-mail and password do not match");
    put(all, l, "sign-in-errors", SignInView { form, signed_out: false, ..sign_in.clone() });
    put(all, l, "sign-in-wait", SignInView { wait_minutes: Some(5), signed_out: false, ..sign_in });
    let setup = SetupView {
        locale: l,
        theme: Theme::Device,
        version: "1".into(),
        form: Fields::new().with("country", "DE").with("prices_include_tax", "on"),
        asks_code: false,
        countries: countries(),
        currencies: choices(&[("EUR", "EUR – Euro"), ("DKK", "DKK – Danish krone")]),
        time_zones: choices(&[("Europe/Berlin", "Europe/Berlin")]),
        locales: choices(&[("en", "English"), ("de", "Deutsch")]),
    };
    put(all, l, "setup", setup.clone());
    let mut form = setup.form.clone();
    form.fail("store_name", "Give the shop a name").fail("password", "At least 10 characters");
    form.fail("code", "That is not the code");
    put(all, l, "setup-errors", SetupView { form, asks_code: true, ..setup });
    for (name, problem) in [
        ("problem-403", Problem::Forbidden),
        ("problem-404", Problem::NotFound),
        ("problem-500", Problem::Internal),
    ] {
        let request_id = if problem == Problem::Internal { "01JD8Q4".to_owned() } else { String::new() };
        put(all, l, name, ProblemView { shell: shell(l, Section::Home), problem, request_id });
    }
    let bare = ProblemBareView {
        locale: l,
        theme: Theme::Device,
        version: "1".into(),
        store_name: "Marrow".into(),
        problem: Problem::NotFound,
        request_id: String::new(),
    };
    put(all, l, "problem-bare", bare);
}

fn settings(l: Locale, all: &mut Vec<Screen>) {
    let shell = shell(l, Section::Settings);
    put(all, l, "settings", SettingsView { shell: shell.clone(), pages: SettingsPage::ALL.to_vec() });
    let mut form = Fields::new().with("store_name", "Marrow").with("prices_include_tax", "yes");
    form.set("legal_name", "Marrow GmbH").set("email", "hello@marrow.example");
    let shop = SettingsShopView {
        shell: shell.clone(),
        form: form.clone(),
        currency: "EUR – Euro".into(),
        country: "Germany".into(),
        time_zones: choices(&[("Europe/Berlin", "Europe/Berlin")]),
        can_edit: true,
    };
    put(all, l, "settings-shop", shop.clone());
    form.fail("email", "Not an e-mail address");
    put(all, l, "settings-shop-errors", SettingsShopView { form, ..shop });
    let rate = |country: &str, class: &str, rate: &str| TaxRow {
        id: "tax_1".into(),
        country: country.into(),
        class: class.into(),
        name: "VAT".into(),
        rate: rate.into(),
    };
    let taxes = SettingsTaxesView {
        shell: shell.clone(),
        rows: vec![
            rate("Germany", "Standard", "19 %"),
            rate("Germany", "Food", "7 %"),
            rate("Austria", "Food", "10 %"),
        ],
        form: Fields::new(),
        editing: None,
        countries: countries(),
        classes: choices(&[("standard", "Standard"), ("food", "Food")]),
        can_edit: true,
    };
    put(all, l, "settings-taxes", taxes.clone());
    put(
        all,
        l,
        "settings-taxes-empty",
        SettingsTaxesView { rows: vec![], editing: Some("t".into()), ..taxes },
    );
    own_fields(l, all);
    account(l, all);
    let method = |name: &str, price: &str, state| MethodRow {
        id: "shm_1".into(),
        name: name.into(),
        price: price.into(),
        delivery: "2–3 days".into(),
        state,
    };
    let zone = |name: &str, countries: &str, methods| ZoneCard {
        id: "shz_1".into(),
        name: name.into(),
        countries: countries.into(),
        methods,
    };
    let shipping = SettingsShippingView {
        shell: shell.clone(),
        zones: vec![
            zone(
                "Home",
                "Germany",
                vec![
                    method("DHL Parcel", "€4.90 up to 5 kg, €8.90 up to 20 kg", Chip::On),
                    method("Cargo bike", "€3.50, free from €40.00", Chip::Off),
                ],
            ),
            zone("Neighbours", "Austria, Netherlands", vec![]),
        ],
        countries: countries(),
        zone_choices: choices(&[("z", "Home")]),
        zone_form: Fields::new().with("country", "AT"),
        zone_editing: None,
        zone_empty: false,
        method_form: Fields::new().with("kind", "flat").with("active", "on"),
        method_editing: None,
        locales: languages(),
        currency: "EUR".into(),
        can_edit: true,
    };
    put(all, l, "settings-shipping", shipping.clone());
    let empty = SettingsShippingView { zones: vec![], zone_choices: vec![], ..shipping };
    put(all, l, "settings-shipping-empty", empty);
    let pay = |code: &str, name: &str, line: &str, state, has_bank| PaymentMethodRow {
        code: code.into(),
        name: name.into(),
        line: line.into(),
        state,
        has_bank,
    };
    let payments = SettingsPaymentsView {
        shell: shell.clone(),
        rows: vec![
            pay("test", "Test card", "A bank inside Mercer; no money moves.", Chip::On, false),
            pay("bank_transfer", "Bank transfer", "Ship when the money has arrived.", Chip::On, true),
            pay("cash_on_delivery", "Cash on delivery", "The carrier collects.", Chip::Off, false),
        ],
        form: Fields::new()
            .with("on.test", "on")
            .with("bank.iban", "DE89370400440532013000")
            .with("capture", "shipped"),
        captures: choices(&[("shipped", "With each parcel"), ("placed", "At once")]),
        locales: languages(),
        can_edit: true,
    };
    put(all, l, "settings-payments", payments);
    let theme = SettingsThemeView {
        shell,
        locales: languages(),
        picture: Some(Picture { src: "/img/hero/640.webp".into(), alt: String::new() }),
        icons: choices(&[("truck", "Lorry")]),
        promises: vec!["1".into(), "2".into()],
        form: Fields::new().with("hue", "262").with("radius", "8").with("hero_title.en", "What is ripe now"),
        can_edit: true,
    };
    put(all, l, "settings-theme", theme);
}

fn people(l: Locale, all: &mut Vec<Screen>) {
    let shell = shell(l, Section::Settings);
    let row = |name: &str, roles: &str, state, owner| StaffRow {
        id: "stf_1".into(),
        name: name.into(),
        email: "someone@marrow.example".into(),
        roles: roles.into(),
        state,
        last_seen: when("Today 18:37"),
        owner,
        me: owner,
    };
    let staff = SettingsStaffView {
        shell: shell.clone(),
        rows: vec![
            row("Mara Lind", "Owner", Chip::Active, true),
            row("Jonas Weber", "Warehouse", Chip::Active, false),
            row("Ines Castro", "Service, Catalogue", Chip::Inactive, false),
        ],
        form: Fields::new(),
        editing: None,
        pager: Pager::default(),
        roles: choices(&[("r1", "Owner"), ("r2", "Warehouse"), ("r3", "Service")]),
        can_edit: true,
    };
    put(all, l, "settings-staff", staff.clone());
    let mut form = Fields::new().with("name", "Jonas Weber").with("role_id", "r2");
    form.fail("email", "Somebody else has this address");
    let editing = Some(row("Jonas Weber", "Warehouse", Chip::Active, false));
    put(all, l, "settings-staff-edit", SettingsStaffView { form, editing, ..staff });
    let permission = |code: &str, label: &str| PermissionChoice { code: code.into(), label: label.into() };
    let group = |label: &str, permissions| PermissionGroup { label: label.into(), permissions };
    let groups = vec![
        group(
            "Orders",
            vec![
                permission("orders.read", "See orders"),
                permission("orders.cancel", "Cancel orders"),
                permission("orders.refund", "Refund"),
            ],
        ),
        group(
            "Products",
            vec![permission("products.read", "See products"), permission("products.write", "Edit products")],
        ),
        group(
            "Stock",
            vec![permission("stock.read", "See stock"), permission("stock.adjust", "Adjust stock")],
        ),
    ];
    let role = |name: &str, permissions, fixed| RoleRow {
        id: "rol_1".into(),
        name: name.into(),
        permissions,
        staff: 2,
        scope: "All locations".into(),
        fixed,
    };
    let roles = SettingsRolesView {
        shell: shell.clone(),
        rows: vec![role("Owner", 42, true), role("Warehouse", 9, false)],
        form: Fields::new().with("permission", "orders.read"),
        editing: None,
        groups: groups.clone(),
        locations: locations(),
        can_edit: true,
    };
    put(all, l, "settings-roles", roles.clone());
    put(
        all,
        l,
        "settings-roles-edit",
        SettingsRolesView { editing: Some(role("Warehouse", 9, false)), ..roles },
    );
    let key = |name: &str, state, can_revoke| KeyRow {
        id: "key_1".into(),
        name: name.into(),
        hint: "mk_live_…7f3a".into(),
        scope: "All locations".into(),
        permissions: 4,
        state,
        created: when("3 November"),
        last_used: never(),
        can_revoke,
    };
    let keys = SettingsKeysView {
        shell,
        rows: vec![key("Accounting", Chip::Active, true), key("Old feed", Chip::Revoked, false)],
        form: Fields::new(),
        groups,
        pager: Pager::default(),
        locations: locations(),
        secret: Some("mk_live_0f8c2d51a9e44b7ab02d7f3a".into()),
        can_edit: true,
    };
    put(all, l, "settings-keys", keys.clone());
    let mut form = Fields::new();
    form.fail("name", "Give the key a name").fail("permission", "Choose at least one permission");
    put(all, l, "settings-keys-empty", SettingsKeysView { rows: vec![], secret: None, form, ..keys });
}

fn system(l: Locale, all: &mut Vec<Screen>) {
    use Chip::*;
    let queue = |kind: &str, due, dead, oldest: &str| QueueRow {
        kind: kind.into(),
        due,
        running: 1,
        retrying: 2,
        dead,
        oldest: oldest.into(),
        done: 120,
    };
    let task = |kind: &str, state, error: &str| TaskRow {
        id: format!("tsk_{kind}"),
        kind: kind.into(),
        key: "ord_01jd8q4m5v".into(),
        state,
        attempts: "3 of 12".into(),
        created: when("18:37"),
        next: never(),
        error: error.into(),
        can_replay: state == TaskDead,
    };
    let view = TasksView {
        shell: shell(l, Section::System),
        alerts: vec![AlertRow {
            when: when("Today 9:12"),
            key: "task:tsk_1".into(),
            text: "A mail could not be sent.".into(),
        }],
        queues: vec![queue("payments.authorise", 0, 0, ""), queue("mail.order_placed", 4, 1, "12 s")],
        tabs: tabs(
            &[
                ("tasks-view-dead", "1"),
                ("tasks-view-retrying", "2"),
                ("tasks-view-due", "4"),
                ("tasks-view-all", ""),
            ],
            0,
        ),
        filter: Fields::new(),
        rows: vec![
            task("mail.order_placed", TaskDead, "connection refused: smtp.example.com:587"),
            task("payments.settle", TaskRetrying, "the bank was not heard within 10 s"),
        ],
        pager: Pager::default(),
        can_replay: true,
        self_href: "/admin/system/tasks".into(),
    };
    put(all, l, "system-tasks", view.clone());
    put(all, l, "system-tasks-empty", TasksView { queues: vec![], rows: vec![], ..view });
    let event = EventRow {
        when: when("18:37:02"),
        kind: "orders.placed".into(),
        subject: "ord_01jd8q4m5v".into(),
        actor: "Kofi Mensah (customer)".into(),
        tasks: 3,
    };
    let events = EventsView {
        shell: shell(l, Section::System),
        filter: Fields::new(),
        rows: vec![event.clone(), event],
        pager: pager(),
    };
    put(all, l, "system-events", events.clone());
    put(all, l, "system-events-empty", EventsView { rows: vec![], pager: Pager::default(), ..events });
    let law = |module: &str, law: &str, state, violations: Vec<String>| LawRow {
        module: module.into(),
        law: law.into(),
        state,
        more: if violations.is_empty() { 0 } else { 4 },
        violations,
    };
    let doctor = DoctorView {
        shell: shell(l, Section::System),
        ran: when("Today 18:37"),
        took: "0.3 s".into(),
        broken: 1,
        rows: vec![
            law("inventory", "The ledger’s sum is the level", LawHolds, vec![]),
            law("orders", "A line’s gross is net + tax", LawBroken, vec!["orl_01jd: 640 ≠ 598 + 41".into()]),
        ],
    };
    put(all, l, "system-doctor", doctor.clone());
    put(all, l, "system-doctor-clean", DoctorView { broken: 0, rows: vec![], ..doctor.clone() });
    put(all, l, "system-doctor-never", DoctorView { ran: When::default(), rows: vec![], ..doctor });
    let mail = |i: usize, state| MailRow {
        id: format!("mai_{i}"),
        to: "kofi@example.com".into(),
        subject: format!("Your order #{} at Marrow", 12480 - i),
        when: when("Today 18:37"),
        state,
    };
    let mails = MailsView {
        shell: shell(l, Section::Mails),
        filter: Fields::new(),
        filtered: false,
        rows: vec![mail(1, MailSent), mail(2, MailFailed), mail(3, MailQueued)],
        pager: pager(),
        development: true,
    };
    put(all, l, "mails", mails.clone());
    put(all, l, "mails-empty", MailsView { rows: vec![], pager: Pager::default(), ..mails });
    let one = MailView {
        shell: shell(l, Section::Mails),
        id: "mai_1".into(),
        from: "Marrow <hello@marrow.example>".into(),
        to: "kofi@example.com".into(),
        subject: "Your order #12479 at Marrow".into(),
        when: when("Today 18:37"),
        state: MailFailed,
        text: "Thank you, Kofi.\n\n2 × Cox’s Orange apples".into(),
        error: "connection refused".into(),
        order_href: "/admin/orders/ord_1".into(),
    };
    put(all, l, "mail", one);
}

fn account(l: Locale, all: &mut Vec<Screen>) {
    let card = |id: &str, browser: &str, this| SessionCard {
        id: id.into(),
        browser: browser.into(),
        ip: "192.0.2.7".into(),
        since: when("12 Nov 9:05"),
        seen: when("Today 18:37"),
        this,
    };
    let mut form = Fields::new().with("name", "Mara Lind");
    let view = AccountView {
        shell: shell(l, Section::Home),
        email: "mara@marrow.example".into(),
        sessions: vec![card("ses_1", "Firefox, Linux", true), card("ses_2", "Safari, iPhone", false)],
        others: true,
        form: form.clone(),
    };
    put(all, l, "account", view.clone());
    form.fail("current", "This is not your present password.");
    put(all, l, "account-errors", AccountView { form, ..view });
    let row = |from: &str, to: &str| RedirectRow { from: from.into(), to: to.into() };
    let view = SettingsRedirectsView {
        shell: shell(l, Section::Settings),
        rows: vec![row("/collections/apples", "/c/apples"), row("/pages/about-us", "/")],
        pager: Pager::default(),
        form: Fields::new(),
    };
    put(all, l, "settings-redirects", view.clone());
    let mut form = Fields::new().with("from_path", "/a").with("to_path", "/b");
    form.fail("to_path", "That leads back to where it begins.");
    put(all, l, "settings-redirects-errors", SettingsRedirectsView { rows: vec![], form, ..view });
}

fn own_fields(l: Locale, all: &mut Vec<Screen>) {
    let row = |id: &str, name: &str, kind: &str, first, last| FieldRow {
        id: id.into(),
        name: name.into(),
        key: format!("custom.{}", name.to_lowercase()),
        kind: kind.into(),
        first,
        last,
    };
    let group = |code: &str, label: &str, rows| FieldGroup { code: code.into(), label: label.into(), rows };
    let view = SettingsFieldsView {
        shell: shell(l, Section::Settings),
        groups: vec![
            group(
                "product",
                "Products",
                vec![
                    row("fld_1", "Origin", "One line", true, false),
                    row("fld_2", "Harvest", "Date", false, true),
                ],
            ),
            group("order", "Orders", vec![row("fld_3", "Room", "Whole number", true, true)]),
        ],
        form: Fields::new(),
        editing: None,
        resources: choices(&[("product", "Products"), ("order", "Orders")]),
        kinds: choices(&[("text", "One line"), ("date", "Date")]),
    };
    put(all, l, "settings-fields", view.clone());
    let mut form = Fields::new();
    form.fail("name", "Please fill this in.");
    let editing = Some(row("fld_1", "Origin", "One line", true, false));
    put(all, l, "settings-fields-edit", SettingsFieldsView { form, editing, ..view.clone() });
    put(all, l, "settings-fields-empty", SettingsFieldsView { groups: vec![], ..view });
}
