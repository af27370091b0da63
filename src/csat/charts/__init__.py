"""Figures as pictures: data and words in, a Plotly figure and its text alternative out."""
