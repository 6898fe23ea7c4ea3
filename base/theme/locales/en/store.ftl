# Texts of the storefront's templates.
skip = Skip to content
notice = Notice
menu = Menu
menu-main = Main menu
menu-close = Close menu
departments = Departments
language = Language
breadcrumb = Breadcrumb
footer-shop = Shop
cart = Cart
search-label = Search the shop
search-hint = Search products
search-go = Search
go-home = Home page
add = Add to cart
add-named = Add { $name } to cart
toast-view-cart = View cart
toast-failed = That did not work. Check your connection and try again.
remove = Remove
optional = (optional)
total = Total
summary = Summary
sku = SKU
qty = Quantity
qty-less = One less
qty-more = One more
sold-out = Sold out
price-now = Now
price-was = was
price-from = from
items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
products = { $count ->
    [one] 1 product
   *[other] { $count } products
}
products-word = { $count ->
    [one] product
   *[other] products
}

hero-row = A few of our products
home-categories = Shop by category
home-promises = Why shop here

category-children = Categories in { $name }
category-products = Products
category-empty-title = Nothing here yet
category-empty-text = This category has no products at the moment. Look around the rest of the shop.
sort = Sort by
sort-go = Sort
pager = Pages
pager-page = Page { $number }
pager-previous = Previous
pager-next = Next

search-start = Search
search-start-title = What are you looking for?
search-start-text = Type a product’s name, or a part of it, into the search box above.
search-title = Results for “{ $query }”
search-results = Results
search-categories = Matching categories
search-none-title = Nothing found for “{ $query }”
search-none-text = Check the spelling, try fewer or other words, or browse a category.
search-instead = Perhaps one of these
not-found-title = This page is not here
not-found-text = The link may be old, or the product is no longer sold. Search above, or start from the home page.
problem-reference = When you ask us for help, name this number:

product-pictures = Pictures of { $name }
product-variant = Variant
product-about = About this product
product-facts = Details
product-related = You may also like

cart-items = Items
cart-update = Update quantity of { $name }
cart-less = One less { $name }
cart-more = One more { $name }
cart-quantity = Quantity of { $name }
cart-remove = Remove { $name }
cart-each = { $price } each
cart-checkout = Check out, { $total }
cart-guest = No account needed.
cart-blocked = Change or remove the marked items to go on.
cart-empty-title = Your cart is empty
cart-empty-text = What you add is kept here, on this device.
cart-empty-go = Start shopping
cart-suggestions = You may also like

checkout = Checkout
checkout-back = Back to cart
checkout-summary = Your order, { $count ->
    [one] 1 item
   *[other] { $count } items
}
checkout-order = Your order
checkout-errors = { $count ->
    [one] One thing needs your attention
   *[other] { $count } things need your attention
}
checkout-contact = Contact
checkout-address = Address
checkout-shipping = Delivery
checkout-payment = Payment
checkout-place = Place order
checkout-pay = Place order and pay { $total }
checkout-busy = One moment …
checkout-update = Update
checkout-update-hint = after you change the country
checkout-recalculated = The order summary has been updated.
checkout-legal = By ordering you accept:
token-label = Test token
token-hint = The test bank moves no money. Its tokens stand for a card and for what the bank does with it.
token-list = Show all test tokens

order-placed-line = Order { $number }, placed { $date }
order-progress = Order progress
order-step-done = done
order-transfer-title = Please transfer the amount
order-transfer-text = We ship as soon as the money has arrived. Give the reference, so that we find your order.
order-invoice-to = Invoice address
order-deliver-to = Delivery address
order-shipping = Delivery
order-payment = Payment
order-shipments = { $count ->
    [one] Shipment
   *[other] Shipments
}
order-shipment = Shipment
order-sent = Sent
order-track = Track
order-refunds = { $count ->
    [one] Refund
   *[other] Refunds
}
order-events = History
thanks-title = Thank you for your order.
thanks-mail = A confirmation is on its way to { $email }.
thanks-keep-title = Keep an eye on your order
thanks-keep-text = The order’s own page shows how far it is. Its link is in your e-mail too; whoever has it can see the order.
thanks-keep-link = Order status

challenge-title = Confirm this payment
challenge-text = This page stands for your bank’s own. No money moves here: choose what the bank answers.
challenge-merchant = Shop
challenge-reference = Order
challenge-amount = Amount
challenge-approve = Approve
challenge-refuse = Refuse
challenge-note = A test page. Real banks ask for a code or a fingerprint here.
checkout-billing = Address of the invoice
checkout-billing-other = Invoice to another address
checkout-note = A word to us
checkout-note-hint = About the delivery, or this order.
checkout-news = { $store } may tell me about news and offers by e-mail. I can take this back at any time.
footer-more = Information
