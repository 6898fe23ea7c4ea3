//! One row a country. Layout: rows of the form from top to bottom, parted by `|`; `N` name, `C` company, `1` `2` street
//! lines, `P` postcode, `T` town, `R` region; small letters are optional (company and second line always are).
//! Postcode: `#` digit, `@` letter, `*` either, everything else itself; alternatives parted by `|`.

use super::regions as r;

/// What a country calls its postcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Post {
    Postcode,
    Postal,
    Zip,
    Pin,
    Cap,
    Cep,
    Eircode,
}

/// What a country calls its regions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Area {
    None,
    State,
    Province,
    StateOrTerritory,
    ProvinceOrTerritory,
    Prefecture,
    Emirate,
    County,
    District,
    Governorate,
}

pub(super) struct Row {
    pub code: &'static str,
    pub en: &'static str,
    pub de: &'static str,
    pub layout: &'static str,
    pub post: Post,
    pub masks: &'static str,
    pub example: &'static str,
    pub area: Area,
    pub regions: &'static str,
    /// Is the street line "street and house number", or any address line?
    pub street: bool,
}

/// Continental Europe: postcode before the town.
const EU: &str = "N|C|1|2|P T";
/// Town, region, postcode.
const TRP: &str = "N|C|1|2|T R P";
/// Town, then postcode.
const TP: &str = "N|C|1|2|T P";

const fn row(
    code: &'static str,
    en: &'static str,
    de: &'static str,
    masks: &'static str,
    example: &'static str,
) -> Row {
    Row {
        code,
        en,
        de,
        layout: EU,
        post: Post::Postal,
        masks,
        example,
        area: Area::None,
        regions: "",
        street: true,
    }
}

impl Row {
    const fn laid(self, layout: &'static str) -> Row {
        Row { layout, street: false, ..self }
    }
    const fn post(self, post: Post) -> Row {
        Row { post, ..self }
    }
    const fn area(self, area: Area, regions: &'static str) -> Row {
        Row { area, regions, ..self }
    }
}

pub(super) const COUNTRIES: &[Row] = &[
    // European Union
    row("AT", "Austria", "Österreich", "####", "1010").post(Post::Postcode),
    row("BE", "Belgium", "Belgien", "####", "1000").post(Post::Postcode),
    row("BG", "Bulgaria", "Bulgarien", "####", "1000"),
    row("CY", "Cyprus", "Zypern", "####", "1010"),
    row("CZ", "Czechia", "Tschechien", "### ##", "110 00"),
    row("DE", "Germany", "Deutschland", "#####", "10115").post(Post::Postcode),
    row("DK", "Denmark", "Dänemark", "####", "1050").post(Post::Postcode),
    row("EE", "Estonia", "Estland", "#####", "10111"),
    row("ES", "Spain", "Spanien", "#####", "28001").laid("N|C|1|2|P T|R").area(Area::Province, r::ES),
    row("FI", "Finland", "Finnland", "#####", "00100"),
    row("FR", "France", "Frankreich", "#####", "75001"),
    row("GR", "Greece", "Griechenland", "### ##", "104 31"),
    row("HR", "Croatia", "Kroatien", "#####", "10000"),
    row("HU", "Hungary", "Ungarn", "####", "1011").laid("N|C|P T|1|2"),
    row("IE", "Ireland", "Irland", "@## ****|@#@ ****", "D02 AF30")
        .laid("N|C|1|2|T|r|p")
        .post(Post::Eircode)
        .area(Area::County, ""),
    row("IT", "Italy", "Italien", "#####", "00184")
        .laid("N|C|1|2|P T R")
        .post(Post::Cap)
        .area(Area::Province, r::IT),
    row("LT", "Lithuania", "Litauen", "LT-#####", "LT-01100"),
    row("LU", "Luxembourg", "Luxemburg", "####", "1009"),
    row("LV", "Latvia", "Lettland", "LV-####", "LV-1010").laid(TP),
    row("MT", "Malta", "Malta", "@@@ ####", "VLT 1117").laid(TP).post(Post::Postcode),
    row("NL", "Netherlands", "Niederlande", "#### @@", "1012 AB").post(Post::Postcode),
    row("PL", "Poland", "Polen", "##-###", "00-001"),
    row("PT", "Portugal", "Portugal", "####-###", "1000-001"),
    row("RO", "Romania", "Rumänien", "######", "010011"),
    row("SE", "Sweden", "Schweden", "### ##", "111 22").post(Post::Postcode),
    row("SI", "Slovenia", "Slowenien", "####", "1000"),
    row("SK", "Slovakia", "Slowakei", "### ##", "811 01"),
    // The rest of Europe
    row("AD", "Andorra", "Andorra", "AD###", "AD500"),
    row("AL", "Albania", "Albanien", "####", "1001"),
    row("BA", "Bosnia and Herzegovina", "Bosnien und Herzegowina", "#####", "71000"),
    row("CH", "Switzerland", "Schweiz", "####", "8001").post(Post::Postcode),
    row("FO", "Faroe Islands", "Färöer", "###", "100"),
    row(
        "GB",
        "United Kingdom",
        "Vereinigtes Königreich",
        "@# #@@|@## #@@|@@# #@@|@@## #@@|@#@ #@@|@@#@ #@@",
        "SW1A 1AA",
    )
    .laid("N|C|1|2|T|P")
    .post(Post::Postcode),
    row("GG", "Guernsey", "Guernsey", "GY# #@@|GY## #@@", "GY1 1AA").laid("N|C|1|2|T|P").post(Post::Postcode),
    row("GI", "Gibraltar", "Gibraltar", "GX11 1AA", "GX11 1AA").laid("N|C|1|2|T|p").post(Post::Postcode),
    row("GL", "Greenland", "Grönland", "####", "3900"),
    row("IM", "Isle of Man", "Insel Man", "IM# #@@|IM## #@@", "IM1 1AA")
        .laid("N|C|1|2|T|P")
        .post(Post::Postcode),
    row("IS", "Iceland", "Island", "###", "101"),
    row("JE", "Jersey", "Jersey", "JE# #@@|JE## #@@", "JE2 3AA").laid("N|C|1|2|T|P").post(Post::Postcode),
    row("LI", "Liechtenstein", "Liechtenstein", "####", "9490").post(Post::Postcode),
    row("MC", "Monaco", "Monaco", "980##", "98000"),
    row("MD", "Moldova", "Moldau", "MD-####", "MD-2001"),
    row("ME", "Montenegro", "Montenegro", "#####", "81000"),
    row("MK", "North Macedonia", "Nordmazedonien", "####", "1000"),
    row("NO", "Norway", "Norwegen", "####", "0150").post(Post::Postcode),
    row("RS", "Serbia", "Serbien", "#####", "11000"),
    row("SM", "San Marino", "San Marino", "4789#", "47890").post(Post::Cap),
    row("TR", "Türkiye", "Türkei", "#####", "34000"),
    row("UA", "Ukraine", "Ukraine", "#####", "01001"),
    row("VA", "Vatican City", "Vatikanstadt", "00120", "00120").post(Post::Cap),
    // The Americas
    row("AR", "Argentina", "Argentinien", "####|@####@@@", "C1002AAB")
        .laid("N|C|1|2|P T|R")
        .area(Area::Province, r::AR),
    row("BR", "Brazil", "Brasilien", "#####-###", "01310-100")
        .laid(TRP)
        .post(Post::Cep)
        .area(Area::State, r::BR),
    row("CA", "Canada", "Kanada", "@#@ #@#", "K1A 0B1").laid(TRP).area(Area::ProvinceOrTerritory, r::CA),
    row("CL", "Chile", "Chile", "#######", "8320000").laid("N|C|1|2|p T"),
    row("CO", "Colombia", "Kolumbien", "######", "110111").laid("N|C|1|2|T p"),
    row("CR", "Costa Rica", "Costa Rica", "#####", "10101").laid(TP),
    row("MX", "Mexico", "Mexiko", "#####", "06000").laid("N|C|1|2|P T|R").area(Area::State, r::MX),
    row("PE", "Peru", "Peru", "#####", "15001").laid("N|C|1|2|T p"),
    row("US", "United States", "Vereinigte Staaten", "#####|#####-####", "10001")
        .laid(TRP)
        .post(Post::Zip)
        .area(Area::State, r::US),
    row("UY", "Uruguay", "Uruguay", "#####", "11000").laid("N|C|1|2|P T"),
    // Asia and the Pacific
    row("AE", "United Arab Emirates", "Vereinigte Arabische Emirate", "", "")
        .laid("N|C|1|2|T R")
        .area(Area::Emirate, r::AE),
    row("AU", "Australia", "Australien", "####", "2000")
        .laid(TRP)
        .post(Post::Postcode)
        .area(Area::StateOrTerritory, r::AU),
    row("CN", "China", "China", "######", "100000").laid("N|C|R|T|1|2|P").area(Area::Province, r::CN),
    row("HK", "Hong Kong", "Hongkong", "", "").laid("N|C|1|2|T R").area(Area::District, r::HK),
    row("ID", "Indonesia", "Indonesien", "#####", "10110").laid("N|C|1|2|T r P").area(Area::Province, ""),
    row("IL", "Israel", "Israel", "#######|#####", "9100001").laid("N|C|1|2|T P"),
    row("IN", "India", "Indien", "######", "110001")
        .laid("N|C|1|2|T P|R")
        .post(Post::Pin)
        .area(Area::State, r::IN),
    row("JP", "Japan", "Japan", "###-####", "100-0001").laid("N|C|P R|T|1|2").area(Area::Prefecture, r::JP),
    row("KR", "South Korea", "Südkorea", "#####", "04524").laid("N|C|P|T|1|2"),
    row("MY", "Malaysia", "Malaysia", "#####", "50000")
        .laid("N|C|1|2|P T|R")
        .post(Post::Postcode)
        .area(Area::State, r::MY),
    row("NZ", "New Zealand", "Neuseeland", "####", "6011").laid(TP).post(Post::Postcode),
    row("PH", "Philippines", "Philippinen", "####", "1000").laid("N|C|1|2|P T|r").area(Area::Province, ""),
    row("SA", "Saudi Arabia", "Saudi-Arabien", "#####|#####-####", "11564").laid(TP),
    row("SG", "Singapore", "Singapur", "######", "018956").laid("N|C|1|2|P"),
    row("TH", "Thailand", "Thailand", "#####", "10200").laid("N|C|1|2|T r P").area(Area::Province, ""),
    row("TW", "Taiwan", "Taiwan", "###|###-##|###-###", "100").laid("N|C|P T|1|2"),
    row("VN", "Vietnam", "Vietnam", "#####|######", "11016").laid("N|C|1|2|T p"),
    // Africa
    row("EG", "Egypt", "Ägypten", "#####", "11511").laid("N|C|1|2|T r p").area(Area::Governorate, ""),
    row("KE", "Kenya", "Kenia", "#####", "00100").laid("N|C|1|2|T P"),
    row("MA", "Morocco", "Marokko", "#####", "20000"),
    row("NG", "Nigeria", "Nigeria", "######", "100001").laid("N|C|1|2|T p|r").area(Area::State, ""),
    row("TN", "Tunisia", "Tunesien", "####", "1000"),
    row("ZA", "South Africa", "Südafrika", "####", "8001").laid(TP),
];
