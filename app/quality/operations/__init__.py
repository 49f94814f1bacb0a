"""What can be done with samples and reviews, a file for each kind of verb."""
