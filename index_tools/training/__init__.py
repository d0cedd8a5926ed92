"""Trains the learned scene descriptor; no part of the running program.

The room turns folders of free pictures into numbered shards (`art`, `films`, `shards`, `plan`), asks a
teacher network once for the vector of each (`teacher`), gives a small student published weights and a
head in closed form (`network`, `pretrained`, `closed_form`), trains it on disturbed views of the pictures
(`views`, `overlays`, `losses`, `train`), fits it to larger ones (`sides`) and writes it as one ONNX file that
OpenCV runs (`export`) and a run can start from (`exported`), with vectors that are surely no answer
(`background`).  `check` measures a student on films.  Each step goes on where it was stopped;
`python -m index_tools.training STEP --help` tells the options, the model card of the scene descriptor the
whole recipe.

May import `index_tools.opencv`, `.errors`, `.descriptors` and `.film`; nothing else of the project
imports this room.  PyTorch, ONNX and ONNX Runtime are its own optional dependencies and are
imported nowhere else.
"""
