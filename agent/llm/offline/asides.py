"""What the offline model says without a tool: questions back, and what cannot be taken as meant."""

WHICH_ITEM = "Which item do you mean? Give me its code, or a few words of its name."
NOT_MORE_THAN_NOTHING = (
    "A budget has to be more than nothing. Name an amount above that and I will rank what it "
    "should buy."
)
TOO_MUCH = (
    "That is more money than any plan could spend. Name a budget that you would really give, or "
    "ask without an amount to see everything worth buying."
)
WHICH_AMOUNT = (
    "Which amount should the budget have? Name one, and I will propose it with what it would "
    "change."
)
UNCLEAR_AMOUNT = (
    "Which amount do you mean? As it is written I cannot read it for sure. Write it again without "
    "commas or points."
)
NEW_TOTAL = (
    "Say the new total and I will propose that: a change on top of a figure that may move is "
    "easily misread."
)
DRAFT_WHAT = (
    "Draft what? Ask what to buy first, or name a supplier or an item, and I will draft the "
    "orders for it."
)
DRAFT_WHICH = (
    "I am not sure which lines that is, and would rather ask. Name items, a supplier, a place or a "
    "category, or the lines by their places in the list, and I will draft exactly those."
)
ONE_PLACE_AT_A_TIME = (
    "Those lines are for different places, and the items stand there for others too. Name a single "
    "place, and I will draft what it needs."
)
NO_LIST = "No list was shown in this conversation yet. Ask what to buy first, or name the item."
NOT_IN_LIST = "The list shown last has no such place. Look at it again, or name the item."
STALE_LIST = (
    "The plan was made again after that list was shown, so places in it no longer hold. "
    "Ask for the list again, or name the item."
)
WHICH_ORDER = "Which purchase order? Draft it first, or name its number."
WHICH_CHANGE_OF_ORDER = (
    "What shall change in the order? Name the line or its item, and a whole number of packs or "
    "units, a day, or that it goes."
)
WELCOME = "You are welcome. Ask whenever something should be bought or looked into."
WHICH_CHANGE = (
    "By how much, or to what? Say a percentage up or down, a whole number of units a week, or from "
    "how many to how many."
)
WHICH_DEPTH = (
    "How much is off the price? Say it as a single percentage, short of giving it away and no "
    "finer than basis points, or leave it out to have the usual cut."
)
WHICH_CHANNEL = (
    "On which channel? A promotion is on the web, on the marketplace, in stores or in wholesale: "
    "name a single channel, or none to have it on all of them."
)
ALL_CHANNELS = (
    "I can try that out for all channels together only. Ask again without the channel, or record "
    "the promotion on its channel and withdraw it afterwards."
)
BACKWARDS = (
    "The time that you name ends before it begins. Say the first day first, with its year where it "
    "runs into another one."
)
LOOKS_BACK = (
    "A forecast only looks ahead, and that time is over. Ask how good the forecasts were, or for "
    "the chart, to see what sold."
)
FROM_NOW = (
    "A forecast is told from now on: this is for a time as long as the one that you named, and not "
    "for that time itself. A week further ahead stands in the table of a single location."
)
WHICH_WEEKLY = "How many will it sell a week? Say it in whole units."
WHICH_TIME = (
    "For which time? Say from when to when, until which day, or which week or month it is for."
)
WHICH_PRICE = (
    "Which price do you mean? Say the amount that it goes to, or by which percentage or amount it "
    "goes up or down."
)
WHICH_LAUNCH = "What is launched? Give me its code, and which item it will sell like."
WHICH_DAY = "From which day on is it on sale?"
CANNOT_APPROVE = "I cannot approve or reject anything: that takes a person's own click."
CANNOT_SEND = "I cannot send or pay anything: an order goes out by itself once people approve it."
WHICH_SERVICE = "Which service should be aimed at? Say it as a percentage."
WHICH_TIME_LONGER = "By how many days or weeks? Say a whole number."
PRICE_AS_AMOUNT = (
    "I can try out another price of a supplier's item as an amount only, and not as a percentage "
    "of its prices. Name the item and the new price of a unit."
)
MOVE_TO_WHEN = "To which day shall the order move? Name it, and I will move the order there."
WHICH_SUPPLIER = "Which supplier do you mean?"
WHICH_FIGURE = "Which figure do you suppose? Say one whole number."
SNOOZE_WHAT = "Which exception can wait? Name the item, the supplier or the order."
SNOOZE_UNTIL = "Until when, or until how many percent more is at stake?"
SNOOZE_WHY = "Why can it wait? Whoever misses it will ask."
MORE_OF_WHAT = "More of what? Ask for the buys, the exceptions or the transfers first."
COMPUTE_WHAT = (
    "Which of them do you mean? Name items, suppliers or places, or lines by "
    "their places in the list."
)
ASSIGN_WHAT = "Which exception is that about? Name the item, the supplier or the order."
ASSIGN_WHOM = "Who shall look after it? Say a name, or say that you will."
PREFER_WHAT = (
    "What should your answers start with by themselves? Name a place or a category that there is, "
    "or say which of yours I should drop."
)
PLANS_OWN = "I draft the plan's own quantities only; here is how it comes to this one."


def other_currency(base: str) -> str:
    """`base` is the code of the company's currency."""
    return f"Budgets are kept in {base}. Say the amount in {base} and I will use it."


# What says plainly that something cannot be done, as opposed to asking for what is missing.
REFUSALS = (
    CANNOT_APPROVE, CANNOT_SEND, ALL_CHANNELS, LOOKS_BACK, NOT_MORE_THAN_NOTHING, TOO_MUCH,
    PRICE_AS_AMOUNT,
)  # fmt: skip

ALL = (
    WHICH_ITEM, NOT_MORE_THAN_NOTHING, TOO_MUCH, WHICH_AMOUNT, UNCLEAR_AMOUNT, NEW_TOTAL,
    PREFER_WHAT, COMPUTE_WHAT, DRAFT_WHAT, DRAFT_WHICH, ONE_PLACE_AT_A_TIME, NO_LIST, NOT_IN_LIST,
    STALE_LIST,
    WHICH_CHANGE,
    WHICH_DEPTH, WHICH_CHANNEL, ALL_CHANNELS, BACKWARDS, LOOKS_BACK,
    FROM_NOW,
    WHICH_WEEKLY, WHICH_TIME, WHICH_PRICE, WHICH_LAUNCH, WHICH_DAY, WHICH_ORDER,
    WELCOME, CANNOT_APPROVE, CANNOT_SEND, PLANS_OWN, MORE_OF_WHAT,
    SNOOZE_WHAT, SNOOZE_UNTIL, SNOOZE_WHY, ASSIGN_WHAT, ASSIGN_WHOM,
    WHICH_SERVICE, WHICH_TIME_LONGER, WHICH_SUPPLIER, WHICH_FIGURE,
    PRICE_AS_AMOUNT, MOVE_TO_WHEN,
)  # fmt: skip
