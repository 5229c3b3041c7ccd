"""Blocks as a page: to look at messages before anybody receives them."""
