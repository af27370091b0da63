"""csat: a self-hosted customer-satisfaction and service-quality dashboard."""

__version__ = "0.1.0"
