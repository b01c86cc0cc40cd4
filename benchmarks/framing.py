"""What it costs to wrap a question in words: ``python benchmarks/framing.py FOLDER…``.

Each FOLDER is in the BEIR layout. People ask a chat "Could you please find out when …"
and "According to the article, …". Prints nDCG@10 of the questions as they are and
wrapped, with and without ``qa.answering.framing``, for the wrappings it was written
for and for those that were set aside before it was written.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest import mock

import numpy as np

import embeddings
from qa.answering import question
from qa.corpus import Corpus
from qa.evaluation.datasets import load_beir
from qa.evaluation.indexing import cache_folder, indexed
from qa.evaluation.measures import ranking_scores
from qa.language.detection import detect
from qa.language.tokens import STOPWORDS, fold

Qrels = Mapping[str, Mapping[str, int]]

DEVELOPED_ON = {
    "en": (
        "According to the passage, {}",
        "Based on the article, {}",
        "Can you tell me {}",
        "Please tell me: {}",
        "I would like to know {}",
        "Based on the information given in the text, {}",
        "What do the documents say about this: {}",
        "{} Please answer with a quote.",
        "Given the information in the passage, {}",
        "Which of the following best describes {}",
    ),
    "id": (
        "Menurut bacaan tersebut, {}",
        "Berdasarkan artikel itu, {}",
        "Tolong jelaskan {}",
        "Saya ingin tahu {}",
        "Berdasarkan informasi yang ada dalam teks, {}",
        "Bisakah Anda memberi tahu saya {}",
        "Apa kata dokumen tentang hal ini: {}",
        "{} Jawab dengan kutipan.",
        "Seperti yang disebutkan dalam bacaan, {}",
        "Manakah dari berikut ini yang menggambarkan {}",
    ),
}
HELD_OUT = {
    "en": (
        "As stated in the document, {}",
        "Going by what the report says, {}",
        "Could you please find out {}",
        "I'm looking for an answer to this question: {}",
        "Do you know {}",
        "From the information in these articles, {}",
        "Help me with this one. {}",
        "{} Cite your sources.",
        "As per the excerpt above, {}",
        "Which of these options most accurately summarises {}",
        "As it is outlined in the extract, {}",
    ),
    "id": (
        "Sesuai dengan isi dokumen, {}",
        "Kalau melihat laporan itu, {}",
        "Tolong carikan {}",
        "Saya sedang mencari jawaban atas pertanyaan ini: {}",
        "Apakah kamu tahu {}",
        "Dari informasi di artikel-artikel ini, {}",
        "Bantu saya menjawab ini. {}",
        "{} Sertakan sumbernya.",
        "Sebagaimana dipaparkan oleh wacana di atas, {}",
        "Di antara pilihan ini, mana yang paling tepat menjelaskan {}",
        "Seperti yang ada pada kutipan, {}",
    ),
}


def wrapped(text: str, number: int, frames: Mapping[str, tuple[str, ...]]) -> str:
    """*text* in one of *frames* of its language, the next for each *number*."""
    language = "id" if detect(text) in ("id", "ms") else "en"
    frame = frames[language][number % len(frames[language])]
    first = text.split(maxsplit=1)[0]
    # "When" is written small inside a sentence, a name is not.
    small = fold(first) in STOPWORDS[language] and not frame.startswith("{}")
    return frame.format(text[:1].lower() + text[1:] if small else text)


def ndcg(corpus: Corpus, asked: Sequence[tuple[str, str]], right: Qrels) -> float:
    """Mean nDCG@10 of (id, question) pairs."""
    run = {id: [hit.passage.document_id for hit in corpus.search(text, k=10)] for id, text in asked}
    scores = ranking_scores({id: dict(right[id]) for id, _ in asked}, run)
    return float(np.mean([scores[id]["nDCG@10"] for id, _ in asked]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--questions", type=int, default=400, metavar="MOST", help="of each folder")
    options = parser.parse_args()
    embedder = embeddings.load(None)
    print(
        "| questions | as they are | wrapped | words taken off | set aside: wrapped | taken off |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for folder in options.folders:
        dataset = load_beir(folder)
        ids = [id for id in dataset.questions if any(dataset.qrels.get(id, {}).values())]
        ids = ids[:: max(1, len(ids) // options.questions)][: options.questions]
        plain = [(id, dataset.questions[id]) for id in ids]
        with (
            indexed(dataset, embedder, cache=cache_folder()) as place,
            Corpus.open(place, embedder=embedder) as corpus,
        ):
            found = [ndcg(corpus, plain, dataset.qrels)]
            for frames in (DEVELOPED_ON, HELD_OUT):
                asked = [(id, wrapped(text, i, frames)) for i, (id, text) in enumerate(plain)]
                with mock.patch.object(question, "bare", lambda text: text):
                    found.append(ndcg(corpus, asked, dataset.qrels))
                found.append(ndcg(corpus, asked, dataset.qrels))
        cells = " | ".join(f"{figure:.3f}" for figure in found)
        print(f"| {folder.name} ({len(plain)}) | {cells} |", flush=True)


if __name__ == "__main__":
    main()
