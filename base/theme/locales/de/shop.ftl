# Worte der Ladenseiten selbst: was neben den Texten der Vorlagen steht.
hero-go = Jetzt stöbern
all-products = Alle Produkte
yes = Ja
no = Nein
grams = { $count } g
kilos = { $count } kg
decimal-point = ,

line-unknown = Ein Artikel
line-not-for-sale = Nicht mehr im Sortiment. Bitte entfernen.
line-only-left = Nur noch { $count } da. Bitte weniger wählen.
cart-gone = Das ist nicht mehr im Sortiment.
cart-quantity-wrong = Bitte eine Menge zwischen 1 und { $max } wählen.
cart-full = Ein Warenkorb fasst höchstens { $max } verschiedene Artikel. Bitte bestellen Sie diese zuerst.
cart-only = { $name } liegt im Warenkorb. Davon gibt es nur { $count }.

error-summary = { $text }
error-price-rose = Ein Preis hat sich geändert. Bitte prüfen Sie die Übersicht und bestellen Sie noch einmal.
error-total-rose = Die Summe beträgt jetzt { $now }, zuvor { $was }. Bitte prüfen Sie die Übersicht und bestellen Sie noch einmal.
error-sold-meanwhile = { $name } hat gerade jemand anderes gekauft: { $left ->
    [0] nichts ist mehr da
   *[other] nur noch { $left } da
}. Bitte ändern Sie Ihren Warenkorb.
error-bank-silent = Die Bank war nicht zu erreichen. Es wurde noch nichts bestellt; bitte noch einmal versuchen.
error-payment-gone = Diese Zahlungsart wird nicht mehr angeboten. Bitte eine andere wählen.
error-shipping-gone = Diese Lieferung wird nicht mehr angeboten. Bitte eine andere wählen.
checkout-waiting = Ihre Bestellung { $number } wartet auf die Zahlung. Ihr Inhalt ist für Sie reserviert.
shipping-days = { $min ->
    [one] { $min } Werktag
   *[other] { $min } Werktage
}
shipping-days-range = { $min } bis { $max } Werktage
shipping-digital = Nichts in dieser Bestellung muss geliefert werden.
token-success = Die Karte wird belastet
token-no-refund = Die Karte wird belastet, und jede Erstattung wird abgelehnt
token-stuck = Die Bank ist nicht zu hören und nimmt das Geld eine Minute später
bank-name = Testbank
pay-continue = Weiter zur Bank
pay-other = Anders bezahlen

problem-missing-title = Hier ist nichts
problem-conflict-title = Das hat sich inzwischen geändert
problem-invalid-title = Das passt nicht
order-title = Bestellung { $number }
step-packing = Wir packen
