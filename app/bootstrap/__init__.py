"""The one place where adapters meet services."""
