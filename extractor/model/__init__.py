"""Learned decisions: weights that ship as data, and what reads them."""
