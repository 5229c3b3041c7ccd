"""VN2 Inventory Planning Challenge: weekly orders of 599 store-products, judged by their cost."""
