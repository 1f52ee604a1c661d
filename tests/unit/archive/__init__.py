"""Tests of files that conversations leave and come by."""
