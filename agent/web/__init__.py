"""The HTTP side: health, metrics, and the routes that later areas add."""
