"""The parts of the page on trends, each drawn when it is asked for."""
