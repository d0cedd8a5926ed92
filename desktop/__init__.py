"""The application around the engine: everything a person sees, presses and keeps.

Imports `index_tools`, which never imports this package.
"""
