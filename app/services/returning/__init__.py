"""Goods that come back: received at once, decided unit by unit, paid back exactly."""
