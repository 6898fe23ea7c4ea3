# Texte der Vorlagen des Shops.
skip = Zum Inhalt
notice = Hinweis
menu = Menü
menu-main = Hauptmenü
menu-close = Menü schließen
departments = Abteilungen
language = Sprache
breadcrumb = Navigationspfad
footer-shop = Sortiment
cart = Warenkorb
search-label = Im Shop suchen
search-hint = Produkte suchen
search-go = Suchen
go-home = Zur Startseite
add = In den Warenkorb
add-named = { $name } in den Warenkorb legen
toast-view-cart = Warenkorb ansehen
toast-failed = Das hat nicht geklappt. Bitte Verbindung prüfen und noch einmal versuchen.
remove = Entfernen
optional = (freiwillig)
total = Gesamt
summary = Übersicht
sku = Artikelnummer
qty = Menge
qty-less = Eins weniger
qty-more = Eins mehr
sold-out = Ausverkauft
price-now = Jetzt
price-was = vorher
price-from = ab
items = { $count ->
    [one] 1 Artikel
   *[other] { $count } Artikel
}
products = { $count ->
    [one] 1 Produkt
   *[other] { $count } Produkte
}
products-word = { $count ->
    [one] Produkt
   *[other] Produkte
}

hero-row = Einige unserer Produkte
home-categories = Nach Kategorie
home-promises = Gute Gründe

category-children = Kategorien in { $name }
category-products = Produkte
category-empty-title = Hier ist noch nichts
category-empty-text = In dieser Kategorie gibt es zurzeit keine Produkte. Sehen Sie sich im übrigen Shop um.
sort = Sortieren
sort-go = Sortieren
pager = Seiten
pager-page = Seite { $number }
pager-previous = Zurück
pager-next = Weiter

search-start = Suche
search-start-title = Was suchen Sie?
search-start-text = Geben Sie oben den Namen eines Produkts oder einen Teil davon ein.
search-title = Ergebnisse für „{ $query }“
search-results = Ergebnisse
search-categories = Passende Kategorien
search-none-title = Nichts gefunden für „{ $query }“
search-none-text = Prüfen Sie die Schreibweise, versuchen Sie weniger oder andere Wörter, oder stöbern Sie in einer Kategorie.
search-instead = Vielleicht etwas davon
not-found-title = Diese Seite gibt es nicht
not-found-text = Der Link ist vielleicht alt, oder das Produkt wird nicht mehr verkauft. Suchen Sie oben, oder beginnen Sie auf der Startseite.
problem-reference = Wenn Sie uns um Hilfe bitten, nennen Sie diese Nummer:

product-pictures = Bilder von { $name }
product-variant = Ausführung
product-about = Über dieses Produkt
product-facts = Einzelheiten
product-related = Das könnte auch passen

cart-items = Artikel
cart-update = Menge von { $name } übernehmen
cart-less = Eins weniger: { $name }
cart-more = Eins mehr: { $name }
cart-quantity = Menge von { $name }
cart-remove = { $name } entfernen
cart-each = je { $price }
cart-checkout = Zur Kasse, { $total }
cart-guest = Ohne Kundenkonto.
cart-blocked = Bitte ändern oder entfernen Sie die markierten Artikel.
cart-empty-title = Ihr Warenkorb ist leer
cart-empty-text = Was Sie hineinlegen, bleibt hier auf diesem Gerät.
cart-empty-go = Jetzt einkaufen
cart-suggestions = Das könnte auch passen

checkout = Kasse
checkout-back = Zurück zum Warenkorb
checkout-summary = Ihre Bestellung, { $count ->
    [one] 1 Artikel
   *[other] { $count } Artikel
}
checkout-order = Ihre Bestellung
checkout-errors = { $count ->
    [one] Bitte prüfen Sie eine Angabe
   *[other] Bitte prüfen Sie { $count } Angaben
}
checkout-contact = Kontakt
checkout-address = Adresse
checkout-shipping = Versand
checkout-payment = Zahlung
checkout-place = Bestellen
checkout-pay = Zahlungspflichtig bestellen, { $total }
checkout-busy = Einen Moment …
checkout-update = Aktualisieren
checkout-update-hint = wenn Sie das Land geändert haben
checkout-recalculated = Die Übersicht wurde aktualisiert.
checkout-legal = Mit der Bestellung akzeptieren Sie:
token-label = Test-Token
token-hint = Die Testbank bewegt kein Geld. Ihre Tokens stehen für eine Karte und für das, was die Bank damit macht.
token-list = Alle Test-Tokens zeigen

order-placed-line = Bestellung { $number } vom { $date }
order-progress = Stand der Bestellung
order-step-done = erledigt
order-transfer-title = Bitte überweisen Sie den Betrag
order-transfer-text = Wir versenden, sobald das Geld da ist. Geben Sie den Verwendungszweck an, damit wir Ihre Bestellung finden.
order-invoice-to = Rechnungsadresse
order-deliver-to = Lieferadresse
order-shipping = Versand
order-payment = Zahlung
order-shipments = { $count ->
    [one] Sendung
   *[other] Sendungen
}
order-shipment = Sendung
order-sent = Versandt
order-track = Verfolgen
order-refunds = { $count ->
    [one] Erstattung
   *[other] Erstattungen
}
order-events = Verlauf
thanks-title = Danke für Ihre Bestellung.
thanks-mail = Eine Bestätigung ist unterwegs an { $email }.
thanks-keep-title = Behalten Sie Ihre Bestellung im Blick
thanks-keep-text = Auf ihrer eigenen Seite sehen Sie, wie weit sie ist. Der Link steht auch in der E-Mail; wer ihn hat, kann die Bestellung sehen.
thanks-keep-link = Stand der Bestellung

challenge-title = Zahlung bestätigen
challenge-text = Diese Seite steht für die Ihrer Bank. Hier fließt kein Geld: Wählen Sie, was die Bank antwortet.
challenge-merchant = Shop
challenge-reference = Bestellung
challenge-amount = Betrag
challenge-approve = Bestätigen
challenge-refuse = Ablehnen
challenge-note = Eine Testseite. Echte Banken fragen hier nach einem Code oder Fingerabdruck.
checkout-billing = Rechnungsadresse
checkout-billing-other = Rechnung an eine andere Adresse
checkout-note = Ein Wort an uns
checkout-note-hint = Zur Lieferung oder zu dieser Bestellung.
checkout-news = { $store } darf mir per E-Mail von Neuem und Angeboten berichten. Das kann ich jederzeit widerrufen.
footer-more = Informationen
