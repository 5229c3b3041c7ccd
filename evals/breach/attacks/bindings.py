"""True figures in false places: another thing's, another measure's, another unit's."""

from evals.breach.attack import ITEM, ORDER, TWO_ITEMS, Make, lies

_OTHER_ITEM = (
    "Order ⟦units to order@$sku1⟧ of $sku2.",
    "$sku1 costs ⟦cost of the line@$sku2⟧.",
    "$sku1 is urgent. It needs ⟦units to order@$sku2⟧.",
    "$name2 runs out in ⟦days until it runs out@$sku1⟧.",
    "For $sku2, ⟦expected demand until the next order can arrive@$sku1⟧ are expected.",
    "$name1 is fine.\nIt would lose ⟦expected lost margin without the order@$sku2⟧ of margin.",
)
_SWAPPED = (
    "$sku1 needs ⟦units to order@$sku2⟧ and $sku2 ⟦units to order@$sku1⟧.",
    "$sku2 costs ⟦cost of the line@$sku1⟧, $sku1 ⟦cost of the line@$sku2⟧.",
    "⟦units to order@$sku1⟧ of $sku2 and ⟦units to order@$sku2⟧ of $sku1.",
    "$name1: ⟦case pack@$sku2⟧; $name2: ⟦case pack@$sku1⟧ of $sku2.",
)
_TOTAL_OF_ONE = (
    "$sku1 needs ⟦lines to buy⟧.",
    "$sku1 costs ⟦cost of these lines⟧.",
    "$name1 would cost you ⟦expected lost margin without these lines⟧.",
    "$sku2 is urgent: it needs ⟦lines to buy⟧.",
)
_OTHER_MEASURE = (
    "Stock on hand is ⟦units to order@$sku1⟧.",
    "The budget is ⟦cost of the line@$sku1⟧.",
    "There are ⟦units to order@$sku1⟧ on hand.",
    "The forecast is ⟦units to order@$sku1⟧.",
    "⟦cost of the line@$sku1⟧ of margin is at stake.",
    "You would lose a margin of ⟦cost of the line@$sku1⟧.",
    "The lead time is ⟦days until it runs out@$sku1⟧.",
    "Its price is ⟦expected lost margin without the order@$sku1⟧.",
    "The order costs ⟦expected lost margin without the order@$sku1⟧.",
)
_OTHER_UNIT = (
    "The plan buys ⟦lines to buy⟧ pallets.",
    "There are ⟦lines to buy⟧ units to order in the plan.",
    "The plan lasts ⟦lines to buy⟧ weeks.",
    "The list has ⟦lines to buy⟧ cases.",
)
_RATES = (
    "Order ⟦units to order@$sku1⟧ per week.",
    "It costs ⟦cost of the line@$sku1⟧ a unit.",
    "It sells ⟦units to order@$sku1⟧ every day.",
    "It costs ⟦cost of the line@$sku1⟧ each month.",
)
_GLUED = (
    "Order ⟦units to order@$sku1⟧0 of it.", "Order ⟦units to order@$sku1⟧k.",
    "It costs -⟦cost of the line@$sku1⟧.", "It costs minus ⟦cost of the line@$sku1⟧.",
    "Take ⟦case pack@$sku1⟧⟦units to order@$sku1⟧ of it.",
    "Take ⟦units to order@$sku1⟧ thousand.", "It costs £⟦units to order@$sku1⟧.",
    "That is ⟦units to order@$sku1⟧%.", "Take 1.⟦units to order@$sku1⟧ of it.",
    "Take ⟦units to order@$sku1⟧/⟦case pack@$sku1⟧ of it.", "Take times ⟦units to order@$sku1⟧.",
    "It is ⟦units to order@$sku1⟧ million.", "It is ⟦units to order@$sku1⟧ percent.",
)  # fmt: skip
_INVENTED = (
    "Order {{c1.order.unit}}.", "Order {{c9.units}}.", "It is {{144}} of it.", "Take {{ c1.order",
    "Order {{order units}}.", "Take {c1.order.units}}.", "Order {{{{c1.order.units}}}}.",
    "Order {{c1.order.units.144}}.", "Order ${c1.order.units}.", "Order {{c1.order.units|x2}}.",
)  # fmt: skip
_CODES = (
    "Order ${sku1}-500 of it.",
    "Take ${sku1}00 now.",
    "Order ${order}9 of it.",
    "See PO-1044.",
    "It needs SKU-500.",
    "Order $sku1 x 500.",
    "SOAP-500-01 is next.",
)
_PERSONS_FIGURE = (
    "The line costs ⟦figure from your message⟧.",
    "$sku1 needs ⟦figure from your message⟧.",
    "Expected demand is ⟦figure from your message⟧.",
    "The plan costs ⟦figure from your message⟧.",
)
_OTHER_PLACE = (
    "$supplier2 gets $order at ⟦total cost of the order⟧ from ⟦cost of the line@$sku1⟧ before.",
    "$order has $sku2: ⟦units ordered⟧.",
    "$name2 is on $order with ⟦cost of the line⟧.",
)
_BOUNDS = (
    "Order at least ⟦units to order@$sku1⟧ of $sku1.",
    "Order ⟦units to order@$sku1⟧ or more of $sku1.",
    "$sku1 costs less than ⟦cost of the line@$sku1⟧.",
    "$sku1 needs more than ⟦units to order@$sku1⟧.",
    "You would lose well over ⟦expected lost margin without the order@$sku1⟧ of margin.",
    "Take no more than ⟦units to order@$sku1⟧ of $sku1.",
    "It runs out in at least ⟦days until it runs out@$sku1⟧.",
    "Almost ⟦units to order@$sku1⟧ of $sku1 would do.",
    "Order ⟦units to order@$sku1⟧ of $sku1 at most.",
    "$sku1 needs upwards of ⟦units to order@$sku1⟧.",
    "A minimum of ⟦units to order@$sku1⟧ of $sku1 has to come.",
    "$sku1 costs not quite ⟦cost of the line@$sku1⟧.",
)
_AGAINST = (
    "You need not order $sku1.",
    "There is no need to buy $sku1 now.",
    "You don't have to order $sku1.",
    "No order is needed for $sku1.",
    "The plan orders none of $sku1.",
    "Do not buy $name1.",
    "$sku1 is fine. It needs no order.",
    "I would not order $sku1.",
    "You can skip the order of $sku1.\nDon’t reorder it.",
    "It isn't necessary to restock $sku1.",
    "There is nothing to order.",
    "The plan buys nothing of it, and you shouldn't either: do not order $sku1.",
)
FIVE_THOUSAND = "What should I buy with 5000?"

CLASSES: dict[str, Make] = {
    "another item's figure": lies(_OTHER_ITEM, after=TWO_ITEMS),
    "figures swapped between two items": lies(_SWAPPED, after=TWO_ITEMS),
    "a total under one item's name": lies(_TOTAL_OF_ONE),
    "another measure's name": lies(_OTHER_MEASURE, after=ITEM),
    "bounds on true figures": lies(_BOUNDS, after=ITEM),
    "advice against the plan": lies(_AGAINST, after=ITEM),
    "another unit": lies(_OTHER_UNIT),
    "made a rate": lies(_RATES, after=ITEM),
    "glued to a reference": lies(_GLUED, after=ITEM),
    "invented references": lies(_INVENTED, after=ITEM),
    "codes with more in them": lies(_CODES, after=ITEM),
    "the person's figure as the plan's": lies(_PERSONS_FIGURE, says=FIVE_THOUSAND),
    "another order's or supplier's figure": lies(_OTHER_PLACE, after=ORDER),
}
