use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, TokenStream,
};

/// How texts and queries become words: split at what is no letter or digit, lower case, without accents.
pub(crate) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(64))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut words = vec![];
    while let Some(token) = stream.next() {
        words.push(token.text.clone());
    }
    words
}

/// For sorting by name: the same without case and accents.
pub(crate) fn folded(text: &str) -> String {
    words(text).join(" ")
}

/// The text of HTML, its tags become spaces and the common entities letters.
pub(crate) fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    if !out.contains('&') {
        return out;
    }
    [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(out, |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_case_and_no_accents() {
        assert_eq!(words("Crème-Brûlée, 6 Stück Weißbrot"), ["creme", "brulee", "6", "stuck", "weissbrot"]);
        assert_eq!(folded("Éclair"), "eclair");
    }

    #[test]
    fn html_becomes_text() {
        assert_eq!(words(&without_tags("<p>Fish &amp; <b>chips</b><br>hot</p>")), ["fish", "chips", "hot"]);
    }
}
