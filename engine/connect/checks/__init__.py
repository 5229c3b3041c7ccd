"""What looks wrong in data that could be read: each check names it, none of them changes it."""
