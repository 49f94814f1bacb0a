"""What keeps an installation running: embedded servers, the supervisor, and its check-up."""
