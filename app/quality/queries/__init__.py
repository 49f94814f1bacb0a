"""What can be read: samples and their frames, reviews, and what they add up to."""
