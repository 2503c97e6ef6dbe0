"""Tests of how the station is put together."""
