use kernel::{Id, ProductId};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::index::{Fields, SearchIndex};
use crate::{Error, words};

/// So many words of a query are looked at, and so many letters.
const MOST_WORDS: usize = 8;
const MOST_LETTERS: usize = 120;
/// Words from this length on may have a letter wrong.
const TYPO_FROM: usize = 5;

/// How a word may be met.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// As typed; the last as the beginning of a word.
    Exact,
    /// One letter more, less, other or swapped.
    Typo,
}

/// Products that fit every word of a query, the best first, and how many there are.
pub(crate) fn search(
    index: &SearchIndex,
    locale: u8,
    query: &str,
    offset: usize,
    limit: usize,
) -> Result<(Vec<ProductId>, usize), Error> {
    let query: String = query.chars().take(MOST_LETTERS).collect();
    let mut all = words::words(&query);
    all.truncate(MOST_WORDS);
    if all.is_empty() {
        return Ok((vec![], 0));
    }
    let searcher = index.searcher();
    let exact = both(&index.fields, locale, &all, query.trim(), Care::Exact);
    let (found, total) = top(&searcher, exact.as_ref(), offset, limit)?;
    if total > 0 || !all.iter().any(|w| w.chars().count() >= TYPO_FROM) {
        return Ok((found, total));
    }
    let forgiving = both(&index.fields, locale, &all, query.trim(), Care::Typo);
    top(&searcher, forgiving.as_ref(), offset, limit)
}

fn top(
    searcher: &Searcher,
    query: &dyn Query,
    offset: usize,
    limit: usize,
) -> Result<(Vec<ProductId>, usize), Error> {
    let best = TopDocs::with_limit(limit.max(1)).and_offset(offset).order_by_score();
    let (found, total) = searcher.search(query, &(best, Count))?;
    let mut ids = Vec::with_capacity(found.len());
    for (_, at) in found {
        let columns = searcher.segment_reader(at.segment_ord).fast_fields();
        let half =
            |name: &str| -> Result<u64, Error> { Ok(columns.u64(name)?.first(at.doc_id).unwrap_or(0)) };
        ids.push(Id::from_uuid(uuid::Uuid::from_u64_pair(half("high")?, half("low")?)));
    }
    Ok((ids, total))
}

/// Every word somewhere, or the whole query as a code.
fn both(fields: &Fields, locale: u8, all: &[String], whole: &str, care: Care) -> Box<dyn Query> {
    let last = all.len() - 1;
    let each = all
        .iter()
        .enumerate()
        .map(|(i, w)| (Occur::Must, word(fields, locale, w, i == last, care)))
        .collect();
    let each: Box<dyn Query> = Box::new(BooleanQuery::new(each));
    let code = Term::from_field_text(fields.whole_code, &whole.to_lowercase());
    let code: Box<dyn Query> =
        Box::new(BoostQuery::new(Box::new(TermQuery::new(code, IndexRecordOption::Basic)), 20.0));
    Box::new(BooleanQuery::new(vec![(Occur::Should, each), (Occur::Should, code)]))
}

/// A word in any field: the best field counts, the others a little.
fn word(fields: &Fields, locale: u8, word: &str, last: bool, care: Care) -> Box<dyn Query> {
    let mut ways: Vec<Box<dyn Query>> = vec![];
    let mut way = |query: Box<dyn Query>, boost: f32| ways.push(Box::new(BoostQuery::new(query, boost)));
    for (field, boost) in weights(fields, locale) {
        let term = Term::from_field_text(field, word);
        way(Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)), boost);
        if last {
            way(Box::new(FuzzyTermQuery::new_prefix(term.clone(), 0, true)), boost * 0.7);
        }
        if care == Care::Typo && word.chars().count() >= TYPO_FROM {
            way(Box::new(FuzzyTermQuery::new(term.clone(), 1, true)), boost * 0.5);
            if last {
                way(Box::new(FuzzyTermQuery::new_prefix(term, 1, true)), boost * 0.3);
            }
        }
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))
}

fn weights(fields: &Fields, locale: u8) -> impl Iterator<Item = (Field, f32)> {
    let spoken = fields.spoken.get(usize::from(locale)).or_else(|| fields.spoken.first());
    let here = spoken.into_iter().flat_map(|s| [(s.title, 4.0), (s.category, 2.0), (s.description, 0.8)]);
    here.chain([(fields.code, 5.0), (fields.vendor, 2.0), (fields.tags, 2.0)])
}
