"""The demo: an agency, three client brands and eight weeks of work, all of it made up by us."""
