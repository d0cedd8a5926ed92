"""The ways of capture, one file each."""
