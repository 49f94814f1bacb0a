"""Reports: what the metrics mean, daily facts, dashboards and the branded documents of a client."""
