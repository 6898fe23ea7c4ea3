# Words that the shop puts into views: availability, sums, fields, errors, states.
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date-long = { $day } { $month } { $year }
date-minute = { $date }, { $time }

stock-in = In stock
stock-low = Only { $count } left
stock-backorder = Can be ordered
stock-backorder-detail = Ships when it is back
stock-out = Sold out
price-per = { $price } / { $unit }
free = Free
tax-included = Includes { $amount } VAT
tax-included-short = Includes VAT.
sum-goods = Goods, { $count ->
    [one] 1 item
   *[other] { $count } items
}
sum-shipping = Delivery
sum-shipping-later = at checkout
sum-tax = VAT
sum-discount = Discount

sort-featured = Featured
sort-newest = Newest
sort-price-up = Price, low to high
sort-price-down = Price, high to low
sort-name = Name
home = Home
home-new = New in the shop
home-popular = Popular
see-all = See all
weight = Weight
gtin = Barcode (GTIN)

cart-added = { $name } is in your cart.
cart-added-some = Only { $count } more could be added: that is all there is.
cart-not-added = { $name } is sold out.
line-sold-out = Sold out. Please remove it.
line-fewer = Only { $count } left. The quantity was reduced.
line-price-changed = The price was { $was } and is now { $now }.
line-gone = { $name } is no longer sold and was taken out of your cart.

suggest-products = Products
suggest-categories = Categories
suggest-status = { $count ->
    [0] No suggestions
    [one] 1 suggestion
   *[other] { $count } suggestions
}
suggest-all = All { $count } results for “{ $query }”

field-email = E-mail
field-email-hint = For the confirmation and news of this order.
field-country = Country
field-name = Full name
field-address1 = Street and number
field-address2 = Apartment, floor, company
field-postcode = Postcode
field-zip = ZIP code
field-city = Town or city
field-state = State
field-province = Province
field-phone = Phone
field-phone-hint = Only for questions about the delivery.
choose = Choose …

error-required = Please fill in: { $field }.
error-email = Enter an e-mail address, for example name@example.com.
error-postcode = This is not a postcode of { $country }; an example: { $example }.
error-too-long = { $field } is too long: { $max } characters at most.
error-country = Choose a country we deliver to.
error-shipping = Choose how we deliver.
error-payment = Choose how to pay.
error-token = Enter a test token.
error-declined = The bank declined this payment. Nothing was charged. Try another card or another way to pay.
error-payment-unclear = The bank has not answered yet. Do not pay again: we ask the bank and write to you.
error-challenge-refused = The payment was not confirmed. Nothing was charged.
error-stock = { $name }: only { $left } left. Please change your cart.
error-stock-none = { $name } has just been sold out. Please remove it from your cart.
error-cart-changed = Your cart has changed. Please check the summary and order again.
shipping-none = We do not deliver to this address. Please choose another country.
shipping-missing = Choose a country to see how we deliver.

pay-test-card = Test card
pay-test-card-detail = A card of the built-in test bank
pay-bank-transfer = Bank transfer
pay-bank-transfer-detail = We ship when the money has arrived
pay-cash-on-delivery = Cash on delivery
pay-cash-on-delivery-detail = Pay when it arrives
token-ok = The card is charged
token-decline = The bank declines
token-challenge = The bank asks for confirmation
token-timeout-charged = The bank charges and does not answer
token-timeout = The bank does not answer and charges nothing
token-late = The bank answers late, by webhook
token-duplicate = The bank answers twice, by webhook
transfer-account = Account holder
transfer-iban = IBAN
transfer-bic = BIC
transfer-bank = Bank
transfer-note = Note
transfer-reference = Reference
transfer-amount = Amount

step-placed = Ordered
step-paid = Paid
step-payment-due = Payment due
step-payment-waiting = Waiting for the bank
step-payment-failed = Payment failed
step-packed = Packed
step-shipped = On the way
step-delivered = Delivered
step-cancelled = Cancelled
payment-paid = Paid
payment-authorised = Authorised
payment-due = Due
payment-waiting = Waiting for the bank
payment-failed = Declined
payment-voided = Called off
payment-refunded = Refunded
refund-pending = On its way
refund-done = Refunded
refund-failed = Failed, we take care of it
status-awaiting-payment = We wait for your payment
status-placed = We prepare your order
status-part-shipped = A part is on its way
status-shipped = Your order is on its way
status-delivered = Your order has arrived
status-cancelled = Your order was cancelled
next-paid = We pack it now and write to you when it leaves.
next-due = We pack it and send it on its way.
next-transfer = We pack it as soon as your transfer has arrived.
next-unknown = The bank has not answered yet. We ask again and write to you; please do not pay twice.
event-placed = You placed the order
event-paid = { $amount } paid
event-payment-failed = A payment of { $amount } did not go through
event-shipped = A parcel left
event-delivered = The parcel arrived
event-refunded = { $amount } refunded
event-cancelled = The order was cancelled
pay-again = Complete the payment

problem-title = Something went wrong on our side
problem-text = Nothing you did. Please try again in a moment.
problem-busy-title = Too much at once
problem-busy-text = Please wait a moment and try again.
problem-bad-title = We could not read that
problem-bad-text = Please go back and try again.
problem-forbidden-title = This is not open to you
problem-forbidden-text = The form may have come from another site, or the page is too old. Please go back and try again.
problem-gone-title = We are making changes
problem-gone-text = The shop is back in a moment.
try-again = Try again
