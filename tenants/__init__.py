"""The ground floor: who you are, what you may touch, and the only way to database and queue."""
