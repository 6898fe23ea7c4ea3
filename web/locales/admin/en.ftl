# The back office in English. One key a line; { $n } is a number, { $x } and { $y } are texts.

## Frame
shell-skip = Skip to content
shell-search = Search or run a command
shell-theme-dark = Use dark colours
shell-theme-light = Use light colours
shell-theme-device = Colours as the device
shell-account = Account of { $x }
shell-store = View online store
shell-keys = Keyboard shortcuts
shell-chosen = chosen
shell-sign-out = Sign out
shell-nav = Main menu
shell-tabs = Tabs
shell-more = More
toast-undo = Undo
toast-close = Close
toast-failed = That did not work. Please try again.
palette-title = Search or run a command
palette-hint = Order number, product, customer or page
palette-results = Results
palette-go = Go to
palette-none = Nothing found
palette-move = move
palette-open = open
palette-close = close
keys-palette = Search or run a command
keys-find = Search this list
keys-rows = Next and previous row
keys-pick = Select the row
keys-open = Open the row
keys-this = This overview
nav-home = Home
nav-orders = Orders
nav-fulfilment = To ship
nav-customers = Customers
nav-products = Products
nav-categories = Categories
nav-imports = Import
nav-inventory = Inventory
nav-locations = Locations
nav-mails = Mails
nav-system = System
nav-settings = Settings
nav-group-catalogue = Catalogue
nav-group-stock = Stock
nav-group-shop = Shop

## Forms and lists
form-errors = { $n ->
    [one] One thing needs your attention
   *[other] { $n } things need your attention
}
form-optional = optional
form-apply = Apply
form-create = Create
form-delete = Delete
form-discard = Discard
form-save = Save
form-unsaved = Unsaved changes
list-views = Views
list-status = Status
list-actor = By
list-actions = Actions
list-select = Select { $x }
list-select-all = Select all
list-select-column = Select
list-clear = Clear filters
list-nothing = Nothing matches
list-nothing-text = Try another word or fewer filters.
pager-label = Pages
pager-previous = Previous
pager-next = Next
chart-as-table = Show as table
bulk-label = Selected rows
bulk-selected = selected
bulk-fulfil = Mark fulfilled
bulk-capture = Capture payment
bulk-slips = Print packing slips
bulk-clear = Clear selection

## States
chip-draft = Draft
chip-awaiting-payment = Awaiting payment
chip-placed = Placed
chip-closed = Closed
chip-cancelled = Cancelled
chip-on-hold = On hold
chip-pending = Pending
chip-action-required = Action required
chip-unknown = Unknown
chip-authorised = Authorised
chip-partly-paid = Partly paid
chip-paid = Paid
chip-due = Due
chip-failed = Failed
chip-voided = Voided
chip-partly-refunded = Partly refunded
chip-refunded = Refunded
chip-unfulfilled = Unfulfilled
chip-partly-fulfilled = Partly fulfilled
chip-fulfilled = Fulfilled
chip-nothing-to-fulfil = Nothing to ship
chip-scheduled = Scheduled
chip-open = Open
chip-picking = Picking
chip-packed = Packed
chip-shipped = Shipped
chip-shipment-created = Created
chip-handed-over = Handed over
chip-delivered = Delivered
chip-lost = Lost
chip-in-review = In review
chip-live = Live
chip-retired = Retired
chip-active = Active
chip-inactive = Inactive
chip-revoked = Revoked
chip-expired = Expired
chip-on = On
chip-off = Off
chip-task-due = Due
chip-running = Running
chip-retrying = Retrying
chip-done = Done
chip-dead = Dead
chip-queued = Queued
chip-sent = Sent
chip-holds = Holds
chip-broken = Broken
chip-done-with-errors = Done, with errors
chip-dry-run = Dry run

## Sign-in and set-up
sign-in-title = Sign in
sign-in-email = E-mail
sign-in-password = Password
sign-in-do = Sign in
sign-in-help = Forgotten your password? Whoever runs the shop can set a new one.
sign-in-signed-out = You are signed out.
sign-in-wait = { $n ->
    [one] Too many tries. Please wait a minute.
   *[other] Too many tries. Please wait { $n } minutes.
}
setup-title = Set up your shop
setup-lead = A few facts to start with. All but country and currency can be changed later.
setup-shop = Shop
setup-owner = Your account
setup-store-name = Name of the shop
setup-legal-name = Legal entity
setup-legal-name-hint = Who sells, as it stands on invoices.
setup-country = Country
setup-time-zone = Time zone
setup-currency = Currency
setup-currency-hint = Fixed once orders exist.
setup-locale = Language
setup-prices-include-tax = I enter prices including tax
setup-prices-include-tax-hint = Usual when selling to consumers in Europe.
setup-owner-name = Your name
setup-code = Set-up code
setup-code-hint = The server printed it when it started, where its log is.
setup-code-wrong = That is not the code that the server printed
setup-password-hint = At least 10 characters.
setup-do = Create shop
problem-forbidden = You may not see this
problem-forbidden-text = Your role does not include this page. The owner of the shop can change that.
problem-not-found = There is nothing here
problem-not-found-text = The page was removed, or the address is not quite right.
problem-internal = That did not work
problem-internal-text = The fault is ours and has been logged. Nothing was half done; please try again.
problem-request = Request
problem-home = Go to Home

## Home
home-morning = Good morning, { $x }
home-afternoon = Good afternoon, { $x }
home-evening = Good evening, { $x }
home-period = Period
home-days-7 = 7 days
home-days-30 = 30 days
home-days-90 = 90 days
home-against = vs previous
home-no-previous = nothing to compare with
home-up = up
home-down = down
home-previous = before: { $x }
home-no-sales = No sales yet
home-no-sales-text = As soon as an order is paid, it shows here.
home-recent = Recent orders
home-all-orders = All orders
home-attention = Needs attention
home-calm = Nothing. Everything runs as it should.
home-setup = Finish setting up
home-setup-done = { $x } of { $y }
kpi-net-sales = Net sales
kpi-orders = Orders
kpi-average = Average order
kpi-refunds = Refunds
kpi-units = Units sold
kpi-customers = New customers
step-products = Add your first product
step-taxes = Check tax rates
step-shipping = Set shipping zones
step-payments = Choose payment methods
step-order = Place a test order
attention-to-ship = { $n ->
    [one] One order to ship
   *[other] { $n } orders to ship
}
attention-to-capture = { $n ->
    [one] One payment to capture
   *[other] { $n } payments to capture
}
attention-payments-unknown = { $n ->
    [one] One payment without an answer from the bank
   *[other] { $n } payments without an answer from the bank
}
attention-payments-due = { $n ->
    [one] One payment due
   *[other] { $n } payments due
}
attention-below-zero = { $n ->
    [one] One item sold below zero
   *[other] { $n } items sold below zero
}
attention-out-of-stock = { $n ->
    [one] One item out of stock
   *[other] { $n } items out of stock
}
attention-dead-tasks = { $n ->
    [one] One task gave up
   *[other] { $n } tasks gave up
}
attention-mails = { $n ->
    [one] One mail could not be sent
   *[other] { $n } mails could not be sent
}
attention-laws = { $n ->
    [one] One law is broken
   *[other] { $n } laws are broken
}

## Orders
orders-order = Order
orders-date = Date
orders-customer = Customer
orders-items = Items
orders-payment = Payment
orders-fulfilment = Fulfilment
orders-total = Total
orders-any-payment = Any payment
orders-any-fulfilment = Any fulfilment
orders-from = From day
orders-to = To day
orders-empty = No orders yet
orders-empty-text = Orders from your online store will arrive here.
orders-view-all = All
orders-view-to-ship = To ship
orders-view-awaiting-payment = Awaiting payment
orders-view-unpaid = Unpaid
orders-view-closed = Closed
orders-view-cancelled = Cancelled
order-back = Back to the order
order-refund = Refund
order-cancel = Cancel order
order-status-page = Customer’s page
order-items = Items
order-sku = SKU { $x }
order-tax = { $x } tax
order-fulfilment = Ships from { $x }
order-pick-list = Pick list
order-packing-slip = Packing slip
order-fulfil = Fulfil items
order-fulfil-short = Fulfil
order-delivered = Mark delivered
order-payment = Payment
order-authorised = Authorised { $x }
order-captured = Captured { $x }
order-refunded = Refunded { $x }
order-capture = Capture
order-capture-amount = Amount to capture
order-mark-paid = Mark as paid
order-was-paid = It was paid
order-was-not-paid = It was not paid
order-ask = Ask the bank again
order-void = Void
order-void-confirm = Void this authorisation? It cannot be captured afterwards.
order-timeline = Timeline
order-comment = Comment
order-comment-hint = Only staff can see comments.
order-post = Post
order-customer = Customer
order-ship-to = Ship to
order-bill-to = Bill to
order-same-address = Same as the shipping address
order-tags = Tags
cancel-title = Cancel order { $x }
cancel-reason = Reason
cancel-note = Note
cancel-note-hint = For staff; shown in the timeline.
cancel-notify = Tell the customer by e-mail
cancel-do = Cancel order
cancel-refused = This order cannot be cancelled
cancel-refused-text = Refund what came back instead.
refund-title = Refund order { $x }
refund-price = Each
refund-quantity = Refund
refund-quantity-of = Quantity of { $x } to refund
refund-of = of { $n }
refund-restock = Restock
refund-restock-of = Restock { $x }
refund-amount = Amount
refund-location = Restock at
refund-location-hint = Where ticked items go back on the shelf.
refund-no-lines = Every item was refunded already.
refund-more = More
refund-shipping = Shipping
refund-shipping-hint = Up to what was paid for shipping.
refund-custom = Other amount
refund-custom-hint = Goodwill, on top of the items.
refund-reason = Reason
refund-note = Note
refund-note-hint = For staff; shown in the timeline.
refund-summary = Refund
refund-left = { $x } can be refunded.
refund-update = Update
refund-do = Refund { $x }
refund-do-nothing = Nothing chosen
refund-nothing = Nothing left to refund
refund-nothing-text = No money was captured, or all of it was given back.
reason-customer = Customer changed their mind
reason-stock = Not in stock
reason-fraud = Fraud
reason-damaged = Damaged
reason-wrong-item = Wrong item
reason-late = Arrived too late
reason-other = Other

## Shipping out
fulfilment-search = Search orders, customers
fulfilment-method = Shipping method
fulfilment-empty = Nothing to ship
fulfilment-empty-text = Placed orders appear here until they are shipped.
fulfilment-view-open = Open
fulfilment-view-on-hold = On hold
fulfilment-view-shipped = Shipped
fulfilment-view-all = All
fulfil-title = Fulfil order { $x }
fulfil-items = Items in this shipment
fulfil-stock = In stock
fulfil-quantity = Quantity
fulfil-quantity-of = Quantity of { $x } to ship
fulfil-tracking = Tracking
fulfil-tracking-number = Tracking number
fulfil-tracking-url = Tracking link
fulfil-tracking-url-hint = Starts with https://
fulfil-carrier = Carrier
fulfil-notify = Tell the customer by e-mail
fulfil-notify-hint = With the tracking number, where there is one.
fulfil-others = Other locations
fulfil-do = Ship items
fulfil-nothing = Nothing left to ship
fulfil-nothing-text = Every item of this order was shipped or cancelled.

## Products
products-search = Search titles, SKUs, GTINs
products-import = Import
products-add = Add product
products-product = Product
products-stock = Stock
products-price = Price
products-updated = Updated
products-variants = { $n ->
    [one] One variant
   *[other] { $n } variants
}
products-any-category = Any category
products-empty = No products yet
products-empty-text = Add the first one, or bring a whole catalogue in from a CSV file.
products-view-all = All
products-view-live = Live
products-view-draft = Draft
products-view-retired = Retired
product-new = New product
product-view = View in store
product-texts = Title and description
product-title = Title
product-description = Description
product-description-hint = Plain text, or simple HTML.
product-images = Images
product-images-add = Add images: JPEG, PNG, WebP or GIF
product-images-send = Upload
product-images-later = Save the product first; then add images.
product-image-alt = What the picture shows
product-image-first = Main
product-image-move = Move image
product-image-remove = Remove
product-options = Options
product-options-hint = Up to three, such as size or colour; values separated by commas.
product-options-make = Make variants
product-option-name = Option { $x }
product-option-values = Values
product-variants = Variants
product-variant-add = Add variant
product-cell = { $x } of { $y }
product-sku = SKU
product-gtin = GTIN
product-price = Price ({ $x })
product-price-plain = Price
product-compare-at = Compare at
product-cost = Cost
product-weight = Weight, g
product-remove = Remove
product-remove-variant = Remove variant { $x }
product-custom = Custom fields
product-seo = Search engines
product-seo-hint = Left empty, title and description are used.
product-seo-title = Page title
product-seo-description = Page description
product-slug = Address
product-slug-hint = Letters, digits and hyphens; left empty, it is made from the title.
product-status = Status
product-status-hint = Only live products show in the store.
product-place = Organisation
product-category = Category
product-no-category = No category
product-tax-class = Tax category
product-vendor = Brand
product-tags = Tags
product-tags-hint = Separated by commas.
categories-name = Name
categories-parent = Inside
categories-root = Top level
categories-position = Position
categories-position-hint = Lower comes first.
categories-add = Add category
categories-edit = Edit { $x }
categories-delete-confirm = Delete this category?
categories-empty = No categories yet
categories-empty-text = Categories are the menu of your store.

## Stock
inventory-search = Search titles, SKUs
inventory-item = Item
inventory-location = Location
inventory-any-location = Any location
inventory-on-hand = On hand
inventory-on-hand-of = On hand: { $x }, { $y }
inventory-unavailable = Unavailable
inventory-reserved = Reserved
inventory-allocated = Allocated
inventory-available = Available
inventory-changed = Quantities changed
inventory-reason = Reason
inventory-empty = No stock yet
inventory-empty-text = Every variant of a product becomes an item to stock.
inventory-view-all = All
inventory-view-out = Out of stock
inventory-view-below-zero = Below zero
inventory-product = Product
inventory-levels = Levels
inventory-ledger = Stock ledger
inventory-no-movements = No movements yet
inventory-no-movements-text = Each change of stock is written here, with who and why.
inventory-kind = What
inventory-change = Change
inventory-change-hint = Such as 12 or -3.
inventory-change-hint-gram = In grams: such as 1500 or -250.
inventory-in-grams = in grams
inventory-balance = On hand after
inventory-adjust = Adjust stock
inventory-adjust-do = Adjust
inventory-note = Note
adjust-counted = Counted
adjust-received = Received
adjust-damaged = Damaged
adjust-lost = Lost
adjust-found = Found
adjust-returned = Returned
adjust-other = Other
locations-name = Name
locations-address = Address
locations-street = Street and number
locations-postcode = Postcode
locations-city = City
locations-priority = Priority
locations-priority-hint = Stock is taken from the lowest number first.
locations-items = Items
locations-active = Active
locations-active-hint = Inactive locations do not sell.
locations-add = Add location
locations-edit = Edit location
locations-empty = No locations yet
locations-empty-text = Stock lies somewhere: a shop, a warehouse, a shelf.

## Customers
customers-search = Search names, e-mail addresses
customers-name = Name
customers-email = E-mail
customers-place = Place
customers-last = Last order
customers-spent = Spent
customers-empty = No customers yet
customers-empty-text = Whoever orders becomes a customer.
customer-since = Customer since { $x }
customer-contact = Contact
customer-phone = Phone
customer-language = Language
customer-addresses = Addresses
customer-no-addresses = None yet.
customer-main-address = Main
customer-notes = Notes
customer-note = Note
customer-note-hint = Only staff can see it.
customer-no-orders = No orders yet
customer-no-orders-text = Their orders will show here.

## Settings
settings-shop = Shop
settings-shop-line = Name, legal entity, time zone, how prices are entered
settings-staff = Staff
settings-staff-line = Who works here
settings-roles = Roles
settings-roles-line = What each may do
settings-keys = API keys
settings-keys-line = Access for other programs
settings-taxes = Taxes
settings-taxes-line = Rates by country and category
settings-shipping = Shipping
settings-shipping-line = Zones, methods and their prices
settings-payments = Payments
settings-payments-line = How customers may pay
settings-theme = Theme
settings-theme-line = Colour, corners, announcement, welcome
shop-email = E-mail for customers
shop-email-hint = Answers to the shop’s mails arrive there.
shop-currency-hint = Set when the shop was made.
shop-time-zone-hint = Decides where a business day begins.
shop-legal = Legal entity
shop-legal-address = Address
shop-legal-address-hint = As printed on papers.
shop-tax-number = VAT number
shop-country = Country: { $x }
shop-prices = Prices
shop-prices-incl = Prices are entered including tax
shop-prices-incl-hint = The net price follows from the customer’s country.
shop-prices-excl = Prices are entered without tax
shop-prices-excl-hint = Tax is added at checkout.
staff-name = Name
staff-me = You
staff-last-seen = Last seen
staff-add = Add staff
staff-edit = Edit { $x }
staff-password = First password
staff-new-password = New password
staff-new-password-hint = Left empty, it stays as it is. A new one signs them out everywhere.
staff-active = May sign in
staff-active-hint = Without it, every session ends at once.
roles-name = Name
roles-permissions = Permissions
roles-scope = Locations
roles-scope-hint = None ticked means all.
roles-fixed = Built in
roles-add = Add role
roles-edit = Edit { $x }
keys-name = Name
keys-name-hint = What uses it, such as “Accounting”.
keys-key = Key
keys-created = Created
keys-last-used = Last used
keys-add = Create key
keys-made = Your new key
keys-made-hint = Copy it now. It is shown this once and cannot be read again.
keys-secret = Key
keys-copy = Copy
keys-copied = Copied
keys-revoke = Revoke
keys-revoke-confirm = Revoke the key “{ $x }”? Whatever uses it stops working.
keys-empty = No keys yet
keys-empty-text = A key lets another program use the API, with the permissions you choose.
taxes-lead = The rate of the country that goods are sent to applies.
taxes-name = Name
taxes-name-hint = As on papers, such as “VAT”.
taxes-rate = Rate
taxes-add = Add rate
taxes-edit = Edit rate
taxes-delete-confirm = Delete this rate?
taxes-empty = No rates yet
taxes-empty-text = Without a rate, orders carry no tax.
shipping-method = Method
shipping-price = Price
shipping-price-hint = For flat prices.
shipping-delivery = Delivery time
shipping-min-days = Arrives after, days
shipping-max-days = At the latest, days
shipping-days-hint = The customer reads them as “2–3 days”.
shipping-zone = Zone
shipping-zone-name = Name of the zone
shipping-zone-add = Add zone
shipping-zone-edit = Edit zone
shipping-countries = Countries
shipping-method-add = Add method
shipping-method-edit = Edit method
shipping-method-name = Name of the method
shipping-method-name-hint = As the customer reads it.
shipping-kind = How it is priced
shipping-flat = One price
shipping-weight = By weight
shipping-free-from = Free from
shipping-free-from-hint = Goods’ total; empty: never.
shipping-steps = Weight steps
shipping-steps-hint = One a line: up to how many grams, and the price. Such as “5000 4.90”.
shipping-active = Offered to customers
shipping-no-methods = No methods yet.
shipping-empty = No zones yet
shipping-empty-text = A zone is a set of countries that share shipping methods.
payments-offer = Offered at checkout
payments-instructions = Text for the customer
payments-instructions-hint = Account and routing number, when to pay. Shown after the order and in the mail.
theme-look = Look
theme-words = Words
theme-hue = Hue
theme-hue-hint = 0 to 359: 262 is cobalt, 150 green, 25 red.
theme-radius = Corners
theme-radius-hint = 0 is square, 16 very round.
theme-announcement = Announcement
theme-announcement-hint = One line above every page.
theme-hero-title = Welcome title
theme-hero-text = Welcome text
theme-footer = Footer
theme-footer-hint = One line each.

## System
system-tasks = Tasks
system-events = Events
system-doctor = Doctor
tasks-queues = Queues
tasks-kind = Kind
tasks-due = Due
tasks-oldest = Oldest
tasks-done-hour = Done in the last hour
tasks-task = Task
tasks-attempts = Attempts
tasks-created = Created
tasks-next = Next try
tasks-error = Last error
tasks-replay = Run again
tasks-replay-all = Run all dead ones again
tasks-dead = { $n ->
    [one] One task gave up. Look at its error, mend the cause, then run it again.
   *[other] { $n } tasks gave up. Look at their errors, mend the cause, then run them again.
}
tasks-empty = Nothing to do
tasks-empty-text = Tasks appear as soon as something happens in the shop.
tasks-none = No tasks here
tasks-none-text = That is a good sign.
tasks-view-dead = Dead
tasks-view-retrying = Retrying
tasks-view-due = Due
tasks-view-all = All
events-search = Search kinds, subjects
events-event = Event
events-subject = Subject
events-empty = No events
events-empty-text = Whatever happens in the shop is written here.
doctor-never = Not run yet.
doctor-clean = Everything agrees
doctor-broken = { $n ->
    [one] One law broken
   *[other] { $n } laws broken
}
doctor-run = Run now
doctor-law = Law
doctor-module = Module
doctor-violations = Show what breaks it
doctor-more = and { $n } more

## Import
imports-title = Import products
imports-list = Imports
imports-new = New import
imports-hint = A product CSV as Shopify exports it. Columns are found by their names; ones it does not know go into custom fields. Importing the same file twice changes nothing.
imports-choose = CSV file
imports-limit = Up to { $x }.
imports-dry-run = Dry run
imports-dry-run-hint = Checks every row and changes nothing.
imports-start = Start import
imports-file = File
imports-errors = Errors
imports-started = Started
imports-empty = Nothing imported yet
imports-empty-text = Imports and their reports will show here.
import-progress = Progress
import-report = Report
import-created = Created
import-updated = Updated
import-unchanged = Unchanged
import-see = See products
import-errors = Refused rows
import-errors-hint = Good rows went in. Mend these in the downloaded file, then import that file.
import-download = Download error rows
import-kept = Kept until { $x }
import-line = Row, heading not counted
import-handle = Handle
import-reason = Reason
import-custom = Custom fields
import-custom-hint = These columns became custom fields.

## Mails
mails-development = Mails are kept here and do not leave this machine.
mails-search = Search subjects, addresses
mails-subject = Subject
mails-to = To
mails-from = From
mails-text = Plain text
mails-order = Order
mails-empty = No mails yet
mails-empty-text = Mails to customers will show here.

## Moments and refusals
when-today = Today { $x }
when-yesterday = Yesterday { $x }
error-not-a-number = “{ $x }” is not a whole number from zero.
product-available = { $x } available
product-not-counted = not counted
product-saved = Product saved
product-type = Product type
product-image-fetching = On its way
product-image-failed = Could not be fetched
product-images-added = { $n ->
    [one] One image added
   *[other] { $n } images added
}
form-saved = Saved
form-deleted = Deleted
tax-class-standard = Standard
tax-class-reduced = Reduced
tax-class-zero = Zero
language-en = English
language-de = German
language-fr = French
language-nl = Dutch
language-es = Spanish
language-it = Italian
language-pl = Polish
language-pt = Portuguese
language-da = Danish
language-sv = Swedish
categories-created = Category “{ $x }” created
error-title-missing = A product needs a title in this language.
error-variant-missing = A product needs at least one variant; keep one.
error-negative = An amount is zero or more.
error-compare-at-too-low = The price before must be higher than the price. Leave it empty when there is none.
error-option-first = Name an option first, such as Size: it tells the variants apart.
error-option-values = Give “{ $x }” its values, separated by commas.
error-too-many-variants = That makes more than { $x } variants. Use fewer values, or an import.
error-custom = { $x }: { $y }.
error-file-missing = Choose a file first.
error-upload-unread = The upload broke off or was too large. Try again, with fewer files.
error-too-many-files = At most { $x } files at once.
error-stale-version = Somebody else changed this product meanwhile. Nothing you typed is lost: save again to put it over their change, or open the product anew to see theirs.
error-slug-taken = This address is taken by another product or category.
error-sku-taken = This SKU belongs to another variant.
error-category-loop = A category cannot be moved into itself or into one below it.

## Orders: what is said and done
bulk-none = Nothing was selected.
bulk-nothing = There was nothing to do for the selected rows.
bulk-fulfilled = { $n ->
    [0] Nothing shipped.
    [one] One shipment made.
   *[other] { $n } shipments made.
}
bulk-captured = { $n ->
    [0] Nothing captured.
    [one] One payment captured.
   *[other] { $n } payments captured.
}
bulk-refused = { $n ->
    [one] One was refused:
   *[other] { $n } were refused, the first because:
}
cancel-restock = What was promised to this order becomes available again.
cancel-refund = { $x } go back: what is authorised is voided, what was captured is refunded.
cancel-refused-state = It is closed or cancelled already.
cancel-refused-shipped = Something of it was shipped.
day-today = Today
day-yesterday = Yesterday
form-missing = Please fill this in.
fulfil-base-units = { $x } units, { $y } in each
fulfil-not-paid = This order is not paid. Its payment: { $x }.
fulfil-on-hold = This order is on hold: { $x }
line-cancelled = { $x } cancelled
line-refunded = { $x } refunded
line-shipped = { $x } of { $y } shipped
order-decided = Noted what became of the payment.
order-asked = The bank has answered.
order-asked-open = The bank has no answer yet.
order-cancelled = Order { $x } cancelled
order-capture-open = The bank has not agreed. Look at the timeline.
order-captured-done = { $x } captured
order-commented = Comment posted
order-delivered-done = Marked as delivered
order-hold = Hold
order-hold-do = Put on hold
order-hold-hint = While it is on hold, nothing of it can be shipped.
order-hold-reason = Why
order-hold-why = Say in at most 200 letters why.
order-held = Put on hold
order-lost = Lost
order-lost-confirm = Mark this shipment as lost?
order-lost-done = Marked as lost
order-note = Note and tags
order-note-text = Note
order-note-hint = Only staff can see it.
order-on-hold = On hold: { $x }
order-online = Online store
order-paid-done = { $x } recorded as received
order-release = Let it go on
order-released = It goes on
order-shipped = { $n ->
    [one] One piece shipped
   *[other] { $n } pieces shipped
}
order-sum-captured = Paid
order-sum-due = Still due
order-sum-open = Still to capture
order-sum-refunded = Refunded
order-tracking-edit = Edit tracking
order-voided = Authorisation voided
orders-count = { $n ->
    [one] One order
   *[other] { $n } orders
}
orders-search = Search number, e-mail, name
refund-done = { $x } refunded
refund-failed = The bank refused: { $x }
refund-pending = { $x } are on their way back; the bank has not confirmed yet.
refund-tax = of it { $x } tax
refund-to = Goes back to: { $x }.
refund-told = The customer is told by e-mail.
refund-too-many = Of “{ $x }” { $y } can be refunded.
refund-too-much = At most { $x } can be refunded.
setup-country-unknown = Choose a country.
setup-currency-unknown = Choose a currency.
setup-tax-name = VAT
shipment-pieces = { $n ->
    [one] One piece
   *[other] { $n } pieces
}
sign-in-wrong = This e-mail and password do not fit together.
timeline-customer = { $x } (customer)
timeline-delivered = Shipment { $x } delivered
adjust-initial = First count
adjust-import = Imported
adjust-used = Used or given away
adjust-correction = Correction
adjust-shipped = Shipped
adjust-handed-over = Handed over
adjust-quarantine = Set aside
inventory-unit-piece = counted in pieces
inventory-unit-gram = counted in grams
inventory-saved = { $n ->
    [0] Nothing was changed
    [one] One quantity saved
   *[other] { $n } quantities saved
}
inventory-adjusted = Stock adjusted
inventory-policy = Selling
inventory-tracked = Count this item
inventory-tracked-hint = Without it, it can always be sold.
inventory-oversell = Sell when out of stock
inventory-oversell-hint = Stock then goes below zero, as backorders.
stock-moved = Somebody changed this since you looked; it is now:
error-not-a-change = “{ $x }” is not a change. Write 12 to add, or -3 to take away.
customer-edit = Edit
customer-marketing = May be written to beyond their orders
customer-marketing-hint = Only with their consent.
home-alert-done = Put away
home-alert-seen = Seen to
shop-address-more = Address, second line
shop-locales = Languages of the store
shop-locales-hint = Such as “en, de”; the first is the main one.
taxes-region = Region
taxes-region-hint = Its code, such as CA for California; empty: the whole country.
taxes-class-hint = A word that products name: standard, reduced, or your own.
error-not-a-rate = A rate is a percentage from 0 to 100, such as 19 or 5.5.
error-rate-exists = There is already a rate for this country, region and category. Change that one.
shipping-everywhere = Everywhere else
shipping-up-to = { $x } up to { $y }
shipping-free-above = free from { $x }
shipping-days = { $x }–{ $y } days
shipping-days-one = { $n ->
    [one] one day
   *[other] { $n } days
}
shipping-method-name-in = Name ({ $x })
shipping-method-delete-confirm = Delete this method? Carts that chose it are asked to choose again.
shipping-zone-delete-confirm = Delete this zone?
error-price-missing = A flat method needs its price; 0 is free.
error-not-a-step = “{ $x }” is not a step. Write grams and a price, such as 5000 4.90.
error-country-in-another-zone = One of these countries is in another zone already. Take it out there first.
error-out-of-range = A whole number from 0 to { $x }.
payment-test = Test bank
payment-test-line = A bank inside Mercer, for trying things out. No money moves.
payment-bank-transfer = Bank transfer
payment-bank-transfer-line = The customer pays to your account; you mark the order as paid.
payment-cash-on-delivery = Cash on delivery
payment-cash-on-delivery-line = The customer pays when the parcel arrives.
payments-bank-holder = Account holder
payments-bank-name = Bank
payments-bank-iban = IBAN
payments-bank-iban-hint = Checked by its check digits.
payments-bank-bic = BIC
payments-instructions-in = More for the customer ({ $x })
payments-capture = Taking the money
payments-capture-when = Authorised money is taken
payments-capture-hint = Money is reserved when the order is placed, and taken at this moment.
capture-shipped = with each parcel, for what is in it
capture-placed = at once
capture-manual = when staff say so
theme-announcement-link = The announcement leads to
theme-hero-link = The welcome leads to
theme-link-hint = A path of the store, such as /c/fruit.
roles-everywhere = All locations
roles-delete-confirm = Delete this role?
error-role-missing = Choose at least one role.
error-permission-missing = Choose at least one permission.
error-email-taken = Somebody with this e-mail works here already.
error-role-name-taken = There is a role of this name already.
error-last-owner = The shop needs at least one active owner. Make somebody else an owner first.
error-yourself = You cannot deactivate yourself. Ask another owner.
keys-revoked = Key revoked
permission-orders = Orders
permission-orders-read = See orders, shipments and payments
permission-orders-write = Comment, cancel, mark as paid
permission-orders-refund = Give money back
permission-orders-fulfil = Pick, pack and ship
permission-payments = Payments
permission-payments-capture = Take authorised money, or let it go
permission-products = Products
permission-products-read = See products and categories
permission-products-write = Change products, categories, prices, pictures
permission-inventory = Stock
permission-inventory-read = See stock
permission-inventory-write = Adjust stock
permission-customers = Customers
permission-customers-read = See customers
permission-customers-write = Change customers
permission-analytics = Figures
permission-analytics-read = See figures
permission-settings = Settings
permission-settings-write = Change settings, taxes, shipping, theme
permission-access = Access
permission-access-write = Change staff, roles and API keys
permission-system = System
permission-system-read = See queues, mails and laws
permission-system-write = Run tasks again, settle alerts
tasks-replayed-one = The task runs again
tasks-not-replayed = That task is done, or runs just now
tasks-replayed = { $n ->
    [0] Nothing to run again
    [one] One task runs again
   *[other] { $n } tasks run again
}
alerts-title = Needs a look
alerts-what = What
alerts-since = Since
alerts-resolve = Settled
alerts-resolved = Alert settled
actor-staff = Staff
actor-key = API key
actor-shopper = Customer
actor-system = Mercer
imports-begun = The import has begun
imports-waiting = Waiting for its turn
imports-progress = { $x } of { $y } rows
error-file-too-large = The file is larger than 100 MB. Split it, or use the command line.

## Own fields and what is folded away
settings-fields = Custom fields
settings-fields-line = What you keep beyond what every shop has
fields-of = Of
fields-of-product = Products
fields-of-variant = Variants
fields-of-customer = Customers
fields-of-order = Orders
fields-name = Name
fields-name-hint = As staff read it, such as “Material”.
fields-key = Key
fields-key-hint = For imports and the API; left empty, it is made of the name.
fields-kind = Kind
fields-kind-hint = Cannot be changed later.
fields-order = Order
fields-up = Move { $x } up
fields-down = Move { $x } down
fields-moved = Order changed
fields-add = Add field
fields-edit = Edit { $x }
fields-delete-confirm = Delete the field “{ $x }” and all its values?
fields-empty = No custom fields yet
fields-empty-text = A field adds what you need to products, variants, customers or orders: a material, a room number, a delivery date.
field-kind-text = One line
field-kind-long-text = Several lines
field-kind-integer = Whole number
field-kind-decimal = Number with a point
field-kind-boolean = Yes or no
field-kind-date = Date
field-kind-url = Web address
field-kind-json = JSON
error-field-text = at most 1,000 letters on one line
error-field-long-text = this text is too long
error-field-integer = a whole number is needed
error-field-decimal = a number is needed, such as 12.5
error-field-boolean = yes or no
error-field-date = a date is needed, such as 2026-11-23
error-field-url = an address is needed that begins with https://
error-field-json = this is not JSON
error-field-taken = There is a field with this key already.
error-invalid-key = Lower-case letters, digits, _ and - only.
product-variant-more = More
product-variant-more-of = More about { $x }
product-requires-shipping = Needs shipping
product-requires-shipping-hint = Off for services and downloads.
product-taxable = Taxed
product-taxable-hint = In the product’s tax category.
product-unit-grams = Contents
product-unit-grams-hint = For the price per kilo; empty: none is shown.
product-variant-image = Its own picture
product-variant-image-none = As the product
product-variant-image-hint = One of the product’s images.
product-image-nth = { $x }. { $y }
product-policy-uncounted = Not counted: it can always be sold.
product-policy-oversell = Counted, and sold on when out of stock.
product-policy-stops = Counted, and not sold when out of stock.
product-policy-change = Change

## Customers: addresses, consent, tags
order-words = The customer’s words
customer-back = Back to the customer
customer-address-add = Add address
customer-address-edit = Edit address
customer-address-edit-of = Edit address { $x }
customer-address-main-of = Make { $x } the main address
customer-address-remove-of = Remove address { $x }
customer-address-make-main = Make main
customer-address-remove-confirm = Remove this address? Orders keep the one they were placed with.
customer-address-country = Show its fields
customers-consent-yes = May be written to
customers-consent-no = May not be written to
customers-any-consent = Any consent
customers-any-tag = Any tag
consent-title = Consent
consent-email = E-mail
consent-sms = Text message
consent-phone = Calls
consent-post = Letters
consent-yes = Agreed
consent-no = Taken back
consent-never = Never asked
consent-history = How we know
consent-gave = { $x }: agreed
consent-took-back = { $x }: taken back
consent-change = Write down a change
consent-channel = For
consent-what = What
consent-reason = How you know
consent-reason-hint = Kept as proof, with your name and the time.
consent-source-checkout = Checkout
consent-source-staff = Staff
consent-source-key = API key
consent-source-system = Mercer
error-invalid-reason = Say how you know of it.
error-changed-meanwhile = Somebody changed this customer meanwhile. Nothing you typed is lost: look at it again, then save.

## Redirects, one's own account
settings-redirects = Redirects
settings-redirects-line = Old addresses that lead on
redirects-add = Add redirect
redirects-added = Redirect saved
redirects-from = Old path
redirects-from-hint = Such as /collections/shoes; a whole address is fine too.
redirects-to = Leads to
redirects-to-hint = A path of this store, such as /c/shoes.
redirects-remove = Remove the redirect from { $x }
redirects-empty = No redirects yet
redirects-empty-text = Products and categories that get another address lead on by themselves. Add one for pages of a former shop.
error-invalid-from-path = A path begins with one /, such as /sale, and holds no space or #.
error-invalid-to-path = It must be a path of this store, such as /sale, and must not lead in a circle.
account-title = Your account
account-you = You
account-password = Password
account-password-current = Present password
account-password-lead = Every other browser is signed out.
account-password-do = Change password
account-password-changed = Password changed
account-sessions = Where you are signed in
account-browser = Browser
account-from = From
account-since = Since
account-this = This browser
account-end = Sign out
account-end-of = Sign out { $x }
account-end-others = Sign out all others
account-session-ended = Signed out there
error-wrong-password = This is not your present password.
error-too-many-attempts = Too many tries. Wait a few minutes.

## An order's timeline
timeline-placed = Order placed; { $x } authorised
timeline-placed-due = Order placed; { $x } to be paid
timeline-paid = { $x } received
timeline-captured = { $x } captured
timeline-voided = { $x } let go
timeline-capture-failed = { $x } could not be captured
timeline-void-failed = { $x } could not be let go
timeline-refunded = { $x } refunded
timeline-refunded-for = { $x } refunded for { $y }
timeline-refund-failed = The bank refused to refund { $x }
shipment-pieces-of = { $n ->
    [one] one piece
   *[other] { $n } pieces
}
timeline-shipped = { $n ->
    [one] One piece shipped
   *[other] { $n } pieces shipped
}
timeline-payment-failed = Payment refused: { $x }
timeline-payment-never-asked = Payment failed: the bank was never asked
timeline-payment-unknown = The bank was not heard; it is asked again until it answers
timeline-payment-late = Money came for an order that does not want it any more; it is given back
timeline-cancelled = Cancelled
timeline-closed = Closed: everything is shipped and settled
timeline-mail = { $x } written to { $y }
timeline-mail-order-placed = Confirmation
timeline-mail-order-shipped = Shipping mail
timeline-mail-order-refunded = Refund mail
timeline-mail-order-cancelled = Cancellation mail

## Theme: picture, promises, footer; categories' pictures
theme-hero-image = Welcome picture
theme-hero-image-hint = JPEG, PNG, WebP or GIF; wide ones look best. It takes the place of the row of products.
theme-hero-image-remove = Remove picture
theme-promises = Promises
theme-promises-lead = On the home page, with an icon each. What is empty is not shown.
theme-promise-n = Promise { $x }
theme-promise-icon = Icon
theme-promise-title = A few words ({ $x })
theme-promise-text = A sentence ({ $x })
theme-footer-text = About the shop
theme-footer-text-hint = A sentence at the end of every page.
theme-links = Links
theme-links-hint = One a line: text, a bar, address. Such as “About us | https://example.com/about”.
theme-legal = Legal links
theme-legal-hint = Imprint, terms, privacy; written likewise. Shown beside the order button too.
theme-search-hint = In the search box
theme-search-hint-hint = Such as “Apples, bread, cheese”.
promise-icon-truck = Lorry
promise-icon-rotate-ccw = Return arrow
promise-icon-shield-check = Shield
promise-icon-leaf = Leaf
promise-icon-clock = Clock
promise-icon-badge-check = Badge
promise-icon-credit-card = Card
promise-icon-mail = Letter
promise-icon-map-pin = Pin
promise-icon-package = Parcel
error-not-a-link = “{ $x }” is no link. Write a text, a bar, and its address: Terms | /terms.
error-invalid-links = A link leads to a path of this store or begins with https://. At most 20.
error-invalid-legal = A link leads to a path of this store or begins with https://. At most 20.
error-invalid-promises = A promise needs its few words: at most 60 letters, and 160 for the sentence.
categories-image = Picture
categories-image-hint = Without one, products in it are shown.
refund-notify = Write to the customer
refund-notify-hint = With the amount and the reason.
orders-capped = This view holds the newest 1,000. Older ones are found by number, name or date under “All”.
