"""Anything a person can give, made into a `Query`.

`mime` reads clipboard and drop in the window's thread and copies bytes out at once; `reading` decodes
them in a worker.  May import the engine, `desktop.state`, `desktop.lookup` and Qt's core and images.
"""
