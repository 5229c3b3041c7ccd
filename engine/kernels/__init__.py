"""Shared arithmetic: calendar, quantile grid, stock paths, loss functions, tier cost."""
