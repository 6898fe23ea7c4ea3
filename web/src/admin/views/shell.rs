//! The frame around every signed-in screen: bar, sidebar, phone tabs, toasts.

use super::super::words::Locale;

/// Light, dark, or what the device says; kept in the cookie `theme`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Device,
    Light,
    Dark,
}

impl Theme {
    /// As in the cookie and in `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Device => "device",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads the cookie; anything unknown follows the device.
    pub fn parse(text: &str) -> Theme {
        match text {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Device,
        }
    }
}

/// Where in the back office a screen belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Home,
    Orders,
    Fulfilment,
    Products,
    Categories,
    Inventory,
    Locations,
    Customers,
    Imports,
    Mails,
    System,
    Settings,
}

impl Section {
    /// In the order of the sidebar; a group starts where [`Section::group`] changes.
    pub const ALL: [Section; 12] = {
        use Section::*;
        [
            Home, Orders, Fulfilment, Customers, Products, Categories, Imports, Inventory, Locations, Mails,
            System, Settings,
        ]
    };

    /// Key of its name, its address, its icon.
    pub fn look(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Section::Home => ("nav-home", "/admin", "house"),
            Section::Orders => ("nav-orders", "/admin/orders", "inbox"),
            Section::Fulfilment => ("nav-fulfilment", "/admin/fulfilment", "truck"),
            Section::Products => ("nav-products", "/admin/products", "package"),
            Section::Categories => ("nav-categories", "/admin/categories", "folder-tree"),
            Section::Inventory => ("nav-inventory", "/admin/inventory", "warehouse"),
            Section::Locations => ("nav-locations", "/admin/locations", "map-pin"),
            Section::Customers => ("nav-customers", "/admin/customers", "users"),
            Section::Imports => ("nav-imports", "/admin/imports", "upload"),
            Section::Mails => ("nav-mails", "/admin/mails", "mail"),
            Section::System => ("nav-system", "/admin/system/tasks", "activity"),
            Section::Settings => ("nav-settings", "/admin/settings", "settings"),
        }
    }

    /// Key of the group's name; the first group has none.
    pub fn group(self) -> &'static str {
        match self {
            Section::Home | Section::Orders | Section::Fulfilment | Section::Customers => "",
            Section::Products | Section::Categories | Section::Imports => "nav-group-catalogue",
            Section::Inventory | Section::Locations => "nav-group-stock",
            Section::Mails | Section::System | Section::Settings => "nav-group-shop",
        }
    }
}

/// One entry of the sidebar.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub section: Section,
    pub key: &'static str,
    pub href: &'static str,
    pub icon: &'static str,
    pub count: Option<String>,
    pub current: bool,
}

/// A run of entries under one heading (empty key: none).
#[derive(Clone, Debug)]
pub struct NavGroup {
    pub key: &'static str,
    pub items: Vec<NavItem>,
}

/// The sidebar for what somebody may see, with counts where `count` gives one.
pub fn nav(
    current: Section,
    allowed: impl Fn(Section) -> bool,
    count: impl Fn(Section) -> Option<String>,
) -> Vec<NavGroup> {
    let mut groups: Vec<NavGroup> = Vec::new();
    for section in Section::ALL.into_iter().filter(|s| allowed(*s)) {
        let (key, href, icon) = section.look();
        let item = NavItem { section, key, href, icon, count: count(section), current: section == current };
        match groups.last_mut().filter(|g| g.key == section.group()) {
            Some(group) => group.items.push(item),
            None => groups.push(NavGroup { key: section.group(), items: vec![item] }),
        }
    }
    groups
}

/// What a finished action says on the next page.
#[derive(Clone, Debug)]
pub struct Flash {
    pub text: String,
    pub bad: bool,
    /// Where a POST takes the action back, where that exists.
    pub undo: Option<String>,
}

/// The frame's contents.
#[derive(Clone, Debug)]
pub struct Shell {
    pub locale: Locale,
    pub theme: Theme,
    pub store_name: String,
    /// The storefront's address.
    pub store_url: String,
    pub staff_name: String,
    pub staff_email: String,
    pub nav: Vec<NavGroup>,
    /// Which settings they may see, for the settings' own menu.
    pub settings: Vec<super::SettingsPage>,
    pub flash: Option<Flash>,
    /// Part of static addresses, so that a new release is fetched anew.
    pub version: String,
}

impl Shell {
    pub fn store_initial(&self) -> String {
        self.store_name.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
    }

    pub fn staff_initials(&self) -> String {
        self.staff_name.split_whitespace().filter_map(|w| w.chars().next()).take(2).collect()
    }

    /// The first four daily screens that may be seen: the phone's tabs, before "More".
    pub fn tabs(&self) -> Vec<&NavItem> {
        const DAILY: [Section; 6] = [
            Section::Home,
            Section::Orders,
            Section::Fulfilment,
            Section::Products,
            Section::Inventory,
            Section::Customers,
        ];
        let find = |s: Section| self.nav.iter().flat_map(|g| &g.items).find(|i| i.section == s);
        DAILY.into_iter().filter_map(find).take(4).collect()
    }

    /// Whether the current screen hides behind "More" on a phone.
    pub fn more_is_current(&self) -> bool {
        !self.tabs().iter().any(|i| i.current)
    }

    pub fn locales(&self) -> [Locale; 2] {
        Locale::ALL
    }
}
