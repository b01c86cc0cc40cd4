"""Dossiers: answers with their proof, to keep, to print, to cite from and to check again."""

from qa.dossier.contents import Dossier, Entry, gather
from qa.dossier.formats import FORMATS, renderer, writable, write

__all__ = ["FORMATS", "Dossier", "Entry", "gather", "renderer", "writable", "write"]
