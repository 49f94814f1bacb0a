"""What the web server runs."""

from app import create_app

app = create_app()
