# Die Verwaltung auf Deutsch. Ein Schlüssel je Zeile; { $n } ist eine Zahl, { $x } und { $y } sind Texte.

## Rahmen
shell-skip = Zum Inhalt
shell-search = Suchen oder Befehl ausführen
shell-theme-dark = Dunkle Farben
shell-theme-light = Helle Farben
shell-theme-device = Farben wie das Gerät
shell-account = Konto von { $x }
shell-store = Zum Onlineshop
shell-keys = Tastenkürzel
shell-chosen = gewählt
shell-sign-out = Abmelden
shell-nav = Hauptmenü
shell-tabs = Reiter
shell-more = Mehr
toast-undo = Rückgängig
toast-close = Schließen
toast-failed = Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.
palette-title = Suchen oder Befehl ausführen
palette-hint = Bestellnummer, Produkt, Kunde oder Seite
palette-results = Treffer
palette-go = Gehe zu
palette-none = Nichts gefunden
palette-move = wählen
palette-open = öffnen
palette-close = schließen
keys-palette = Suchen oder Befehl ausführen
keys-find = Diese Liste durchsuchen
keys-rows = Nächste und vorige Zeile
keys-pick = Zeile auswählen
keys-open = Zeile öffnen
keys-this = Diese Übersicht
nav-home = Start
nav-orders = Bestellungen
nav-fulfilment = Versand
nav-customers = Kunden
nav-products = Produkte
nav-categories = Kategorien
nav-imports = Import
nav-inventory = Bestand
nav-locations = Standorte
nav-mails = Mails
nav-system = System
nav-settings = Einstellungen
nav-group-catalogue = Katalog
nav-group-stock = Lager
nav-group-shop = Shop

## Formulare und Listen
form-errors = { $n ->
    [one] Eine Angabe bitte prüfen
   *[other] { $n } Angaben bitte prüfen
}
form-optional = freiwillig
form-apply = Anwenden
form-create = Anlegen
form-delete = Löschen
form-discard = Verwerfen
form-save = Speichern
form-unsaved = Nicht gespeicherte Änderungen
list-views = Ansichten
list-status = Status
list-actor = Von
list-actions = Aktionen
list-select = { $x } auswählen
list-select-all = Alle auswählen
list-select-column = Auswahl
list-clear = Filter entfernen
list-nothing = Keine Treffer
list-nothing-text = Versuchen Sie ein anderes Wort oder weniger Filter.
pager-label = Seiten
pager-previous = Zurück
pager-next = Weiter
chart-as-table = Als Tabelle zeigen
bulk-label = Ausgewählte Zeilen
bulk-selected = ausgewählt
bulk-fulfil = Als versandt markieren
bulk-capture = Zahlung einziehen
bulk-slips = Lieferscheine drucken
bulk-clear = Auswahl aufheben

## Zustände
chip-draft = Entwurf
chip-awaiting-payment = Wartet auf Zahlung
chip-placed = Aufgegeben
chip-closed = Abgeschlossen
chip-cancelled = Storniert
chip-on-hold = Angehalten
chip-pending = Ausstehend
chip-action-required = Aktion nötig
chip-unknown = Ungewiss
chip-authorised = Autorisiert
chip-partly-paid = Teils bezahlt
chip-paid = Bezahlt
chip-due = Fällig
chip-failed = Fehlgeschlagen
chip-voided = Aufgehoben
chip-partly-refunded = Teils erstattet
chip-refunded = Erstattet
chip-unfulfilled = Nicht versandt
chip-partly-fulfilled = Teils versandt
chip-fulfilled = Versandt
chip-nothing-to-fulfil = Nichts zu versenden
chip-scheduled = Geplant
chip-open = Offen
chip-picking = In Entnahme
chip-packed = Gepackt
chip-shipped = Versandt
chip-shipment-created = Angelegt
chip-handed-over = Übergeben
chip-delivered = Zugestellt
chip-lost = Verloren
chip-in-review = In Prüfung
chip-live = Live
chip-retired = Zurückgezogen
chip-active = Aktiv
chip-inactive = Inaktiv
chip-revoked = Widerrufen
chip-expired = Abgelaufen
chip-on = An
chip-off = Aus
chip-task-due = Fällig
chip-running = Läuft
chip-retrying = Wiederholt
chip-done = Erledigt
chip-dead = Aufgegeben
chip-queued = Wartet
chip-sent = Gesendet
chip-holds = Stimmt
chip-broken = Verletzt
chip-done-with-errors = Erledigt, mit Fehlern
chip-dry-run = Probelauf

## Anmelden und Einrichten
sign-in-title = Anmelden
sign-in-email = E-Mail
sign-in-password = Passwort
sign-in-do = Anmelden
sign-in-help = Passwort vergessen? Wer den Shop leitet, kann ein neues setzen.
sign-in-signed-out = Sie sind abgemeldet.
sign-in-wait = { $n ->
    [one] Zu viele Versuche. Bitte warten Sie eine Minute.
   *[other] Zu viele Versuche. Bitte warten Sie { $n } Minuten.
}
setup-title = Shop einrichten
setup-lead = Einige Angaben zum Anfang. Alles außer Land und Währung lässt sich später ändern.
setup-shop = Shop
setup-owner = Ihr Konto
setup-store-name = Name des Shops
setup-legal-name = Rechtsträger
setup-legal-name-hint = Wer verkauft, wie es auf Rechnungen steht.
setup-country = Land
setup-time-zone = Zeitzone
setup-currency = Währung
setup-currency-hint = Steht fest, sobald es Bestellungen gibt.
setup-locale = Sprache
setup-prices-include-tax = Ich gebe Preise mit Steuer ein
setup-prices-include-tax-hint = Üblich beim Verkauf an Verbraucher in Europa.
setup-owner-name = Ihr Name
setup-code = Einrichtungscode
setup-code-hint = Der Server hat ihn beim Start ausgegeben, dort wo sein Protokoll steht.
setup-code-wrong = Das ist nicht der Code, den der Server ausgegeben hat
setup-password-hint = Mindestens 10 Zeichen.
setup-do = Shop anlegen
problem-forbidden = Das dürfen Sie nicht sehen
problem-forbidden-text = Ihre Rolle schließt diese Seite nicht ein. Wer den Shop leitet, kann das ändern.
problem-not-found = Hier ist nichts
problem-not-found-text = Die Seite wurde entfernt, oder die Adresse stimmt nicht ganz.
problem-internal = Das hat nicht geklappt
problem-internal-text = Der Fehler liegt bei uns und ist protokolliert. Nichts blieb halb getan; bitte versuchen Sie es noch einmal.
problem-request = Anfrage
problem-home = Zum Start

## Start
home-morning = Guten Morgen, { $x }
home-afternoon = Guten Tag, { $x }
home-evening = Guten Abend, { $x }
home-period = Zeitraum
home-days-7 = 7 Tage
home-days-30 = 30 Tage
home-days-90 = 90 Tage
home-against = zum Zeitraum davor
home-no-previous = noch kein Vergleich
home-up = gestiegen um
home-down = gesunken um
home-previous = davor: { $x }
home-no-sales = Noch keine Umsätze
home-no-sales-text = Sobald eine Bestellung bezahlt ist, erscheint sie hier.
home-recent = Neueste Bestellungen
home-all-orders = Alle Bestellungen
home-attention = Zu erledigen
home-calm = Nichts. Alles läuft, wie es soll.
home-setup = Einrichtung abschließen
home-setup-done = { $x } von { $y }
kpi-net-sales = Nettoumsatz
kpi-orders = Bestellungen
kpi-average = Durchschnittliche Bestellung
kpi-refunds = Erstattungen
kpi-units = Verkaufte Stück
kpi-customers = Neue Kunden
step-products = Erstes Produkt anlegen
step-taxes = Steuersätze prüfen
step-shipping = Versandzonen festlegen
step-payments = Zahlungsarten wählen
step-order = Probebestellung aufgeben
attention-to-ship = { $n ->
    [one] Eine Bestellung zu versenden
   *[other] { $n } Bestellungen zu versenden
}
attention-to-capture = { $n ->
    [one] Eine Zahlung einzuziehen
   *[other] { $n } Zahlungen einzuziehen
}
attention-payments-unknown = { $n ->
    [one] Eine Zahlung ohne Antwort der Bank
   *[other] { $n } Zahlungen ohne Antwort der Bank
}
attention-payments-due = { $n ->
    [one] Eine Zahlung fällig
   *[other] { $n } Zahlungen fällig
}
attention-below-zero = { $n ->
    [one] Ein Artikel unter null verkauft
   *[other] { $n } Artikel unter null verkauft
}
attention-out-of-stock = { $n ->
    [one] Ein Artikel ausverkauft
   *[other] { $n } Artikel ausverkauft
}
attention-dead-tasks = { $n ->
    [one] Eine Aufgabe hat aufgegeben
   *[other] { $n } Aufgaben haben aufgegeben
}
attention-mails = { $n ->
    [one] Eine Mail war nicht zu senden
   *[other] { $n } Mails waren nicht zu senden
}
attention-laws = { $n ->
    [one] Ein Gesetz ist verletzt
   *[other] { $n } Gesetze sind verletzt
}

## Bestellungen
orders-order = Bestellung
orders-date = Datum
orders-customer = Kunde
orders-items = Artikel
orders-payment = Zahlung
orders-fulfilment = Versand
orders-total = Summe
orders-any-payment = Jede Zahlung
orders-any-fulfilment = Jeder Versand
orders-from = Von Tag
orders-to = Bis Tag
orders-empty = Noch keine Bestellungen
orders-empty-text = Bestellungen aus Ihrem Onlineshop kommen hier an.
orders-view-all = Alle
orders-view-to-ship = Zu versenden
orders-view-awaiting-payment = Wartet auf Zahlung
orders-view-unpaid = Unbezahlt
orders-view-closed = Abgeschlossen
orders-view-cancelled = Storniert
order-back = Zurück zur Bestellung
order-refund = Erstatten
order-cancel = Stornieren
order-status-page = Seite des Kunden
order-items = Artikel
order-sku = SKU { $x }
order-tax = { $x } Steuer
order-fulfilment = Versand ab { $x }
order-pick-list = Entnahmeliste
order-packing-slip = Lieferschein
order-fulfil = Artikel versenden
order-fulfil-short = Versenden
order-delivered = Als zugestellt markieren
order-payment = Zahlung
order-authorised = Autorisiert { $x }
order-captured = Eingezogen { $x }
order-refunded = Erstattet { $x }
order-capture = Einziehen
order-capture-amount = Einzuziehender Betrag
order-mark-paid = Als bezahlt markieren
order-was-paid = Sie ging ein
order-was-not-paid = Sie ging nicht ein
order-ask = Bank erneut fragen
order-void = Aufheben
order-void-confirm = Diese Autorisierung aufheben? Danach lässt sie sich nicht mehr einziehen.
order-timeline = Verlauf
order-comment = Kommentar
order-comment-hint = Kommentare sehen nur Mitarbeiter.
order-post = Senden
order-customer = Kunde
order-ship-to = Lieferadresse
order-bill-to = Rechnungsadresse
order-same-address = Wie die Lieferadresse
order-tags = Schlagwörter
cancel-title = Bestellung { $x } stornieren
cancel-reason = Grund
cancel-note = Notiz
cancel-note-hint = Für Mitarbeiter; steht im Verlauf.
cancel-notify = Kunden per E-Mail benachrichtigen
cancel-do = Bestellung stornieren
cancel-refused = Diese Bestellung lässt sich nicht stornieren
cancel-refused-text = Erstatten Sie stattdessen, was zurückkam.
refund-title = Bestellung { $x } erstatten
refund-price = Stück
refund-quantity = Erstatten
refund-quantity-of = Zu erstattende Menge von { $x }
refund-of = von { $n }
refund-restock = Einlagern
refund-restock-of = { $x } einlagern
refund-amount = Betrag
refund-location = Einlagern in
refund-location-hint = Wohin angekreuzte Artikel zurückgelegt werden.
refund-no-lines = Alle Artikel sind schon erstattet.
refund-more = Weiteres
refund-shipping = Versand
refund-shipping-hint = Höchstens, was für den Versand bezahlt wurde.
refund-custom = Anderer Betrag
refund-custom-hint = Kulanz, zusätzlich zu den Artikeln.
refund-reason = Grund
refund-note = Notiz
refund-note-hint = Für Mitarbeiter; steht im Verlauf.
refund-summary = Erstattung
refund-left = { $x } lassen sich erstatten.
refund-update = Neu berechnen
refund-do = { $x } erstatten
refund-do-nothing = Nichts gewählt
refund-nothing = Nichts mehr zu erstatten
refund-nothing-text = Es wurde kein Geld eingezogen, oder alles ist zurückgegeben.
reason-customer = Kunde hat es sich anders überlegt
reason-stock = Nicht vorrätig
reason-fraud = Betrug
reason-damaged = Beschädigt
reason-wrong-item = Falscher Artikel
reason-late = Zu spät angekommen
reason-other = Anderes

## Versenden
fulfilment-search = Bestellungen, Kunden suchen
fulfilment-method = Versandart
fulfilment-empty = Nichts zu versenden
fulfilment-empty-text = Aufgegebene Bestellungen stehen hier, bis sie versandt sind.
fulfilment-view-open = Offen
fulfilment-view-on-hold = Angehalten
fulfilment-view-shipped = Versandt
fulfilment-view-all = Alle
fulfil-title = Bestellung { $x } versenden
fulfil-items = Artikel dieser Sendung
fulfil-stock = Vorrätig
fulfil-quantity = Menge
fulfil-quantity-of = Zu versendende Menge von { $x }
fulfil-tracking = Sendungsverfolgung
fulfil-tracking-number = Sendungsnummer
fulfil-tracking-url = Link zur Verfolgung
fulfil-tracking-url-hint = Beginnt mit https://
fulfil-carrier = Zusteller
fulfil-notify = Kunden per E-Mail benachrichtigen
fulfil-notify-hint = Mit der Sendungsnummer, wenn es eine gibt.
fulfil-others = Andere Standorte
fulfil-do = Artikel versenden
fulfil-nothing = Nichts mehr zu versenden
fulfil-nothing-text = Alle Artikel dieser Bestellung sind versandt oder storniert.

## Produkte
products-search = Titel, SKUs, GTINs suchen
products-import = Importieren
products-add = Produkt anlegen
products-product = Produkt
products-stock = Bestand
products-price = Preis
products-updated = Geändert
products-variants = { $n ->
    [one] Eine Variante
   *[other] { $n } Varianten
}
products-any-category = Jede Kategorie
products-empty = Noch keine Produkte
products-empty-text = Legen Sie das erste an, oder holen Sie einen ganzen Katalog aus einer CSV-Datei.
products-view-all = Alle
products-view-live = Live
products-view-draft = Entwurf
products-view-retired = Zurückgezogen
product-new = Neues Produkt
product-view = Im Shop ansehen
product-texts = Titel und Beschreibung
product-title = Titel
product-description = Beschreibung
product-description-hint = Text oder einfaches HTML.
product-images = Bilder
product-images-add = Bilder hinzufügen: JPEG, PNG, WebP oder GIF
product-images-send = Hochladen
product-images-later = Speichern Sie das Produkt zuerst; dann fügen Sie Bilder hinzu.
product-image-alt = Was das Bild zeigt
product-image-first = Hauptbild
product-image-move = Bild verschieben
product-image-remove = Entfernen
product-options = Optionen
product-options-hint = Bis zu drei, etwa Größe oder Farbe; Werte durch Kommas getrennt.
product-options-make = Varianten bilden
product-option-name = Option { $x }
product-option-values = Werte
product-variants = Varianten
product-variant-add = Variante hinzufügen
product-cell = { $x } von { $y }
product-sku = SKU
product-gtin = GTIN
product-price = Preis ({ $x })
product-price-plain = Preis
product-compare-at = Statt
product-cost = Einkauf
product-weight = Gewicht, g
product-remove = Entfernen
product-remove-variant = Variante { $x } entfernen
product-custom = Eigene Felder
product-seo = Suchmaschinen
product-seo-hint = Bleibt es leer, gelten Titel und Beschreibung.
product-seo-title = Seitentitel
product-seo-description = Seitenbeschreibung
product-slug = Adresse
product-slug-hint = Buchstaben, Ziffern, Bindestriche; bleibt sie leer, entsteht sie aus dem Titel.
product-status = Status
product-status-hint = Nur Produkte im Zustand „Live“ stehen im Shop.
product-place = Einordnung
product-category = Kategorie
product-no-category = Keine Kategorie
product-tax-class = Steuerkategorie
product-vendor = Marke
product-tags = Schlagwörter
product-tags-hint = Durch Kommas getrennt.
categories-name = Name
categories-parent = Innerhalb von
categories-root = Oberste Ebene
categories-position = Position
categories-position-hint = Kleinere zuerst.
categories-add = Kategorie anlegen
categories-edit = { $x } bearbeiten
categories-delete-confirm = Diese Kategorie löschen?
categories-empty = Noch keine Kategorien
categories-empty-text = Kategorien sind das Menü Ihres Shops.

## Lager
inventory-search = Titel, SKUs suchen
inventory-item = Artikel
inventory-location = Standort
inventory-any-location = Jeder Standort
inventory-on-hand = Vorhanden
inventory-on-hand-of = Vorhanden: { $x }, { $y }
inventory-unavailable = Gesperrt
inventory-reserved = Reserviert
inventory-allocated = Zugesagt
inventory-available = Verfügbar
inventory-changed = Mengen geändert
inventory-reason = Grund
inventory-empty = Noch kein Bestand
inventory-empty-text = Jede Variante eines Produkts wird ein Artikel im Lager.
inventory-view-all = Alle
inventory-view-out = Ausverkauft
inventory-view-below-zero = Unter null
inventory-product = Produkt
inventory-levels = Bestände
inventory-ledger = Lagerbuch
inventory-no-movements = Noch keine Bewegungen
inventory-no-movements-text = Jede Änderung steht hier, mit wem und warum.
inventory-kind = Was
inventory-change = Änderung
inventory-change-hint = Etwa 12 oder -3.
inventory-change-hint-gram = In Gramm: etwa 1500 oder -250.
inventory-in-grams = in Gramm
inventory-balance = Danach vorhanden
inventory-adjust = Bestand anpassen
inventory-adjust-do = Anpassen
inventory-note = Notiz
adjust-counted = Gezählt
adjust-received = Eingegangen
adjust-damaged = Beschädigt
adjust-lost = Verloren
adjust-found = Gefunden
adjust-returned = Zurückgekommen
adjust-other = Anderes
locations-name = Name
locations-address = Adresse
locations-street = Straße und Hausnummer
locations-postcode = Postleitzahl
locations-city = Ort
locations-priority = Rang
locations-priority-hint = Von der kleinsten Zahl wird zuerst genommen.
locations-items = Artikel
locations-active = Aktiv
locations-active-hint = Inaktive Standorte verkaufen nicht.
locations-add = Standort anlegen
locations-edit = Standort bearbeiten
locations-empty = Noch keine Standorte
locations-empty-text = Ware liegt irgendwo: im Laden, im Lager, im Regal.

## Kunden
customers-search = Namen, E-Mail-Adressen suchen
customers-name = Name
customers-email = E-Mail
customers-place = Ort
customers-last = Letzte Bestellung
customers-spent = Umsatz
customers-empty = Noch keine Kunden
customers-empty-text = Wer bestellt, wird Kunde.
customer-since = Kunde seit { $x }
customer-contact = Kontakt
customer-phone = Telefon
customer-language = Sprache
customer-addresses = Adressen
customer-no-addresses = Noch keine.
customer-main-address = Hauptadresse
customer-notes = Notizen
customer-note = Notiz
customer-note-hint = Nur Mitarbeiter sehen sie.
customer-no-orders = Noch keine Bestellungen
customer-no-orders-text = Die Bestellungen erscheinen hier.

## Einstellungen
settings-shop = Shop
settings-shop-line = Name, Rechtsträger, Zeitzone, Eingabe der Preise
settings-staff = Mitarbeiter
settings-staff-line = Wer hier arbeitet
settings-roles = Rollen
settings-roles-line = Was jede darf
settings-keys = API-Schlüssel
settings-keys-line = Zugang für andere Programme
settings-taxes = Steuern
settings-taxes-line = Sätze nach Land und Kategorie
settings-shipping = Versand
settings-shipping-line = Zonen, Arten und ihre Preise
settings-payments = Zahlungen
settings-payments-line = Wie Kunden zahlen können
settings-theme = Aussehen
settings-theme-line = Farbe, Ecken, Ankündigung, Begrüßung
shop-email = E-Mail für Kunden
shop-email-hint = Antworten auf Mails des Shops kommen dort an.
shop-currency-hint = Beim Anlegen des Shops festgelegt.
shop-time-zone-hint = Bestimmt, wann ein Geschäftstag beginnt.
shop-legal = Rechtsträger
shop-legal-address = Adresse
shop-legal-address-hint = Wie auf Papieren gedruckt.
shop-tax-number = Umsatzsteuer-Nummer
shop-country = Land: { $x }
shop-prices = Preise
shop-prices-incl = Preise werden mit Steuer eingegeben
shop-prices-incl-hint = Der Nettopreis folgt aus dem Land des Kunden.
shop-prices-excl = Preise werden ohne Steuer eingegeben
shop-prices-excl-hint = Die Steuer kommt an der Kasse hinzu.
staff-name = Name
staff-me = Sie
staff-last-seen = Zuletzt da
staff-add = Mitarbeiter anlegen
staff-edit = { $x } bearbeiten
staff-password = Erstes Passwort
staff-new-password = Neues Passwort
staff-new-password-hint = Bleibt es leer, ändert sich nichts. Ein neues meldet überall ab.
staff-active = Darf sich anmelden
staff-active-hint = Ohne das endet jede Sitzung sofort.
roles-name = Name
roles-permissions = Rechte
roles-scope = Standorte
roles-scope-hint = Keiner angekreuzt heißt alle.
roles-fixed = Mitgeliefert
roles-add = Rolle anlegen
roles-edit = { $x } bearbeiten
keys-name = Name
keys-name-hint = Wer ihn nutzt, etwa „Buchhaltung“.
keys-key = Schlüssel
keys-created = Angelegt
keys-last-used = Zuletzt genutzt
keys-add = Schlüssel anlegen
keys-made = Ihr neuer Schlüssel
keys-made-hint = Kopieren Sie ihn jetzt. Er wird nur dieses eine Mal gezeigt.
keys-secret = Schlüssel
keys-copy = Kopieren
keys-copied = Kopiert
keys-revoke = Widerrufen
keys-revoke-confirm = Den Schlüssel „{ $x }“ widerrufen? Was ihn nutzt, hört auf zu arbeiten.
keys-empty = Noch keine Schlüssel
keys-empty-text = Ein Schlüssel lässt ein anderes Programm die API nutzen, mit den Rechten, die Sie wählen.
taxes-lead = Es gilt der Satz des Landes, in das geliefert wird.
taxes-name = Name
taxes-name-hint = Wie auf Papieren, etwa „MwSt.“.
taxes-rate = Satz
taxes-add = Satz anlegen
taxes-edit = Satz bearbeiten
taxes-delete-confirm = Diesen Satz löschen?
taxes-empty = Noch keine Sätze
taxes-empty-text = Ohne Satz tragen Bestellungen keine Steuer.
shipping-method = Versandart
shipping-price = Preis
shipping-price-hint = Für feste Preise.
shipping-delivery = Lieferzeit
shipping-min-days = Kommt frühestens nach, Tage
shipping-max-days = Spätestens nach, Tage
shipping-days-hint = Der Kunde liest „2–3 Tage“.
shipping-zone = Zone
shipping-zone-name = Name der Zone
shipping-zone-add = Zone anlegen
shipping-zone-edit = Zone bearbeiten
shipping-countries = Länder
shipping-method-add = Versandart anlegen
shipping-method-edit = Versandart bearbeiten
shipping-method-name = Name der Versandart
shipping-method-name-hint = Wie der Kunde ihn liest.
shipping-kind = Wie der Preis entsteht
shipping-flat = Ein Preis
shipping-weight = Nach Gewicht
shipping-free-from = Frei ab
shipping-free-from-hint = Summe der Ware; leer: nie.
shipping-steps = Gewichtsstufen
shipping-steps-hint = Je Zeile eine: bis zu wie viel Gramm, und der Preis. Etwa „5000 4.90“.
shipping-active = Wird Kunden angeboten
shipping-no-methods = Noch keine Versandarten.
shipping-empty = Noch keine Zonen
shipping-empty-text = Eine Zone ist eine Gruppe von Ländern mit denselben Versandarten.
payments-offer = An der Kasse angeboten
payments-instructions = Text für den Kunden
payments-instructions-hint = Kontonummer, Zahlungsziel. Nach der Bestellung und in der Mail zu lesen.
theme-look = Aussehen
theme-words = Worte
theme-hue = Farbton
theme-hue-hint = 0 bis 359: 262 ist Kobalt, 150 Grün, 25 Rot.
theme-radius = Ecken
theme-radius-hint = 0 ist eckig, 16 sehr rund.
theme-announcement = Ankündigung
theme-announcement-hint = Eine Zeile über jeder Seite.
theme-hero-title = Titel der Begrüßung
theme-hero-text = Text der Begrüßung
theme-footer = Fußzeile
theme-footer-hint = Je eine Zeile.

## System
system-tasks = Aufgaben
system-events = Ereignisse
system-doctor = Doktor
tasks-queues = Warteschlangen
tasks-kind = Art
tasks-due = Fällig
tasks-oldest = Älteste
tasks-done-hour = In der letzten Stunde erledigt
tasks-task = Aufgabe
tasks-attempts = Versuche
tasks-created = Angelegt
tasks-next = Nächster Versuch
tasks-error = Letzter Fehler
tasks-replay = Erneut ausführen
tasks-replay-all = Alle aufgegebenen erneut ausführen
tasks-dead = { $n ->
    [one] Eine Aufgabe hat aufgegeben. Sehen Sie den Fehler an, beheben Sie die Ursache, führen Sie sie erneut aus.
   *[other] { $n } Aufgaben haben aufgegeben. Sehen Sie die Fehler an, beheben Sie die Ursache, führen Sie sie erneut aus.
}
tasks-empty = Nichts zu tun
tasks-empty-text = Aufgaben entstehen, sobald im Shop etwas geschieht.
tasks-none = Hier sind keine Aufgaben
tasks-none-text = Das ist ein gutes Zeichen.
tasks-view-dead = Aufgegeben
tasks-view-retrying = Wiederholt
tasks-view-due = Fällig
tasks-view-all = Alle
events-search = Arten, Gegenstände suchen
events-event = Ereignis
events-subject = Gegenstand
events-empty = Keine Ereignisse
events-empty-text = Was im Shop geschieht, steht hier.
doctor-never = Noch nicht gelaufen.
doctor-clean = Alles stimmt überein
doctor-broken = { $n ->
    [one] Ein Gesetz verletzt
   *[other] { $n } Gesetze verletzt
}
doctor-run = Jetzt prüfen
doctor-law = Gesetz
doctor-module = Modul
doctor-violations = Zeigen, was es verletzt
doctor-more = und { $n } weitere

## Import
imports-title = Produkte importieren
imports-list = Importe
imports-new = Neuer Import
imports-hint = Eine Produkt-CSV, wie Shopify sie ausgibt. Spalten werden am Namen erkannt; unbekannte werden eigene Felder. Dieselbe Datei zweimal zu importieren ändert nichts.
imports-choose = CSV-Datei
imports-limit = Bis zu { $x }.
imports-dry-run = Probelauf
imports-dry-run-hint = Prüft jede Zeile und ändert nichts.
imports-start = Import beginnen
imports-file = Datei
imports-errors = Fehler
imports-started = Begonnen
imports-empty = Noch nichts importiert
imports-empty-text = Importe und ihre Berichte erscheinen hier.
import-progress = Fortschritt
import-report = Bericht
import-created = Angelegt
import-updated = Geändert
import-unchanged = Unverändert
import-see = Produkte ansehen
import-errors = Abgewiesene Zeilen
import-errors-hint = Gute Zeilen sind übernommen. Bessern Sie diese in der heruntergeladenen Datei aus und importieren Sie jene Datei.
import-download = Fehlerzeilen herunterladen
import-kept = Aufbewahrt bis { $x }
import-line = Zeile, ohne Überschrift
import-handle = Handle
import-reason = Grund
import-custom = Eigene Felder
import-custom-hint = Diese Spalten wurden eigene Felder.

## Mails
mails-development = Mails bleiben hier und verlassen diesen Rechner nicht.
mails-search = Betreff, Adressen suchen
mails-subject = Betreff
mails-to = An
mails-from = Von
mails-text = Nur Text
mails-order = Bestellung
mails-empty = Noch keine Mails
mails-empty-text = Mails an Kunden erscheinen hier.

## Zeiten und Absagen
when-today = Heute { $x }
when-yesterday = Gestern { $x }
error-not-a-number = „{ $x }“ ist keine ganze Zahl ab null.
product-available = { $x } verfügbar
product-not-counted = nicht gezählt
product-saved = Produkt gespeichert
product-type = Produktart
product-image-fetching = Unterwegs
product-image-failed = Konnte nicht geholt werden
product-images-added = { $n ->
    [one] Ein Bild hinzugefügt
   *[other] { $n } Bilder hinzugefügt
}
form-saved = Gespeichert
form-deleted = Gelöscht
tax-class-standard = Normal
tax-class-reduced = Ermäßigt
tax-class-zero = Null
language-en = Englisch
language-de = Deutsch
language-fr = Französisch
language-nl = Niederländisch
language-es = Spanisch
language-it = Italienisch
language-pl = Polnisch
language-pt = Portugiesisch
language-da = Dänisch
language-sv = Schwedisch
categories-created = Kategorie „{ $x }“ angelegt
error-title-missing = Ein Produkt braucht in dieser Sprache einen Titel.
error-variant-missing = Ein Produkt braucht mindestens eine Variante; bitte eine behalten.
error-negative = Ein Betrag ist null oder mehr.
error-compare-at-too-low = Der frühere Preis muss höher sein als der Preis. Ohne früheren Preis bleibt das Feld leer.
error-option-first = Bitte zuerst eine Option benennen, etwa Größe: Sie unterscheidet die Varianten.
error-option-values = Bitte für „{ $x }“ Werte angeben, mit Kommas getrennt.
error-too-many-variants = Das ergibt mehr als { $x } Varianten. Bitte weniger Werte, oder ein Import.
error-custom = { $x }: { $y }.
error-file-missing = Bitte zuerst eine Datei wählen.
error-upload-unread = Das Hochladen brach ab oder war zu groß. Bitte mit weniger Dateien wiederholen.
error-too-many-files = Höchstens { $x } Dateien auf einmal.
error-stale-version = Inzwischen hat jemand anders dieses Produkt geändert. Nichts Getipptes ist verloren: nochmals speichern legt es über die andere Änderung; das Produkt neu zu öffnen zeigt sie.
error-slug-taken = Diese Adresse gehört schon einem anderen Produkt oder einer anderen Kategorie.
error-sku-taken = Diese SKU gehört einer anderen Variante.
error-category-loop = Eine Kategorie kann nicht in sich selbst oder unter eine ihrer Unterkategorien verschoben werden.

## Bestellungen: was gesagt und getan wird
bulk-none = Nichts war ausgewählt.
bulk-nothing = Für die ausgewählten Zeilen war nichts zu tun.
bulk-fulfilled = { $n ->
    [0] Nichts versandt.
    [one] Eine Sendung erstellt.
   *[other] { $n } Sendungen erstellt.
}
bulk-captured = { $n ->
    [0] Nichts eingezogen.
    [one] Eine Zahlung eingezogen.
   *[other] { $n } Zahlungen eingezogen.
}
bulk-refused = { $n ->
    [one] Eine wurde abgelehnt:
   *[other] { $n } wurden abgelehnt, die erste weil:
}
cancel-restock = Was dieser Bestellung versprochen war, wird wieder verfügbar.
cancel-refund = { $x } gehen zurück: Reserviertes wird freigegeben, Eingezogenes erstattet.
cancel-refused-state = Sie ist schon abgeschlossen oder storniert.
cancel-refused-shipped = Ein Teil davon ist schon versandt.
day-today = Heute
day-yesterday = Gestern
form-missing = Bitte ausfüllen.
fulfil-base-units = { $x } Einheiten, je { $y }
fulfil-not-paid = Diese Bestellung ist nicht bezahlt. Ihre Zahlung: { $x }.
fulfil-on-hold = Diese Bestellung ist angehalten: { $x }
line-cancelled = { $x } storniert
line-refunded = { $x } erstattet
line-shipped = { $x } von { $y } versandt
order-decided = Notiert, was aus der Zahlung wurde.
order-asked = Die Bank hat geantwortet.
order-asked-open = Die Bank hat noch keine Antwort.
order-cancelled = Bestellung { $x } storniert
order-capture-open = Die Bank hat nicht zugestimmt. Näheres steht im Verlauf.
order-captured-done = { $x } eingezogen
order-commented = Kommentar gespeichert
order-delivered-done = Als zugestellt vermerkt
order-hold = Anhalten
order-hold-do = Anhalten
order-hold-hint = Solange sie angehalten ist, kann nichts davon versandt werden.
order-hold-reason = Warum
order-hold-why = Bitte in höchstens 200 Zeichen sagen, warum.
order-held = Angehalten
order-lost = Verloren
order-lost-confirm = Diese Sendung als verloren vermerken?
order-lost-done = Als verloren vermerkt
order-note = Notiz und Schlagwörter
order-note-text = Notiz
order-note-hint = Nur Mitarbeiter sehen sie.
order-on-hold = Angehalten: { $x }
order-online = Onlineshop
order-paid-done = { $x } als eingegangen vermerkt
order-release = Weitergehen lassen
order-released = Sie geht weiter
order-shipped = { $n ->
    [one] Ein Stück versandt
   *[other] { $n } Stück versandt
}
order-sum-captured = Bezahlt
order-sum-due = Noch offen
order-sum-open = Noch einzuziehen
order-sum-refunded = Erstattet
order-tracking-edit = Sendungsverfolgung ändern
order-voided = Reservierung freigegeben
orders-count = { $n ->
    [one] Eine Bestellung
   *[other] { $n } Bestellungen
}
orders-search = Nummer, E-Mail, Name suchen
refund-done = { $x } erstattet
refund-failed = Die Bank hat abgelehnt: { $x }
refund-pending = { $x } sind auf dem Rückweg; die Bank hat noch nicht bestätigt.
refund-tax = davon { $x } Steuer
refund-to = Geht zurück an: { $x }.
refund-told = Die Kundschaft erfährt es per E-Mail.
refund-too-many = Von „{ $x }“ können { $y } erstattet werden.
refund-too-much = Höchstens { $x } können erstattet werden.
setup-country-unknown = Bitte ein Land wählen.
setup-currency-unknown = Bitte eine Währung wählen.
setup-tax-name = MwSt.
shipment-pieces = { $n ->
    [one] Ein Stück
   *[other] { $n } Stück
}
sign-in-wrong = Diese E-Mail und dieses Passwort passen nicht zusammen.
timeline-customer = { $x } (Kundschaft)
timeline-delivered = Sendung { $x } zugestellt
adjust-initial = Erste Zählung
adjust-import = Importiert
adjust-used = Verbraucht oder verschenkt
adjust-correction = Korrektur
adjust-shipped = Versandt
adjust-handed-over = Übergeben
adjust-quarantine = Zurückgelegt
inventory-unit-piece = in Stück gezählt
inventory-unit-gram = in Gramm gezählt
inventory-saved = { $n ->
    [0] Nichts geändert
    [one] Eine Menge gespeichert
   *[other] { $n } Mengen gespeichert
}
inventory-adjusted = Bestand angepasst
inventory-policy = Verkauf
inventory-tracked = Diesen Artikel zählen
inventory-tracked-hint = Ohne Zählung ist er immer verkäuflich.
inventory-oversell = Auch ohne Bestand verkaufen
inventory-oversell-hint = Der Bestand geht dann unter null, als Nachlieferung.
stock-moved = Das wurde inzwischen geändert; es sind jetzt:
error-not-a-change = „{ $x }“ ist keine Änderung. 12 fügt hinzu, -3 nimmt weg.
customer-edit = Bearbeiten
customer-marketing = Darf über Bestellungen hinaus angeschrieben werden
customer-marketing-hint = Nur mit Einwilligung.
home-alert-done = Erledigt
home-alert-seen = Erledigt
shop-address-more = Adresse, zweite Zeile
shop-locales = Sprachen des Shops
shop-locales-hint = Etwa „de, en“; die erste ist die Hauptsprache.
taxes-region = Region
taxes-region-hint = Ihr Kürzel, etwa CA für Kalifornien; leer: das ganze Land.
taxes-class-hint = Ein Wort, das Produkte nennen: standard, reduced oder ein eigenes.
error-not-a-rate = Ein Satz liegt zwischen 0 und 100 Prozent, etwa 19 oder 5,5.
error-rate-exists = Für Land, Region und Kategorie gibt es schon einen Satz. Bitte diesen ändern.
shipping-everywhere = Überall sonst
shipping-up-to = { $x } bis { $y }
shipping-free-above = ab { $x } frei
shipping-days = { $x }–{ $y } Tage
shipping-days-one = { $n ->
    [one] ein Tag
   *[other] { $n } Tage
}
shipping-method-name-in = Name ({ $x })
shipping-method-delete-confirm = Diese Versandart löschen? Warenkörbe damit müssen neu wählen.
shipping-zone-delete-confirm = Diese Zone löschen?
error-price-missing = Eine Pauschale braucht einen Preis; 0 ist frei.
error-not-a-step = „{ $x }“ ist keine Stufe. Gramm und Preis angeben, etwa 5000 4,90.
error-country-in-another-zone = Eines dieser Länder liegt schon in einer anderen Zone. Bitte dort zuerst entfernen.
error-out-of-range = Eine ganze Zahl von 0 bis { $x }.
payment-test = Testbank
payment-test-line = Eine Bank in Mercer, zum Ausprobieren. Es fließt kein Geld.
payment-bank-transfer = Überweisung
payment-bank-transfer-line = Der Kunde überweist; Sie markieren die Bestellung als bezahlt.
payment-cash-on-delivery = Nachnahme
payment-cash-on-delivery-line = Der Kunde zahlt, wenn das Paket ankommt.
payments-bank-holder = Kontoinhaber
payments-bank-name = Bank
payments-bank-iban = IBAN
payments-bank-iban-hint = Wird anhand der Prüfziffern geprüft.
payments-bank-bic = BIC
payments-instructions-in = Weiteres für den Kunden ({ $x })
payments-capture = Geld einziehen
payments-capture-when = Autorisiertes Geld wird eingezogen
payments-capture-hint = Das Geld wird bei der Bestellung reserviert und zu diesem Zeitpunkt eingezogen.
capture-shipped = mit jedem Paket, für dessen Inhalt
capture-placed = sofort
capture-manual = von Hand
theme-announcement-link = Die Ankündigung führt zu
theme-hero-link = Die Begrüßung führt zu
theme-link-hint = Ein Pfad des Shops, etwa /c/obst.
roles-everywhere = Alle Standorte
roles-delete-confirm = Diese Rolle löschen?
error-role-missing = Bitte mindestens eine Rolle wählen.
error-permission-missing = Bitte mindestens ein Recht wählen.
error-email-taken = Jemand mit dieser E-Mail arbeitet schon hier.
error-role-name-taken = Eine Rolle dieses Namens gibt es schon.
error-last-owner = Der Shop braucht mindestens einen aktiven Inhaber. Bitte zuerst jemand anderen dazu machen.
error-yourself = Sie können sich nicht selbst sperren. Bitte einen anderen Inhaber fragen.
keys-revoked = Schlüssel widerrufen
permission-orders = Bestellungen
permission-orders-read = Bestellungen, Sendungen und Zahlungen sehen
permission-orders-write = Kommentieren, stornieren, als bezahlt markieren
permission-orders-refund = Geld erstatten
permission-orders-fulfil = Packen und versenden
permission-payments = Zahlungen
permission-payments-capture = Autorisiertes Geld einziehen oder freigeben
permission-products = Produkte
permission-products-read = Produkte und Kategorien sehen
permission-products-write = Produkte, Kategorien, Preise, Bilder ändern
permission-inventory = Bestand
permission-inventory-read = Bestand sehen
permission-inventory-write = Bestand anpassen
permission-customers = Kunden
permission-customers-read = Kunden sehen
permission-customers-write = Kunden ändern
permission-analytics = Zahlen
permission-analytics-read = Zahlen sehen
permission-settings = Einstellungen
permission-settings-write = Einstellungen, Steuern, Versand, Gestaltung ändern
permission-access = Zugang
permission-access-write = Team, Rollen und API-Schlüssel ändern
permission-system = System
permission-system-read = Warteschlangen, Mails und Gesetze sehen
permission-system-write = Aufgaben wiederholen, Meldungen erledigen
tasks-replayed-one = Die Aufgabe läuft noch einmal
tasks-not-replayed = Diese Aufgabe ist erledigt oder läuft gerade
tasks-replayed = { $n ->
    [0] Nichts zu wiederholen
    [one] Eine Aufgabe läuft noch einmal
   *[other] { $n } Aufgaben laufen noch einmal
}
alerts-title = Braucht einen Blick
alerts-what = Was
alerts-since = Seit
alerts-resolve = Erledigt
alerts-resolved = Meldung erledigt
actor-staff = Team
actor-key = API-Schlüssel
actor-shopper = Kunde
actor-system = Mercer
imports-begun = Der Import hat begonnen
imports-waiting = Wartet, bis es an der Reihe ist
imports-progress = { $x } von { $y } Zeilen
error-file-too-large = Die Datei ist größer als 100 MB. Bitte teilen oder die Befehlszeile nutzen.

## Own fields and what is folded away
settings-fields = Eigene Felder
settings-fields-line = Was Sie über das Übliche hinaus festhalten
fields-of = Gehört zu
fields-of-product = Produkte
fields-of-variant = Varianten
fields-of-customer = Kunden
fields-of-order = Bestellungen
fields-name = Name
fields-name-hint = So lesen es die Mitarbeiter, etwa „Material“.
fields-key = Schlüssel
fields-key-hint = Für Importe und die API; leer gelassen, entsteht er aus dem Namen.
fields-kind = Art
fields-kind-hint = Kann später nicht geändert werden.
fields-order = Reihenfolge
fields-up = { $x } nach oben
fields-down = { $x } nach unten
fields-moved = Reihenfolge geändert
fields-add = Feld anlegen
fields-edit = { $x } bearbeiten
fields-delete-confirm = Das Feld „{ $x }“ und alle seine Werte löschen?
fields-empty = Noch keine eigenen Felder
fields-empty-text = Ein Feld ergänzt, was Sie brauchen, an Produkten, Varianten, Kunden oder Bestellungen: Material, Zimmernummer, Liefertermin.
field-kind-text = Eine Zeile
field-kind-long-text = Mehrere Zeilen
field-kind-integer = Ganze Zahl
field-kind-decimal = Zahl mit Komma
field-kind-boolean = Ja oder nein
field-kind-date = Datum
field-kind-url = Webadresse
field-kind-json = JSON
error-field-text = höchstens 1.000 Zeichen in einer Zeile
error-field-long-text = dieser Text ist zu lang
error-field-integer = hier gehört eine ganze Zahl hin
error-field-decimal = hier gehört eine Zahl hin, etwa 12.5
error-field-boolean = ja oder nein
error-field-date = hier gehört ein Datum hin, etwa 2026-11-23
error-field-url = hier gehört eine Adresse hin, die mit https:// beginnt
error-field-json = das ist kein JSON
error-field-taken = Ein Feld mit diesem Schlüssel gibt es schon.
error-invalid-key = Nur Kleinbuchstaben, Ziffern, _ und -.
product-variant-more = Mehr
product-variant-more-of = Mehr zu { $x }
product-requires-shipping = Wird verschickt
product-requires-shipping-hint = Aus bei Leistungen und Downloads.
product-taxable = Steuerpflichtig
product-taxable-hint = Mit der Steuerklasse des Produkts.
product-unit-grams = Inhalt
product-unit-grams-hint = Für den Preis pro Kilo; leer: keiner wird gezeigt.
product-variant-image = Eigenes Bild
product-variant-image-none = Wie das Produkt
product-variant-image-hint = Eines der Bilder des Produkts.
product-image-nth = { $x }. { $y }
product-policy-uncounted = Nicht gezählt: immer verkäuflich.
product-policy-oversell = Gezählt, und auch ohne Bestand verkäuflich.
product-policy-stops = Gezählt, und ohne Bestand nicht verkäuflich.
product-policy-change = Ändern

## Customers: addresses, consent, tags
order-words = Worte der Kundschaft
customer-back = Zurück zur Kundin, zum Kunden
customer-address-add = Adresse hinzufügen
customer-address-edit = Adresse bearbeiten
customer-address-edit-of = Adresse { $x } bearbeiten
customer-address-main-of = { $x } zur Hauptadresse machen
customer-address-remove-of = Adresse { $x } entfernen
customer-address-make-main = Hauptadresse
customer-address-remove-confirm = Diese Adresse entfernen? Bestellungen behalten die ihre.
customer-address-country = Felder zeigen
customers-consent-yes = Dürfen angeschrieben werden
customers-consent-no = Dürfen nicht angeschrieben werden
customers-any-consent = Jede Einwilligung
customers-any-tag = Jedes Schlagwort
consent-title = Einwilligung
consent-email = E-Mail
consent-sms = SMS
consent-phone = Anrufe
consent-post = Briefe
consent-yes = Zugestimmt
consent-no = Widerrufen
consent-never = Nie gefragt
consent-history = Nachweis
consent-gave = { $x }: zugestimmt
consent-took-back = { $x }: widerrufen
consent-change = Änderung festhalten
consent-channel = Für
consent-what = Was
consent-reason = Woher Sie es wissen
consent-reason-hint = Als Nachweis aufbewahrt, mit Ihrem Namen und der Zeit.
consent-source-checkout = Kasse
consent-source-staff = Mitarbeiter
consent-source-key = API-Schlüssel
consent-source-system = Mercer
error-invalid-reason = Bitte angeben, woher Sie es wissen.
error-changed-meanwhile = Jemand hat diese Daten inzwischen geändert. Nichts Getipptes ist verloren: noch einmal ansehen, dann speichern.

## Redirects, one's own account
settings-redirects = Weiterleitungen
settings-redirects-line = Alte Adressen, die weiterführen
redirects-add = Weiterleitung anlegen
redirects-added = Weiterleitung gespeichert
redirects-from = Alter Pfad
redirects-from-hint = Etwa /collections/shoes; eine ganze Adresse geht auch.
redirects-to = Führt zu
redirects-to-hint = Ein Pfad dieses Ladens, etwa /c/schuhe.
redirects-remove = Die Weiterleitung von { $x } entfernen
redirects-empty = Noch keine Weiterleitungen
redirects-empty-text = Produkte und Kategorien, deren Adresse sich ändert, führen von selbst weiter. Legen Sie hier die Seiten eines früheren Ladens an.
error-invalid-from-path = Ein Pfad beginnt mit einem /, etwa /sale, und enthält kein Leerzeichen und kein #.
error-invalid-to-path = Es muss ein Pfad dieses Ladens sein, etwa /sale, und darf nicht im Kreis führen.
account-title = Ihr Konto
account-you = Sie
account-password = Passwort
account-password-current = Jetziges Passwort
account-password-lead = Jeder andere Browser wird abgemeldet.
account-password-do = Passwort ändern
account-password-changed = Passwort geändert
account-sessions = Wo Sie angemeldet sind
account-browser = Browser
account-from = Von
account-since = Seit
account-this = Dieser Browser
account-end = Abmelden
account-end-of = { $x } abmelden
account-end-others = Alle anderen abmelden
account-session-ended = Dort abgemeldet
error-wrong-password = Das ist nicht Ihr jetziges Passwort.
error-too-many-attempts = Zu viele Versuche. Bitte einige Minuten warten.

## An order's timeline
timeline-placed = Bestellt; { $x } autorisiert
timeline-placed-due = Bestellt; { $x } zu zahlen
timeline-paid = { $x } eingegangen
timeline-captured = { $x } eingezogen
timeline-voided = { $x } freigegeben
timeline-capture-failed = { $x } konnten nicht eingezogen werden
timeline-void-failed = { $x } konnten nicht freigegeben werden
timeline-refunded = { $x } erstattet
timeline-refunded-for = { $x } erstattet für { $y }
timeline-refund-failed = Die Bank hat die Erstattung von { $x } abgelehnt
shipment-pieces-of = { $n ->
    [one] ein Stück
   *[other] { $n } Stück
}
timeline-shipped = { $n ->
    [one] Ein Stück verschickt
   *[other] { $n } Stück verschickt
}
timeline-payment-failed = Zahlung abgelehnt: { $x }
timeline-payment-never-asked = Zahlung fehlgeschlagen: die Bank wurde nie gefragt
timeline-payment-unknown = Die Bank war nicht zu hören; sie wird wieder gefragt, bis sie antwortet
timeline-payment-late = Geld kam für eine Bestellung, die es nicht mehr will; es geht zurück
timeline-cancelled = Storniert
timeline-closed = Abgeschlossen: alles ist verschickt und beglichen
timeline-mail = { $x } geschrieben an { $y }
timeline-mail-order-placed = Bestätigung
timeline-mail-order-shipped = Versandmail
timeline-mail-order-refunded = Erstattungsmail
timeline-mail-order-cancelled = Stornomail

## Theme: picture, promises, footer; categories' pictures
theme-hero-image = Bild des Willkommens
theme-hero-image-hint = JPEG, PNG, WebP oder GIF; breite wirken am besten. Es steht statt der Reihe von Produkten.
theme-hero-image-remove = Bild entfernen
theme-promises = Versprechen
theme-promises-lead = Auf der Startseite, je mit einem Zeichen. Was leer ist, wird nicht gezeigt.
theme-promise-n = Versprechen { $x }
theme-promise-icon = Zeichen
theme-promise-title = Wenige Worte ({ $x })
theme-promise-text = Ein Satz ({ $x })
theme-footer-text = Über den Laden
theme-footer-text-hint = Ein Satz am Ende jeder Seite.
theme-links = Links
theme-links-hint = Je Zeile: Text, Strich, Adresse. Etwa „Über uns | https://example.com/wir“.
theme-legal = Rechtliche Links
theme-legal-hint = Impressum, AGB, Datenschutz; ebenso geschrieben. Auch neben dem Bestellknopf.
theme-search-hint = Im Suchfeld
theme-search-hint-hint = Etwa „Äpfel, Brot, Käse“.
promise-icon-truck = Lieferwagen
promise-icon-rotate-ccw = Rückgabe-Pfeil
promise-icon-shield-check = Schild
promise-icon-leaf = Blatt
promise-icon-clock = Uhr
promise-icon-badge-check = Siegel
promise-icon-credit-card = Karte
promise-icon-mail = Brief
promise-icon-map-pin = Ort
promise-icon-package = Paket
error-not-a-link = „{ $x }“ ist kein Link. Schreiben Sie Text, Strich und Adresse: AGB | /agb.
error-invalid-links = Ein Link führt zu einem Pfad dieses Ladens oder beginnt mit https://. Höchstens 20.
error-invalid-legal = Ein Link führt zu einem Pfad dieses Ladens oder beginnt mit https://. Höchstens 20.
error-invalid-promises = Ein Versprechen braucht seine wenigen Worte: höchstens 60 Zeichen, und 160 für den Satz.
categories-image = Bild
categories-image-hint = Ohne eines werden Produkte daraus gezeigt.
refund-notify = Der Kundschaft schreiben
refund-notify-hint = Mit Betrag und Grund.
orders-capped = Diese Ansicht enthält die neuesten 1.000. Ältere finden sich unter „Alle“ nach Nummer, Name oder Datum.
