//! Every SQL text of the program, collected by the linker, so that one test can prepare them all on both engines.

/// Filled by [`sql!`](crate::sql).
#[linkme::distributed_slice]
pub static TEXTS: [&'static str];

/// Every text declared with [`sql!`](crate::sql) in the crates that this program links.
pub fn texts() -> &'static [&'static str] {
    &TEXTS
}

/// Opens a text's list for as many values as there are: its last placeholder, written `in ($3)`, becomes
/// `in ($3, $4, …)`. `fixed` are the parameters before the list. The list is padded to a power of two by repeating its
/// last value, so that few different texts are prepared; an empty list matches nothing.
pub fn spread<'a>(
    text: &str,
    fixed: &[crate::Val<'a>],
    list: impl IntoIterator<Item = crate::Val<'a>>,
) -> (String, Vec<crate::Val<'a>>) {
    let first = fixed.len() + 1;
    let mut all = fixed.to_vec();
    all.extend(list);
    let count = all.len() - fixed.len();
    let last = if count == 0 { crate::Val::Null } else { all[all.len() - 1] };
    all.resize(fixed.len() + count.max(1).next_power_of_two(), last);
    let mut marks = String::with_capacity(all.len() * 6);
    for i in first..=all.len() {
        marks.push_str(if i == first { "($" } else { ", $" });
        marks.push_str(&i.to_string());
    }
    marks.push(')');
    let hole = format!("(${first})");
    debug_assert!(text.contains(&hole), "no list {hole} in {text}");
    (text.replace(&hole, &marks), all)
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
    // a text that is put together of what other texts are, too
    (const $text:expr) => {{
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
