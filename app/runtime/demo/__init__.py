"""The demo: an agency, three client brands and five weeks of work, all of it made up by us."""
