"""The questions asked of the store: SQL in, honest figures out."""
