"""What was done about what was found, and whether it worked."""
