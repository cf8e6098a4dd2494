"""Adapters that find positions for what people type."""
