//! Every SQL text of the program, collected by the linker, so that one test can prepare them all on both engines.

/// Filled by [`sql!`](crate::sql).
#[linkme::distributed_slice]
pub static TEXTS: [&'static str];

/// Every text declared with [`sql!`](crate::sql) in the crates that this program links.
pub fn texts() -> &'static [&'static str] {
    &TEXTS
}

/// A SQL text for both engines, `$1` for the first parameter. Registered, so that a test prepares it on both.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {{
        #[$crate::__linkme::distributed_slice($crate::__TEXTS)]
        #[linkme(crate = $crate::__linkme)]
        static TEXT: &str = $text;
        $text
    }};
    (concat $($part:literal),+ $(,)?) => {{
        #[$crate::__linkme::distributed_slice($crate::__TEXTS)]
        #[linkme(crate = $crate::__linkme)]
        static TEXT: &str = concat!($($part),+);
        concat!($($part),+)
    }};
}
