"""Measure: how well and how fast the engine finds, with the same program for everyone.

May import all of the engine but `cli`; is imported by `cli` alone.
"""
