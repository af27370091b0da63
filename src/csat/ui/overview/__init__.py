"""The parts of the overview below its cards."""
