"""The vocabulary: programs, surveys, items, scales, metrics, filters. No I/O, no frames."""
