"""What happens before the window and after it: guards, settings, self-examination, the order of leaving.

`early` uses the standard library alone; nothing here imports the window except inside functions.
"""
