"""Packs on the shelf, the user's own films, the demo.

Knows no Qt; work is run through the seam in `desktop.state.running`.
"""
