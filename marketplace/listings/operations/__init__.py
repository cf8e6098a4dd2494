"""What people do with listings."""
