"""Stub."""
def truths_markdown(files):
    """Stub."""
    return ""
