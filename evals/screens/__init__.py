"""Pictures of everything that stands in Slack, in each of its states, from a made-up company."""
