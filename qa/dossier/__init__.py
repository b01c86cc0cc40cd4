"""Dossiers: an answer with its proof, to keep, to print, to cite from and to check again."""

from qa.dossier.contents import Dossier, gather
from qa.dossier.formats import FORMATS, renderer, writable, write

__all__ = ["FORMATS", "Dossier", "gather", "renderer", "writable", "write"]
