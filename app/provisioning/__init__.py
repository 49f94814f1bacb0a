"""Opening a client brand: the choices, the blueprint, and the steps that make it live."""
