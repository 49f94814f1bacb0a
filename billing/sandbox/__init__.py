"""The sandbox as people see it: the hosted payment page, and the delivery of its events."""
