"""The modules that faults are planted in, and the tests that are to notice them.

Of the tests, those run that execute the line where the fault is, the quickest first.
"""

TESTS: dict[str, str] = {
    # delivery
    "storage/delivery/claims.py": "tests/storage/test_claims.py tests/storage/test_ledger.py tests/storage/test_ends.py",
    "storage/delivery/held.py": "tests/storage/test_lines.py tests/storage/test_digests.py tests/storage/test_ends.py",
    "storage/delivery/backlog.py": "tests/storage/test_backlog.py tests/storage/test_control.py",
    "storage/delivery/late.py": "tests/storage/test_ends.py tests/storage/test_lines.py tests/storage/test_ledger.py",
    "storage/delivery/sends.py": "tests/storage/test_sends.py tests/storage/test_control.py tests/storage/test_ends.py",
    "storage/delivery/ledger.py": "tests/storage/test_holders.py tests/storage/test_ledger.py tests/storage/test_ends.py",
    "storage/delivery/publications.py": "tests/storage/test_publications.py tests/storage/test_fan_out.py",
    "storage/delivery/statements.py": "tests/storage/test_holders.py tests/storage/test_ledger.py tests/storage/test_ends.py",
    "storage/delivery/counters.py": "tests/storage/test_counters.py tests/storage/test_lines.py",
    "storage/delivery/uncertain.py": "tests/storage/test_uncertain.py tests/storage/test_control.py tests/storage/test_ends.py",
    "storage/delivery/follow_ups.py": "tests/storage/test_follow_ups.py tests/storage/test_stories.py",
    "storage/delivery/readers.py": "tests/storage/test_moving.py tests/storage/test_ends.py",
    "bot/delivery/restart_guard.py": "tests/unit/test_restart_guard.py tests/stories/test_restored.py",
    "bot/delivery/throttle.py": "tests/unit/test_pacing.py tests/stories/test_waits.py",
    "bot/delivery/paid.py": "tests/unit/test_paying.py",
    "bot/delivery/sender.py": "tests/unit/test_sender.py",
    "bot/delivery/circuit_breaker.py": "tests/unit/test_circuit_breaker.py",
    "bot/delivery/copies.py": "tests/stories/test_corrections.py tests/stories/test_copies.py",
    "bot/delivery/error_rate.py": "tests/unit/test_error_rate.py",
    "bot/delivery/fan_out.py": "tests/storage/test_fan_out.py",
    "bot/delivery/outcome.py": "tests/unit/test_outcomes.py",
    "bot/delivery/pacing.py": "tests/unit/test_pacing.py",
    "bot/delivery/shared_pacing.py": "tests/unit/test_sharing.py",
    # corrections
    "storage/delivery/copies.py": "tests/storage/test_owed.py tests/storage/test_corrections.py tests/storage/test_copies.py",
    "storage/delivery/corrections.py": "tests/storage/test_owed.py tests/storage/test_corrections.py tests/storage/test_copies.py",
    "bot/desk/corrections.py": "tests/unit/test_correcting.py tests/stories/test_corrections.py",
    # digests
    "storage/delivery/digests.py": "tests/storage/test_digests.py tests/storage/test_lines.py",
    "bot/screens/digests.py": "tests/stories/test_access.py tests/stories/test_delivery.py tests/stories/test_corrections.py",
    # audience
    "storage/people/audience.py": "tests/storage/test_audience.py",
    "bot/readers/audience.py": "tests/storage/test_audience.py",
    "bot/readers/subscriptions.py": "tests/storage/test_choices.py tests/storage/test_audience.py",
    "bot/model/matching.py": "tests/storage/test_choices.py tests/storage/test_audience.py",
    # schedules
    "bot/timing/schedules.py": "tests/unit/test_scheduling.py",
    "bot/timing/hours.py": "tests/unit/test_hours.py tests/unit/test_intake.py tests/unit/test_typed.py",
    "bot/timing/typed.py": "tests/unit/test_intake.py tests/unit/test_typed.py",
    "bot/timing/typed_past.py": "tests/unit/test_typed_past.py",
    "bot/timing/jumps.py": "tests/unit/test_jumps.py",
    # access
    "handlers/identity.py": "tests/unit/test_gates.py",
    "handlers/flood.py": "tests/unit/test_flood.py",
    "handlers/admins.py": "tests/unit/test_gates.py",
    "handlers/filters.py": "tests/unit/test_gates.py",
    "handlers/actor.py": "tests/unit/test_gates.py",
    "bot/telegram/admins.py": "tests/unit/test_admins.py",
    # text that becomes Telegram's
    "bot/text/split.py": "tests/unit/test_splitting.py",
    "bot/text/entities.py": "tests/unit/test_entities.py tests/unit/test_messages.py",
    "bot/text/markup.py": "tests/unit/test_markup.py tests/unit/test_text.py",
    "bot/text/rich.py": "tests/unit/test_rich.py tests/unit/test_entities.py",
    "bot/text/styled.py": "tests/unit/test_styled.py tests/unit/test_splitting.py",
    "bot/text/nesting.py": "tests/unit/test_nesting.py",
    "bot/text/intake.py": "tests/unit/test_messages.py tests/unit/test_entities.py",
    "bot/text/comparison.py": "tests/unit/test_comparison.py",
    # the arithmetic of relevance
    "bot/relevance/query.py": "tests/unit/test_query.py",
    "bot/relevance/similarity.py": "tests/unit/test_similarity.py tests/unit/test_comparing.py",
    "bot/relevance/threading.py": "tests/unit/test_threading.py",
    "bot/relevance/weights.py": "tests/unit/test_weights.py",
    "bot/relevance/ranking.py": "tests/unit/test_ranking.py",
    "bot/relevance/alignment.py": "tests/unit/test_alignment.py tests/unit/test_pairs.py",
    "bot/relevance/contrasts.py": "tests/unit/test_alignment.py tests/unit/test_pairs.py tests/unit/test_similarity.py",
    "bot/relevance/differences.py": "tests/unit/test_differences.py tests/unit/test_pairs.py",
    "bot/relevance/fingerprints.py": "tests/unit/test_similarity.py tests/unit/test_comparing.py",
    "bot/relevance/highlights.py": "tests/unit/test_marking.py",
    "bot/relevance/sameness.py": "tests/unit/test_pairs.py",
    "bot/relevance/wording.py": "tests/unit/test_pairs.py tests/unit/test_comparing.py",
    "bot/relevance/written_forms.py": "tests/unit/test_written_forms.py",
}
