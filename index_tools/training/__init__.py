"""Trains the learned scene descriptor; no part of the running program.

The room turns folders of free pictures into numbered shards (`art`, `films`, `shards`, `plan`), asks a
teacher network once for the vector of each (`teacher`), trains a small student on disturbed views of
them (`network`, `views`, `overlays`, `losses`, `train`) and writes the student as one ONNX file that
OpenCV runs (`export`).  `check` measures a student on films.  Each step goes on where it was stopped;
`python -m index_tools.training STEP --help` tells the options.

May import `index_tools.opencv`, `index_tools.errors` and `index_tools.film`; nothing else of the
project imports this room.  PyTorch, ONNX and ONNX Runtime are its own optional dependencies and are
imported nowhere else.
"""
