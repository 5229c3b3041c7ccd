"""How people who have never seen the offline model's patterns ask, and whether it understands."""
