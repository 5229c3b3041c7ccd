"""Neutral view models: what is shown, without saying how. Surfaces render and escape them."""
