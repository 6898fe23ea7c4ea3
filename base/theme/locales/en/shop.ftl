# Words of the storefront's own handlers: what stands on pages beside the theme's texts.
hero-go = Start shopping
all-products = All products
yes = Yes
no = No
grams = { $count } g
kilos = { $count } kg
decimal-point = .

line-unknown = An item
line-not-for-sale = No longer sold. Please remove it.
line-only-left = Only { $count } left. Please take fewer.
cart-gone = This is no longer sold.
cart-quantity-wrong = Choose a quantity between 1 and { $max }.
cart-full = A cart holds { $max } different items at most. Please order these first.
cart-only = { $name } is in your cart. There are only { $count } of it.

error-summary = { $text }
error-price-rose = A price has changed. Please look at the summary and order again.
error-total-rose = The total is { $now } by now; it was { $was }. Please look at the summary and order again.
error-sold-meanwhile = { $name } was just bought by somebody else: { $left ->
    [0] none is left
   *[other] only { $left } are left
}. Please change your cart.
error-bank-silent = We could not reach the bank. Nothing was ordered yet; please try again.
error-payment-gone = This way to pay is no longer offered. Choose another.
error-shipping-gone = This delivery is no longer offered. Choose another.
checkout-waiting = Your order { $number } waits for its payment. What is in it is kept for you.
shipping-days = { $min ->
    [one] { $min } working day
   *[other] { $min } working days
}
shipping-days-range = { $min } to { $max } working days
shipping-digital = Nothing in this order needs delivery.
token-success = The card is charged
token-no-refund = The card is charged, and every refund is refused
token-stuck = The bank is not heard, and takes the money a minute later
bank-name = Test bank
pay-continue = Continue to the bank
pay-other = Pay another way

problem-missing-title = There is nothing here
problem-conflict-title = This has changed meanwhile
problem-invalid-title = This does not fit
order-title = Order { $number }
step-packing = We pack it
