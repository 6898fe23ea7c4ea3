# Wörter, die der Shop in die Ansichten setzt: Verfügbarkeit, Summen, Felder, Fehler, Zustände.
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
date-long = { $day }. { $month } { $year }
date-minute = { $date }, { $time } Uhr

stock-in = Auf Lager
stock-low = Nur noch { $count } da
stock-backorder = Bestellbar
stock-backorder-detail = Kommt, sobald es wieder da ist
stock-out = Ausverkauft
price-per = { $price } / { $unit }
free = Kostenlos
tax-included = Enthält { $amount } MwSt.
tax-included-short = Inkl. MwSt.
sum-goods = Waren, { $count ->
    [one] 1 Artikel
   *[other] { $count } Artikel
}
sum-shipping = Versand
sum-shipping-later = an der Kasse
sum-tax = MwSt.
sum-discount = Rabatt

sort-featured = Empfohlen
sort-newest = Neueste
sort-price-up = Preis, aufsteigend
sort-price-down = Preis, absteigend
sort-name = Name
home = Startseite
home-new = Neu im Shop
home-popular = Beliebt
see-all = Alle ansehen
weight = Gewicht
gtin = Barcode (GTIN)

cart-added = { $name } liegt im Warenkorb.
cart-added-some = Nur { $count } mehr waren möglich: Das ist alles, was da ist.
cart-not-added = { $name } ist ausverkauft.
line-sold-out = Ausverkauft. Bitte entfernen.
line-fewer = Nur noch { $count } da. Die Menge wurde angepasst.
line-price-changed = Der Preis war { $was } und ist jetzt { $now }.
line-gone = { $name } wird nicht mehr verkauft und wurde aus dem Warenkorb genommen.

suggest-products = Produkte
suggest-categories = Kategorien
suggest-status = { $count ->
    [0] Keine Vorschläge
    [one] 1 Vorschlag
   *[other] { $count } Vorschläge
}
suggest-all = Alle { $count } Ergebnisse für „{ $query }“

field-email = E-Mail
field-email-hint = Für die Bestätigung und Neues zu dieser Bestellung.
field-country = Land
field-name = Vor- und Nachname
field-address1 = Straße und Hausnummer
field-address2 = Adresszusatz
field-postcode = Postleitzahl
field-zip = ZIP-Code
field-city = Ort
field-state = Bundesstaat
field-province = Provinz
field-phone = Telefon
field-phone-hint = Nur für Fragen zur Lieferung.
choose = Bitte wählen …

error-required = Bitte ausfüllen: { $field }.
error-email = Geben Sie eine E-Mail-Adresse an, zum Beispiel name@example.com.
error-postcode = Das ist keine Postleitzahl in { $country }; ein Beispiel: { $example }.
error-too-long = { $field } ist zu lang: höchstens { $max } Zeichen.
error-country = Wählen Sie ein Land, in das wir liefern.
error-shipping = Wählen Sie eine Versandart.
error-payment = Wählen Sie eine Zahlungsart.
error-token = Geben Sie ein Test-Token ein.
error-declined = Die Bank hat die Zahlung abgelehnt. Es wurde nichts abgebucht. Versuchen Sie eine andere Karte oder Zahlungsart.
error-payment-unclear = Die Bank hat noch nicht geantwortet. Bitte nicht noch einmal bezahlen: Wir fragen nach und schreiben Ihnen.
error-challenge-refused = Die Zahlung wurde nicht bestätigt. Es wurde nichts abgebucht.
error-stock = { $name }: nur noch { $left } da. Bitte ändern Sie Ihren Warenkorb.
error-stock-none = { $name } wurde gerade ausverkauft. Bitte entfernen Sie es aus dem Warenkorb.
error-cart-changed = Ihr Warenkorb hat sich geändert. Bitte prüfen Sie die Übersicht und bestellen Sie noch einmal.
shipping-none = An diese Adresse liefern wir nicht. Bitte wählen Sie ein anderes Land.
shipping-missing = Wählen Sie ein Land, dann sehen Sie, wie wir liefern.

pay-test-card = Testkarte
pay-test-card-detail = Eine Karte der eingebauten Testbank
pay-bank-transfer = Überweisung
pay-bank-transfer-detail = Wir versenden, wenn das Geld da ist
pay-cash-on-delivery = Nachnahme
pay-cash-on-delivery-detail = Bezahlen bei der Lieferung
token-ok = Die Karte wird belastet
token-decline = Die Bank lehnt ab
token-challenge = Die Bank fragt nach einer Bestätigung
token-timeout-charged = Die Bank bucht ab und antwortet nicht
token-timeout = Die Bank antwortet nicht und bucht nichts ab
token-late = Die Bank antwortet spät, per Webhook
token-duplicate = Die Bank antwortet zweimal, per Webhook
transfer-account = Kontoinhaber
transfer-iban = IBAN
transfer-bic = BIC
transfer-bank = Bank
transfer-note = Hinweis
transfer-reference = Verwendungszweck
transfer-amount = Betrag

step-placed = Bestellt
step-paid = Bezahlt
step-payment-due = Zahlung offen
step-payment-waiting = Warten auf die Bank
step-payment-failed = Zahlung fehlgeschlagen
step-packed = Gepackt
step-shipped = Unterwegs
step-delivered = Zugestellt
step-cancelled = Storniert
payment-paid = Bezahlt
payment-authorised = Autorisiert
payment-due = Offen
payment-waiting = Warten auf die Bank
payment-failed = Abgelehnt
payment-voided = Aufgehoben
payment-refunded = Erstattet
refund-pending = Unterwegs
refund-done = Erstattet
refund-failed = Fehlgeschlagen, wir kümmern uns
status-awaiting-payment = Wir warten auf Ihre Zahlung
status-placed = Wir bereiten Ihre Bestellung vor
status-part-shipped = Ein Teil ist unterwegs
status-shipped = Ihre Bestellung ist unterwegs
status-delivered = Ihre Bestellung ist angekommen
status-cancelled = Ihre Bestellung wurde storniert
next-paid = Wir packen sie jetzt und schreiben Ihnen, wenn sie unterwegs ist.
next-due = Wir packen sie und schicken sie auf den Weg.
next-transfer = Wir packen sie, sobald Ihre Überweisung da ist.
next-unknown = Die Bank hat noch nicht geantwortet. Wir fragen nach und schreiben Ihnen; bitte nicht zweimal bezahlen.
event-placed = Sie haben bestellt
event-paid = { $amount } bezahlt
event-payment-failed = Eine Zahlung von { $amount } ist nicht durchgegangen
event-shipped = Ein Paket ging auf den Weg
event-delivered = Das Paket ist angekommen
event-refunded = { $amount } erstattet
event-cancelled = Die Bestellung wurde storniert
pay-again = Zahlung abschließen

problem-title = Bei uns ist etwas schiefgegangen
problem-text = Es liegt nicht an Ihnen. Bitte versuchen Sie es gleich noch einmal.
problem-busy-title = Zu viel auf einmal
problem-busy-text = Bitte warten Sie einen Moment und versuchen Sie es noch einmal.
problem-bad-title = Das konnten wir nicht lesen
problem-bad-text = Bitte gehen Sie zurück und versuchen Sie es noch einmal.
problem-forbidden-title = Das steht Ihnen nicht offen
problem-forbidden-text = Das Formular kam vielleicht von einer anderen Seite, oder die Seite ist zu alt. Bitte gehen Sie zurück und versuchen Sie es noch einmal.
problem-gone-title = Wir bauen gerade um
problem-gone-text = Der Shop ist gleich wieder da.
try-again = Noch einmal versuchen
