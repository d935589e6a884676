"""The poet: a recurrent network that writes classical Chinese regulated verse.

For the gallery: wishes.py (what may be asked, recipes), prosody.py and modern.py (rules of verse, books of rhymes) and
couplet.py (rules of couplets), all without torch; the worker loads sample.py, which writes poems, and through it
replying.py (couplets) and cento.py (poems of the lines of others). For training, from the command line alone:
corpus.py, dataset.py, train.py, evaluate.py, export.py, and what builds tables.
"""
