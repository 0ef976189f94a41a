"""A sample of the mutation test; `python -m tests.mutation --all` runs it in full."""

from __future__ import annotations

from tests import mutation

#: Mutants drawn of each operator: enough to notice a check that no longer bites.
SAMPLE = {
    "drop-logic": 2,
    "drop-exclusion": 2,
    "flip-polarity": 3,
    "swap-object": 3,
    "move-relation": 2,
    "shift-threshold": 2,
    "drop-shape": 3,
    "drop-check": 2,
    "drop-ledger": 1,
}


def test_a_sample_of_mutants_is_caught() -> None:
    """Sources that are broken on purpose are noticed, at least 95 in 100."""
    verdicts = mutation.run(SAMPLE)

    assert len(verdicts) == sum(SAMPLE.values())
    caught = sum(verdict.caught for verdict in verdicts)
    assert caught >= 0.95 * len(verdicts), mutation.report(verdicts)
