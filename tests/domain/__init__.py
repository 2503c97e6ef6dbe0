"""Tests of the rules over plain values."""
