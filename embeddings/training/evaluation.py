"""nDCG@10 and recall of vectors on sets of questions in the BEIR layout.

Measures a model alone (dense retrieval, exact search); whole retrievers are
measured by ``kutip eval``. Metrics come from ir-measures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import R, nDCG

from embeddings.training.data import json_lines

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]

DEVELOPMENT_SETS = (
    "squad_en_id",
    "squad_id_id",
    "tydiqa_id_dev",
    "idk_mrc_dev",
    "facqa_dev",
    "tydiqa_en_dev",
    "xquad_en_en",
    "indosum_headline",
    "ntrex_en_id",
)


def dense_scores(
    folder: Path, encode_query: Encode, encode_document: Encode, *, questions: int | None = None
) -> dict[str, float]:
    """nDCG@10, R@1 and R@5 of exact search on one BEIR folder.

    *questions* bounds the number of questions (the first ones with an answer).
    """
    documents = list(json_lines(folder / "corpus.jsonl.gz"))
    qrels = [
        ir_measures.Qrel(*row)
        for row in (
            (query, document, int(score))
            for query, document, score in (
                line.split("\t")
                for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]
            )
        )
    ]
    asked = {qrel.query_id for qrel in qrels}
    queries = [q for q in json_lines(folder / "queries.jsonl.gz") if q["_id"] in asked]
    queries = queries[:questions]
    vectors = encode_document(
        ["\n".join(filter(None, (str(d.get("title") or ""), str(d["text"])))) for d in documents]
    )
    similarity = encode_query([str(q["text"]) for q in queries]) @ vectors.T
    top = np.argsort(-similarity, axis=1)[:, :10]
    run = [
        ir_measures.ScoredDoc(str(q["_id"]), str(documents[d]["_id"]), float(similarity[i, d]))
        for i, q in enumerate(queries)
        for d in top[i]
    ]
    kept = {str(q["_id"]) for q in queries}
    measures = [nDCG @ 10, R @ 1, R @ 5]
    result = ir_measures.calc_aggregate(measures, [q for q in qrels if q.query_id in kept], run)
    return {str(measure): float(result[measure]) for measure in measures}
