"""No figure reaches a reader unless a fact of this turn carries it."""
