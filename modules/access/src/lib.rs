//! Who works here and what they may do: staff, roles, sessions, API keys. See README.md.

mod check;
mod error;
mod grants;
mod keys;
mod laws;
mod limiter;
mod owner;
mod password;
mod roles;
mod session;
mod sign_in;
mod staff;
mod token;

pub use error::Error;
pub use grants::{covers, may_give};
pub use keys::{ApiKey, KeyHolder, create_key, key_of, key_used, keys, revoke_key};
pub use laws::LAWS;
pub use limiter::Limiter;
pub use owner::{create_owner, has_staff};
pub use password::{Hashed, MIN_PASSWORD, hash_password};
pub use roles::{BuiltIn, Role, RoleRow, create_role, delete_role, role, roles, update_role};
pub use session::{
    ABSOLUTE, IDLE, Opened, SessionRow, SignedIn, end_session, expire_sessions, open_session, session_of,
    session_seen, sessions_of, sign_out, sign_out_everywhere,
};
pub use sign_in::{SignIn, change_password, sign_in};
pub use staff::{
    NewStaff, Staff, StaffRow, create_staff, find_staff_by_email, reset_password, set_active, set_roles,
    staff, staff_list, update_profile, update_staff,
};
pub use token::Secret;

/// This module's tables.
pub const MIGRATIONS: db::Migrations = db::Migrations {
    module: "access",
    files: &[("0001_access", include_str!("../migrations/0001_access.sql"))],
};
