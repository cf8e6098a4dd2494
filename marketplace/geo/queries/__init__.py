"""Reads the gazetteer and the boundaries."""
