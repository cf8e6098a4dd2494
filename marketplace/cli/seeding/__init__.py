"""Data for trying the product: districts, organisations and listings that nobody owns."""
