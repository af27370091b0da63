"""Figures and rows as files that people take away."""
