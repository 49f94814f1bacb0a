"""SLA: business hours, policies, and clocks whose due times follow from stored facts."""
