"""The byte-level twin of a label printer: what it understands, how it fails, and where it listens."""
