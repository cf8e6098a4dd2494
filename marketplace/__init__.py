"""A marketplace for idle resources that a district runs under its own brand."""
