"""Languages: message catalogues, and numbers and dates as each language writes them."""
