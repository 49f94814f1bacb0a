"""Quality desk: scorecards, samples drawn in two streams, reviews and the scores they give."""
