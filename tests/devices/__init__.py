"""Tests of scanners, scales and the scan journal."""
