"""The DuckDB store: one file, one owner, a cursor per read, one write at a time."""
