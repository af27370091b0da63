"""From any file to one accepted, refused or undone batch: read, map, check, load."""
