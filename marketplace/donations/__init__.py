"""Goods are given: who may receive, how a lot is shared out, what is handed over."""
