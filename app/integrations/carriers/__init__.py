"""Pickwick: integrations/carriers."""
