"""What ships with SceneLens beside its code: demo film and pack, sample pictures, icons, desktop file.

Found through `importlib.resources.files("resources")`; holds no code.  Where each file comes from and
under which licence: LICENSES.md.
"""
