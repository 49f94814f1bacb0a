"""Reading what reports are made of, and the reports themselves."""
