"""The judge: reads what a person sees and what the database holds, and knows no guard."""
