"""The parts of the page on dimensions of quality, each drawn when it is asked for."""
