"""Measures the promises of the design on this machine: `python -m tools.bench --out DIR`."""
