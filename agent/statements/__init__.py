"""What each tool's result says in plain sentences, with references where figures belong.

The offline model answers with these; for any model they are the template that a refused draft
falls back to. They pass the same verification as a model's own words.
"""

from agent.statements.catalogue import statement

__all__ = ["statement"]
