"""A sample of the mutation test; `python -m tests.mutation --all` runs it in full."""

from __future__ import annotations

from tests import mutation

#: Mutants drawn of each operator: enough to notice a check that no longer bites.
SAMPLE = {
    "drop-logic": 1,
    "drop-exclusion": 1,
    "flip-polarity": 2,
    "swap-object": 2,
    "move-relation": 1,
    "shift-threshold": 1,
    "drop-shape": 2,
    "drop-check": 1,
    "drop-ledger": 1,
}


def test_a_sample_of_mutants_is_caught() -> None:
    """Sources that are broken on purpose are noticed, at least 95 in 100."""
    verdicts = mutation.run(SAMPLE)

    assert len(verdicts) == sum(SAMPLE.values())
    caught = sum(verdict.caught for verdict in verdicts)
    assert caught >= 0.95 * len(verdicts), mutation.report(verdicts)
