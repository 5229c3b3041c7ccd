"""A company made up for measuring and breaking purchasing: people, prices, orders."""
