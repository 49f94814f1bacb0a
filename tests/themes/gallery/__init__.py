"""A small app that shows every component and frame, for tests and for looking at."""
