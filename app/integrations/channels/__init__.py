"""Pickwick: integrations/channels."""
