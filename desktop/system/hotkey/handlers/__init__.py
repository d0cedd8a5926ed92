"""The ways to bind global keys, one file each."""
