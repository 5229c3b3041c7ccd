"""A Slack that runs here: Web API, Socket Mode, signed HTTP, clicks, forms, and its bad days."""
