"""Measures the product against floors and peers that run in the same minute on the same core (`make bench`)."""
