"""How the bundled model was made, from parallel text to the shipped files.

One module per stage, each readable on its own::

    data            what may be trained on, and how much each source counts
    vocabulary      Indonesian word pieces appended to the teacher's
    alignment       IBM Model 1 between Indonesian and English tokens
    initialisation  new embeddings from aligned English ones
    distillation    the student learns the teacher's vectors, in both languages
    finetuning      questions find their passages
    table           the translation table of the lexical leg
    export          safetensors, ONNX int8, model card
    evaluation      nDCG@10 on the development sets

``python -m embeddings.training --help`` runs them. Needs the extra ``train``.
"""
