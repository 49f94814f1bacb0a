"""Sub-commands of `livery` that run and check an installation."""
