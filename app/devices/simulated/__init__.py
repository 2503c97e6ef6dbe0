"""Devices without hardware that speak the bytes of the real ones, over the ports of the real ones."""
