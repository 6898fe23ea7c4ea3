//! Settings of the shop.

use askama::Template;

use super::{
    chip::Chip,
    fields::{Choice, Fields, Pager, Picture, When},
    filters,
    product::TextLocale,
    shell::Shell,
};

/// Pages of the settings, in the order of their menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsPage {
    Shop,
    Staff,
    Roles,
    Keys,
    Taxes,
    Shipping,
    Payments,
    Fields,
    Redirects,
    Theme,
}

impl SettingsPage {
    pub const ALL: [SettingsPage; 10] = {
        use SettingsPage::*;
        [Shop, Staff, Roles, Keys, Taxes, Shipping, Payments, Fields, Redirects, Theme]
    };

    /// Key of its name, key of its line, address, icon.
    pub fn look(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            SettingsPage::Shop => ("settings-shop", "settings-shop-line", "/admin/settings/shop", "store"),
            SettingsPage::Staff => {
                ("settings-staff", "settings-staff-line", "/admin/settings/staff", "users")
            }
            SettingsPage::Roles => {
                ("settings-roles", "settings-roles-line", "/admin/settings/roles", "shield-check")
            }
            SettingsPage::Keys => {
                ("settings-keys", "settings-keys-line", "/admin/settings/keys", "key-round")
            }
            SettingsPage::Taxes => {
                ("settings-taxes", "settings-taxes-line", "/admin/settings/taxes", "percent")
            }
            SettingsPage::Shipping => {
                ("settings-shipping", "settings-shipping-line", "/admin/settings/shipping", "truck")
            }
            SettingsPage::Payments => {
                ("settings-payments", "settings-payments-line", "/admin/settings/payments", "credit-card")
            }
            SettingsPage::Fields => {
                ("settings-fields", "settings-fields-line", "/admin/settings/fields", "text-cursor-input")
            }
            SettingsPage::Redirects => {
                ("settings-redirects", "settings-redirects-line", "/admin/settings/redirects", "arrow-right")
            }
            SettingsPage::Theme => {
                ("settings-theme", "settings-theme-line", "/admin/settings/theme", "palette")
            }
        }
    }
}

/// `GET /admin/settings`: what may be set, as cards.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings.html")]
pub struct SettingsView {
    pub shell: Shell,
    pub pages: Vec<SettingsPage>,
}

/// `GET|POST /admin/settings/shop`: `store_name`, `email`, `legal_name`, `line1`, `line2`, `postcode`, `city`,
/// `tax_number`, `time_zone`, `locales` ("en, de"), `prices_include_tax` (`yes`/`no`).
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_shop.html")]
pub struct SettingsShopView {
    pub shell: Shell,
    pub form: Fields,
    /// Fixed after the first order.
    pub currency: String,
    pub country: String,
    pub time_zones: Vec<Choice>,
    pub can_edit: bool,
}

/// Somebody who works here.
#[derive(Clone, Debug)]
pub struct StaffRow {
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: String,
    pub state: Chip,
    pub last_seen: When,
    pub owner: bool,
    pub me: bool,
}

/// `GET /admin/settings/staff`; `POST /admin/settings/staff`: `name`, `email`, `password`, `role_id`
/// (repeated); `POST /admin/settings/staff/{id}` with the same and `active`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_staff.html")]
pub struct SettingsStaffView {
    pub shell: Shell,
    pub rows: Vec<StaffRow>,
    pub form: Fields,
    /// `None`: the form creates.
    pub editing: Option<StaffRow>,
    pub roles: Vec<Choice>,
    pub pager: Pager,
    pub can_edit: bool,
}

/// A permission to tick. Field: `permission` (repeated).
#[derive(Clone, Debug)]
pub struct PermissionChoice {
    pub code: String,
    pub label: String,
}

/// Permissions of one resource.
#[derive(Clone, Debug)]
pub struct PermissionGroup {
    pub label: String,
    pub permissions: Vec<PermissionChoice>,
}

/// A role in the list.
#[derive(Clone, Debug)]
pub struct RoleRow {
    pub id: String,
    pub name: String,
    pub permissions: u32,
    pub staff: u32,
    /// "All locations", "Berlin".
    pub scope: String,
    /// Given with the program: shown, not changed.
    pub fixed: bool,
}

/// `GET /admin/settings/roles?edit={id}`; `POST /admin/settings/roles` or `/{id}`: `name`, `permission`
/// (repeated), `location_id` (repeated; none means all).
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_roles.html")]
pub struct SettingsRolesView {
    pub shell: Shell,
    pub rows: Vec<RoleRow>,
    pub form: Fields,
    pub editing: Option<RoleRow>,
    pub groups: Vec<PermissionGroup>,
    pub locations: Vec<Choice>,
    pub can_edit: bool,
}

/// An API key in the list.
#[derive(Clone, Debug)]
pub struct KeyRow {
    pub id: String,
    pub name: String,
    /// "mk_live_…7f3a".
    pub hint: String,
    /// "All locations", "Berlin".
    pub scope: String,
    pub permissions: u32,
    pub state: Chip,
    pub created: When,
    pub last_used: When,
    pub can_revoke: bool,
}

/// `GET /admin/settings/keys`; `POST /admin/settings/keys`: `name`, `permission` (repeated),
/// `location_id` (repeated; none means all);
/// `POST /admin/settings/keys/{id}/revocation`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_keys.html")]
pub struct SettingsKeysView {
    pub shell: Shell,
    pub rows: Vec<KeyRow>,
    pub form: Fields,
    pub groups: Vec<PermissionGroup>,
    /// To restrict it to; with one there is nothing to choose.
    pub locations: Vec<Choice>,
    /// The key just made: shown this once.
    pub secret: Option<String>,
    pub pager: Pager,
    pub can_edit: bool,
}

/// A tax rate.
#[derive(Clone, Debug)]
pub struct TaxRow {
    pub id: String,
    pub country: String,
    pub class: String,
    pub name: String,
    /// "19 %".
    pub rate: String,
}

/// `GET /admin/settings/taxes?edit={id}`; `POST /admin/settings/taxes` or `/{id}`: `country`, `region`, `class`, `name`,
/// `rate`; `POST …/{id}/deletion`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_taxes.html")]
pub struct SettingsTaxesView {
    pub shell: Shell,
    pub rows: Vec<TaxRow>,
    pub form: Fields,
    pub editing: Option<String>,
    pub countries: Vec<Choice>,
    pub classes: Vec<Choice>,
    pub can_edit: bool,
}

/// A way of sending.
#[derive(Clone, Debug)]
pub struct MethodRow {
    pub id: String,
    pub name: String,
    /// "€4.90", "€4.90 up to 5 kg, €8.90 up to 20 kg".
    pub price: String,
    pub delivery: String,
    pub state: Chip,
}

/// Countries that share methods.
#[derive(Clone, Debug)]
pub struct ZoneCard {
    pub id: String,
    pub name: String,
    pub countries: String,
    pub methods: Vec<MethodRow>,
}

/// `GET /admin/settings/shipping?zone={id}&method={id}`; `POST /admin/settings/shipping/zones[/{id}]`: `name`,
/// `country` (repeated); `POST /admin/settings/shipping/methods[/{id}]`: `zone_id`, `name.{tag}`, `kind` (`flat`,
/// `weight`), `price`, `free_from`, `steps` (a line each: `grams price`), `min_days`, `max_days`, `active`;
/// `POST …/{id}/deletion` of both.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_shipping.html")]
pub struct SettingsShippingView {
    pub shell: Shell,
    pub zones: Vec<ZoneCard>,
    pub countries: Vec<Choice>,
    pub zone_choices: Vec<Choice>,
    pub zone_form: Fields,
    pub zone_editing: Option<String>,
    /// It has no methods, and may be deleted.
    pub zone_empty: bool,
    pub method_form: Fields,
    pub method_editing: Option<String>,
    /// The shop's languages.
    pub locales: Vec<TextLocale>,
    pub currency: String,
    pub can_edit: bool,
}

/// A payment method.
#[derive(Clone, Debug)]
pub struct PaymentMethodRow {
    /// "test", "bank_transfer", "cash_on_delivery".
    pub code: String,
    pub name: String,
    pub line: String,
    pub state: Chip,
    /// Asks where the money goes: `bank.holder`, `bank.iban`, `bank.bic`, `bank.bank`, `bank.text.{tag}`.
    pub has_bank: bool,
}

/// `GET|POST /admin/settings/payments`: `on.{code}`, `capture`, and the bank's fields.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_payments.html")]
pub struct SettingsPaymentsView {
    pub shell: Shell,
    pub rows: Vec<PaymentMethodRow>,
    /// When authorised money is taken.
    pub captures: Vec<Choice>,
    /// The shop's languages.
    pub locales: Vec<TextLocale>,
    pub form: Fields,
    pub can_edit: bool,
}

/// A field of the merchant's own.
#[derive(Clone, Debug)]
pub struct FieldRow {
    pub id: String,
    pub name: String,
    /// "custom.material": as imports and the API call it.
    pub key: String,
    /// "Whole number".
    pub kind: String,
    /// The first cannot go up, the last not down.
    pub first: bool,
    pub last: bool,
}

/// The fields of one sort of thing.
#[derive(Clone, Debug)]
pub struct FieldGroup {
    /// `product`: as in the address and in the form.
    pub code: String,
    pub label: String,
    pub rows: Vec<FieldRow>,
}

/// `GET /admin/settings/fields?edit={id}`; `POST /admin/settings/fields`: `resource`, `name`, `key`, `kind`;
/// `POST …/{id}`: `name`; `POST …/{id}/place`: `to` (`up`, `down`); `POST …/{id}/deletion`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_fields.html")]
pub struct SettingsFieldsView {
    pub shell: Shell,
    pub groups: Vec<FieldGroup>,
    pub form: Fields,
    /// `None`: the form creates.
    pub editing: Option<FieldRow>,
    pub resources: Vec<Choice>,
    pub kinds: Vec<Choice>,
}

impl SettingsFieldsView {
    fn is_empty(&self) -> bool {
        self.groups.iter().all(|g| g.rows.is_empty())
    }
}

/// A path that leads on.
#[derive(Clone, Debug)]
pub struct RedirectRow {
    pub from: String,
    pub to: String,
}

/// `GET /admin/settings/redirects?after={path}`; `POST` there: `from_path`, `to_path`; `POST …/deletion`: `from_path`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_redirects.html")]
pub struct SettingsRedirectsView {
    pub shell: Shell,
    pub rows: Vec<RedirectRow>,
    pub pager: Pager,
    pub form: Fields,
}

/// `GET|POST /admin/settings/theme`: `hue` (0 to 359), `radius` (0 to 16), `announcement.{tag}`, `announcement_link`,
/// `hero_title.{tag}`, `hero_text.{tag}`, `hero_link`, `footer_text.{tag}`, `links.{tag}` and `legal.{tag}` (a line each:
/// text, a bar, address), `search_hint.{tag}`, `promise.{n}.icon`, `promise.{n}.title.{tag}`, `promise.{n}.text.{tag}`.
/// `POST …/image` (multipart, `image`) and `…/image/deletion`: the welcome's picture.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/settings_theme.html")]
pub struct SettingsThemeView {
    pub shell: Shell,
    /// The shop's languages.
    pub locales: Vec<TextLocale>,
    /// The welcome's.
    pub picture: Option<Picture>,
    /// Icons of a promise.
    pub icons: Vec<Choice>,
    /// Numbers of the rows of promises: "1", "2", …
    pub promises: Vec<String>,
    pub form: Fields,
    pub can_edit: bool,
}

/// Which entry of the settings' menu a page is.
macro_rules! pages {
    ($($view:ident => $page:ident),* $(,)?) => {
        $(impl $view {
            fn page(&self) -> SettingsPage {
                SettingsPage::$page
            }
        })*
    };
}

pages! {
    SettingsShopView => Shop,
    SettingsStaffView => Staff,
    SettingsRolesView => Roles,
    SettingsKeysView => Keys,
    SettingsTaxesView => Taxes,
    SettingsShippingView => Shipping,
    SettingsPaymentsView => Payments,
    SettingsFieldsView => Fields,
    SettingsRedirectsView => Redirects,
    SettingsThemeView => Theme,
}
