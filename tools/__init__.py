"""What the agent may do: one file per verb_noun, arguments in, facts out."""
