"""How the bundled model was made, from parallel text to the shipped files.

One module per stage, each readable on its own::

    data            what may be trained on, and how much each source counts
    vocabulary      Indonesian word pieces appended to the teacher's
    alignment       IBM Model 1 between Indonesian and English tokens
    initialisation  new embeddings from aligned English ones
    distillation    the student learns the teacher's vectors, in both languages
    synthesis       English training questions put into Indonesian by a phrase table
    finetuning      questions find their passages
    table           the translation table of the lexical leg
    export          safetensors and ONNX in 8 bits
    evaluation      nDCG@10 of vectors on the development sets, between stages
    card            every figure of the model card, through the whole retriever

``python -m embeddings.training --help`` runs them. Needs the extra ``train``.
"""
