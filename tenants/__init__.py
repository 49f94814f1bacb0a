"""The ground floor: who you are, which workspaces you may touch, and the only way to the database and the queue."""
