"""What Slack accepts as blocks, and whether a message or view is that."""
