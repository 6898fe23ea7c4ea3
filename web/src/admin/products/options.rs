//! Variants made of options and their values.

use super::form;
use crate::admin::office::Office;
use crate::admin::views::Fields;

/// The most variants that the form makes at once; an import makes more.
const MOST: usize = 200;

/// Values as somebody types them: separated by commas, each once.
fn values(text: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    for value in text.split([',', '\n', ';']).map(str::trim).filter(|v| !v.is_empty()) {
        if !all.iter().any(|v| v.to_lowercase() == value.to_lowercase()) {
            all.push(value.to_owned());
        }
    }
    all
}

/// Every combination of the values, the first option changing slowest.
fn combinations(options: &[Vec<String>]) -> Vec<Vec<String>> {
    options.iter().fold(vec![vec![]], |made, values| {
        let with = |start: &Vec<String>| {
            let start = start.clone();
            values.iter().map(move |v| start.iter().cloned().chain([v.clone()]).collect())
        };
        made.iter().flat_map(with).collect()
    })
}

/// Adds a row for every combination that has none yet. New rows cost what the first one does.
pub(super) fn make(office: &Office, form: &mut Fields) {
    form::close_gaps(form);
    let names = form::option_names(form);
    if names.is_empty() {
        form.fail("option.1.name", office.t("error-option-first"));
        return;
    }
    let mut options = vec![];
    for n in 1..=names.len() {
        let field = format!("option.{n}.values");
        let some = values(form.value(&field));
        if some.is_empty() {
            form.fail(&field, office.tx("error-option-values", &names[n - 1]));
        }
        options.push(some);
    }
    if !form.is_ok() {
        return;
    }
    let wanted: usize = options.iter().map(Vec::len).product();
    if wanted > MOST {
        form.fail("option.1.values", office.tx("error-too-many-variants", &MOST.to_string()));
        return;
    }
    add_missing(form, &combinations(&options));
}

fn add_missing(form: &mut Fields, wanted: &[Vec<String>]) {
    let keys = form::keys(form);
    let of = |form: &Fields, key: &str, n: usize| {
        form.value(&format!("variant.{key}.option{n}")).trim().to_lowercase()
    };
    let price =
        keys.first().map(|k| form.value(&format!("variant.{k}.price")).to_owned()).unwrap_or_default();
    // a row without any value yet (a product that had no options) becomes the first combination
    let mut blank = keys.iter().find(|k| (1..=3).all(|n| of(form, k, n).is_empty())).cloned();
    let mut next = keys.iter().filter_map(|k| k.parse::<u32>().ok()).max().map_or(0, |n| n + 1);
    for values in wanted {
        let there = keys
            .iter()
            .any(|key| values.iter().enumerate().all(|(i, v)| of(form, key, i + 1) == v.to_lowercase()));
        if there {
            continue;
        }
        let key = blank.take().unwrap_or_else(|| {
            let key = next.to_string();
            next += 1;
            form.add(&format!("variant.{key}.id"), "");
            form.add(&format!("variant.{key}.price"), price.clone());
            key
        });
        for (i, value) in values.iter().enumerate() {
            form.set(&format!("variant.{key}.option{}", i + 1), value.as_str());
        }
    }
}

/// Adds an empty row.
pub(super) fn add_row(office: &Office, form: &mut Fields) {
    form::close_gaps(form);
    if form::option_names(form).is_empty() && !form::keys(form).is_empty() {
        form.fail("option.1.name", office.t("error-option-first"));
        return;
    }
    let next = form::keys(form).iter().filter_map(|k| k.parse::<u32>().ok()).max().map_or(0, |n| n + 1);
    form.add(&format!("variant.{next}.id"), "");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_once() {
        assert_eq!(values("S, m;M ,, L"), ["S", "m", "L"]);
        let made = combinations(&[values("S,M"), values("Red,Blue")]);
        let joined: Vec<String> = made.iter().map(|c| c.join("/")).collect();
        assert_eq!(joined, ["S/Red", "S/Blue", "M/Red", "M/Blue"]);
    }

    #[test]
    fn rows_that_are_there_stay_and_a_blank_one_is_taken() {
        let mut form = Fields::new().with("variant.0.id", "var_x").with("variant.0.price", "3.00");
        add_missing(&mut form, &combinations(&[values("S,M")]));
        assert_eq!(form::keys(&form), ["0", "1"]);
        assert_eq!((form.value("variant.0.option1"), form.value("variant.0.id")), ("S", "var_x"));
        assert_eq!((form.value("variant.1.option1"), form.value("variant.1.price")), ("M", "3.00"));
        add_missing(&mut form, &combinations(&[values("s,m")]));
        assert_eq!(form::keys(&form).len(), 2);
    }
}
