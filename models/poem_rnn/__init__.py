"""The poet: a recurrent network that writes classical Chinese regulated verse.

For the gallery: wishes.py (what may be asked, recipes) and prosody.py (rules of verse), both without torch; the worker
loads sample.py. For training, from the command line alone: corpus.py, dataset.py, train.py, evaluate.py, export.py.
"""
