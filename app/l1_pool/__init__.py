"""The L1 pool: one queue over every client an agent may serve, and who takes what from it."""
