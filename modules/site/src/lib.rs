//! The shop itself: store, channel, market, legal entity, languages, settings, redirects. See README.md.

mod check;
mod details;
mod error;
mod laws;
mod locales;
mod redirect;
mod set_up;
mod setting;
mod settings;

pub use details::{Details, DetailsChange, details, update_details};
pub use error::Error;
pub use laws::LAWS;
pub use locales::{locales, set_locales};
pub use redirect::{Redirect, redirect_of, redirects, remove_redirect, set_redirect};
pub use set_up::{Ids, NewStore, find_store, set_up};
pub use setting::{Setting, all_settings, known_setting, set_setting, setting};
pub use settings::{
    Announcement, BankDetails, Footer, FooterLink, Hero, LinksPerLocale, MailSender, PaymentMethods,
    PerLocale, Promise, ThemeSettings, is_iban,
};

/// This module's tables.
pub const MIGRATIONS: db::Migrations =
    db::Migrations { module: "site", files: &[("0001_site", include_str!("../migrations/0001_site.sql"))] };
