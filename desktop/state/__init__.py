"""The current query, its answer and what is selected: no widgets, no Qt.

Changes are told by plain call-backs in the thread that made them, which is the window's.
"""
