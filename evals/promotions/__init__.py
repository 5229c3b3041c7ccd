"""`qm eval promotions`: promotions and prices on Breakfast at the Frat."""
