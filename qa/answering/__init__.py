"""From hits to an answer: question, sentences, speakers, proof, refusal."""
