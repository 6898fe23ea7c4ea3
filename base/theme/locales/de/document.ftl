# Texte der gedruckten Papiere.
slip-title = Lieferschein
slip-order = Bestellung
slip-number = Nummer
slip-date = Bestellt
slip-item = Artikel
slip-ordered = Bestellt
slip-shipped = In diesem Paket
slip-thanks = Danke für Ihre Bestellung. Stimmt etwas nicht? Antworten Sie auf die E-Mail mit Ihrer Bestätigung.
pick-title = Pickliste
pick-orders = { $count ->
    [one] 1 Bestellung:
   *[other] { $count } Bestellungen:
}
pick-done = Fertig
pick-bin = Platz
pick-by = Gepickt von, Datum
