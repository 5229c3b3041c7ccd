"""Reading people's figures, dates and names out of what they wrote."""
