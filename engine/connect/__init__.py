"""Data in and documents out."""
