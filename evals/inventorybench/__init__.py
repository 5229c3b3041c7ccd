"""`qm eval inventorybench`: one item, one place, fifty orders, hundreds of times over."""
