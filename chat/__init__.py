"""Easel: a conversational image studio. See README.md for the map of the house."""
