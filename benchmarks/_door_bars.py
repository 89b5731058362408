"""The bars of `chaos --doors`."""

from typing import Any

from benchmarks._bars import Bar, at_least, at_most


def door_bars(found: dict[str, Any]) -> list[Bar]:
    """Return what must hold of the other doors."""
    heard = found["doors_heard"]
    note = f"failed {heard['failed']}, no answer {heard['none']}"
    again = f"{found['smpp_receipts_again']} of them again"
    return [
        at_least("SMPP: answered ESME_ROK", found["smpp_pdus_ok"], "PDUs", found["smpp_pdus"]),
        at_most("SMPP: ESME_ROK, and not stored", len(found["smpp_ok_not_stored"]), "PDUs", 0),
        at_most(
            "SMPP: ESME_ROK, and left without its text",
            found["smpp_segments_waiting"],
            "PDUs",
            0,
        ),
        at_least(
            "Twilio: answered 201", found["twilio_ok"], "messages", found["twilio_messages"], note
        ),
        at_most("Twilio: 201, and not stored", len(found["twilio_ok_not_stored"]), "messages", 0),
        at_most("Twilio: one key, two messages", len(found["twilio_answers_differ"]), "keys", 0),
        at_least(
            "Verify: codes approved", found["verify_approved"], "codes", found["verify_codes"]
        ),
        at_most("doors: refused", len(found["doors_refused"]), "numbers", 0),
        at_most("doors: accepted, and lost", len(found["doors_lost"]), "numbers", 0),
        at_most("doors: sent twice by us", len(found["doors_twice"]), "numbers", 0),
        at_most(
            "doors: stored more often than can be asked",
            len(found["doors_stored_too_often"]),
            "numbers",
            0,
            f"{found['doors_unknown_stored_again']} again after no answer",
        ),
        at_most(
            "SMPP: receipts owed, and never heard",
            len(found["smpp_receipts_missing"]),
            "receipts",
            0,
            f"of {found['smpp_receipts_owed']}, {again}",
        ),
    ]
