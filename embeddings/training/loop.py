"""The optimisation loop that distillation and fine-tuning share.

A stage hands in a function from step number to loss; the loop owns the
optimiser, the schedule, and checkpoints. Batches are drawn from the step
number, so a run that stopped goes on exactly where it was. It runs in bfloat16
autocast on CPU and GPU alike.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from embeddings.training.student import Student

log = logging.getLogger("embeddings.training")

# Shares of all steps, at the beginning and at the end.
WARM_UP = 0.03
DECAY = 0.4
SAVE_EVERY = 100


def best_device() -> torch.device:
    """A GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@dataclass(frozen=True, slots=True)
class Rates:
    """Peak learning rates of the transformer layers and of the word embeddings.

    The embeddings take a higher one: each word occurs in few batches.
    """

    layers: float
    embeddings: float


def optimise(
    student: Student,
    loss_of: Callable[[int], torch.Tensor],
    *,
    steps: int,
    rates: Rates,
    checkpoint: Path,
) -> None:
    """Minimise ``loss_of(step)`` for *steps* steps; resume from *checkpoint* if it exists.

    Warm-up, a plateau, then linear decay to zero (Hu et al., MiniCPM, 2024), so
    that a run can be prolonged without having decayed too early. No dropout:
    no text is seen often enough to be learnt by heart.
    """
    table = student.encoder.embeddings.word_embeddings.weight
    rest = [p for p in student.parameters() if p is not table]
    optimiser = torch.optim.AdamW(
        [{"params": [table], "lr": rates.embeddings}, {"params": rest, "lr": rates.layers}],
        weight_decay=0.01,
        fused=True,
    )
    warm_up = max(1, int(steps * WARM_UP))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: max(0.0, min((step + 1) / warm_up, 1.0, (steps - step) / (steps * DECAY))),
    )
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        student.load_state_dict(state["student"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = int(state["step"])
        log.info("resumed at step %d of %d; remove %s to begin anew", first, steps, checkpoint)
    student.eval()
    device = next(student.parameters()).device
    recent, began = 0.0, time.perf_counter()
    for step in range(first, steps):
        with torch.autocast(device.type, torch.bfloat16):
            loss = loss_of(step)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        recent = loss.item() if step == first else 0.98 * recent + 0.02 * loss.item()
        if (step + 1) % 50 == 0:
            pace = (time.perf_counter() - began) / (step + 1 - first)
            log.info(
                "step %d/%d loss %.4f, %.2f s/step, %.0f min left",
                step + 1,
                steps,
                recent,
                pace,
                pace * (steps - step - 1) / 60,
            )
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            partial = checkpoint.with_suffix(".partial")
            torch.save(
                {
                    "student": student.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(),
                    "step": step + 1,
                },
                partial,
            )
            partial.replace(checkpoint)


def contrastive(a: torch.Tensor, b: torch.Tensor, temperature: float = 0.05) -> torch.Tensor:
    """InfoNCE in both directions; row i of *a* belongs to row i of *b*."""
    scores = a @ b.T / temperature
    labels = torch.arange(len(a), device=a.device)
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, labels) + cross_entropy(scores.T, labels)) / 2
