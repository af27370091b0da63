"""Statistics behind every figure: intervals, comparisons, survival curves and verdicts."""
