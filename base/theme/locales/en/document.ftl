# Texts of the printed documents.
slip-title = Packing slip
slip-order = Order
slip-number = Number
slip-date = Ordered
slip-item = Item
slip-ordered = Ordered
slip-shipped = In this parcel
slip-thanks = Thank you for your order. Something wrong with it? Reply to the e-mail with your confirmation.
pick-title = Pick list
pick-orders = { $count ->
    [one] 1 order:
   *[other] { $count } orders:
}
pick-done = Done
pick-bin = Bin
pick-by = Picked by, date
