"""The modules that faults are planted in, and the tests that are to notice them."""

_DELIVERY = (
    "tests/storage/test_ledger.py tests/storage/test_rows.py tests/storage/test_control.py tests/storage/test_ends.py"
)
_STORIES = "tests/stories/test_delivery.py tests/stories/test_corrections.py tests/stories/test_control.py"

TESTS: dict[str, str] = {
    # delivery
    "bot/delivery/circuit_breaker.py": "tests/unit/test_circuit_breaker.py",
    "bot/delivery/copies.py": "tests/stories/test_corrections.py tests/stories/test_copies.py",
    "bot/delivery/error_rate.py": "tests/unit/test_error_rate.py",
    "bot/delivery/outcome.py": "tests/unit/test_outcomes.py tests/faults/test_sender.py",
    "bot/delivery/pacing.py": "tests/unit/test_pacing.py",
    "bot/delivery/paid.py": "tests/unit/test_paying.py",
    "bot/delivery/restart_guard.py": "tests/unit/test_restart_guard.py tests/stories/test_control.py",
    "storage/delivery/held.py": f"tests/storage/test_digests.py {_DELIVERY}",
    "storage/delivery/publications.py": f"tests/storage/test_publications.py {_DELIVERY} tests/storage/test_audience.py",
    "storage/delivery/sends.py": f"tests/storage/test_publications.py {_DELIVERY}",
    # audience
    "bot/readers/audience.py": "tests/storage/test_audience.py tests/stories/test_delivery.py",
    "bot/readers/subscriptions.py": "tests/storage/test_choices.py",
    "storage/people/audience.py": "tests/storage/test_audience.py",
    # schedules
    "bot/timing/schedules.py": "tests/unit/test_scheduling.py tests/storage/test_audience.py",
    "bot/timing/typed.py": "tests/unit/test_intake.py",
    # corrections
    "bot/desk/corrections.py": "tests/unit/test_correcting.py tests/stories/test_corrections.py",
    "storage/delivery/copies.py": "tests/storage/test_corrections.py tests/storage/test_copies.py",
    "storage/delivery/corrections.py": "tests/storage/test_corrections.py tests/storage/test_copies.py",
    # digests
    "bot/screens/digests.py": "tests/stories/test_access.py tests/stories/test_delivery.py tests/stories/test_corrections.py",
    "storage/delivery/digests.py": f"tests/storage/test_digests.py {_DELIVERY}",
    # access
    "bot/telegram/admins.py": "tests/unit/test_admins.py",
    "handlers/actor.py": "tests/stories/test_access.py",
    "handlers/admins.py": "tests/stories/test_access.py tests/stories/test_groups.py",
    "handlers/identity.py": "tests/stories/test_access.py tests/stories/test_groups.py",
    # text that becomes Telegram's
    "bot/text/entities.py": "tests/unit/test_messages.py",
    "bot/text/intake.py": "tests/unit/test_messages.py",
    "bot/text/markup.py": "tests/unit/test_markup.py",
    "bot/text/split.py": "tests/unit/test_splitting.py",
    # the arithmetic of relevance
    "bot/relevance/query.py": "tests/unit/test_query.py",
    "bot/relevance/ranking.py": "tests/unit/test_ranking.py",
    "bot/relevance/alignment.py": "tests/unit/test_pairs.py",
    "bot/relevance/differences.py": "tests/unit/test_pairs.py tests/unit/test_similarity.py",
    "bot/relevance/sameness.py": "tests/unit/test_pairs.py",
    "bot/relevance/similarity.py": "tests/unit/test_similarity.py tests/unit/test_comparing.py",
    "bot/relevance/wording.py": "tests/unit/test_pairs.py",
    "bot/relevance/written_forms.py": "tests/unit/test_written_forms.py",
    "bot/relevance/threading.py": "tests/unit/test_threading.py",
    "bot/relevance/weights.py": "tests/unit/test_ranking.py",
}
