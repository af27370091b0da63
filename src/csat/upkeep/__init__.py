"""What keeps an installation going without a browser: orders, inbox, backup and rebuild."""
