"""Descriptors: from a picture to a vector by which pictures are compared.

`color_layout` gives the 33 values that trace.moe compares, `scene_embedding` a learned vector that stays
nearly the same when a picture is edited.  May import `picture`, numpy and OpenCV; knows
nothing of films, packs or searching.
"""
