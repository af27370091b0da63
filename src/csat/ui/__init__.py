"""All that draws with Streamlit and is not a page."""
