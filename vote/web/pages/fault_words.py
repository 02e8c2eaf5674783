"""The faults of an assembly's files in the reader's language, by their code.

`vote.assembly` says every fault in an English sentence of its own, with what it found filled in.
These sentences say the same for readers of other languages; where a code is not known here the
English one is shown, marked as English.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vote.service.errors import Fault
from vote.web.languages import SOURCE, current
from vote.web.languages import lazy_gettext as _l

SAYINGS: Final[Mapping[str, Any]] = {
    # the files themselves
    "not-toml": _l("This file is not valid TOML."),
    "not-json": _l("This file is not valid JSON."),
    "not-canonical": _l("This file is not in canonical JSON."),
    "unknown-format": _l("Only format = 1 is known."),
    "encoding": _l("This line is not UTF-8 text. Save the file as UTF-8."),
    "csv": _l("This is not valid CSV: is a quotation mark missing?"),
    "header": _l("The first line must be: %(header)s"),
    "cells": _l("This row has %(cells)s cells, the header has %(columns)s."),
    "unprintable": _l("There is a character here that cannot be shown."),
    # keys and their values
    "missing": _l("“%(key)s” is missing. It has to be decided."),
    "unknown-key": _l("“%(key)s” is not a key that is known here. Known are: %(known)s."),
    "not-a-text": _l("“%(key)s” must be a text on one line, not empty."),
    "bad-id": _l(
        "“%(value)s” cannot be an id: use letters without accents, digits, “-” and “_”, at most 64."
    ),
    "not-a-choice": _l("“%(key)s” must be one of: %(options)s."),
    "not-a-number": _l("“%(key)s” must be a whole number from %(low)s to %(high)s."),
    "not-a-fraction": _l('“%(key)s” must be a fraction from 0 to 1 written as a text, like "1/5".'),
    "not-a-date": _l("“%(key)s” must be a date such as 2012-03-01."),
    "not-a-local-time": _l(
        "“%(key)s” must be a local date and time such as 2025-06-11T10:00:00, without a zone."
    ),
    "not-texts": _l("“%(key)s” must be given in each language."),
    "unknown-language": _l("“%(language)s” is not a language of this assembly."),
    "text-missing": _l("The text “%(key)s” does not exist in the language “%(language)s”."),
    "bad-language": _l('“%(key)s” must list languages such as "fr".'),
    "not-a-table": _l("“%(key)s” must be a table."),
    "not-a-list": _l("“%(key)s” must be a list, not empty."),
    "twice": _l("The same thing stands here twice."),
    # how the parts fit together
    "window": _l("Voting must open before it closes."),
    "timezone": _l('“%(timezone)s” is not a time zone such as "Europe/Brussels".'),
    "share-missing": _l("Either all colleges have a share or none has. Without one: %(colleges)s."),
    "share-zero": _l("A college’s share must be more than 0."),
    "shares-sum": _l("The colleges’ shares must add up to exactly 1; they add up to %(sum)s."),
    "scic-shares": _l("A SCIC has at least three colleges, each with a share from 1/10 to 1/2."),
    "quorum-base": _l("A quorum by colleges needs colleges with shares."),
    "second-quorum": _l('The quorum on a second convocation has to be decided ("0": none).'),
    "no-question": _l("No question stands on the ballot paper “%(ballot)s”."),
    "unknown-ballot": _l("There is no ballot paper “%(ballot)s”."),
    "unknown-college": _l("There is no college “%(college)s”."),
    "no-shares": _l("A majority in each college needs colleges with shares."),
    "threshold": _l("The threshold is larger than the number of trustees."),
    "majority": _l("A majority is either “more_than” or “at_least” a fraction between 0 and 1."),
    "positions": _l("A scale needs three positions or more."),
    "photo": _l("A photograph is a file in the folder “photos/”."),
    "photo-missing": _l("This photograph is not among the files."),
    "photo-too-large": _l("This photograph is larger than 2 MB."),
    "photo-type": _l("This photograph is neither JPEG, PNG nor WebP."),
    "chain": _l("What comes after the lot never applies: end with it."),
    "date-missing": _l("“%(key)s” of “%(candidate)s” is needed to decide between equal scores."),
    "chain-open": _l(
        "Two candidates are equal in everything that the tie-break looks at. Add another "
        'criterion, or "lot" at the end.'
    ),
    "terms": _l("The terms are for %(terms)s seats, the election is for %(seats)s."),
    "quota": _l("A quota needs a “min”, a “max” or both, the minimum not larger than the maximum."),
    "board-missing": _l(
        "A quota over the whole board needs the list of its sitting members; an empty list says: "
        "nobody."
    ),
    "college-missing": _l("The college of “%(candidate)s” is needed for this quota."),
    "quotas-infeasible": _l(
        "No set of candidates can meet these quotas. Change them, or decide with “unmet_quotas” "
        "what happens."
    ),
    "proxies-deadline": _l("Mandates cannot be given after the vote has closed."),
    # the roll
    "no-member": _l("There is nobody on the roll."),
    "empty": _l("“%(column)s” is empty."),
    "too-long": _l("“%(column)s” is too long."),
    "email": _l("This is not an e-mail address."),
    "weight": _l("The weight must be a whole number from 1 to 999999999."),
    "language": _l("“%(language)s” is not a language of this assembly."),
    "college": _l("There is no college “%(college)s”."),
    # allowed, but worth a second look
    "one-trustee": _l("A single trustee can decrypt: have at least two come together."),
    "all-trustees": _l(
        "%(threshold)s of %(count)s trustees are not enough yet: to open the ballot box, all "
        "%(count)s must decrypt. If one of them loses the key, there is no result."
    ),
    "early-opening": _l("Voting opens more than 15 days ahead of the meeting."),
    "short-notice": _l("The notice is shorter than %(days)s days: do the statutes allow it?"),
    "clock-change": _l("The clocks change at this time: it comes twice that day, or never."),
    "outside-window": _l("The paper “%(ballot)s” is open at times when the assembly is not."),
    "no-effect": _l("“%(key)s” has no effect in this assembly."),
    "few-candidates": _l("%(candidates)s candidates for %(seats)s seats: some will stay vacant."),
    "many-choices": _l("Members may choose %(max_choices)s names for %(seats)s seats."),
    "unmet-quotas": _l(
        "If too few candidates reach the majority to meet the quotas, seats stay vacant. Decide "
        "with “unmet_quotas” whether that is what you want."
    ),
    "no-gender": _l("“%(candidate)s” counts for no quota by gender."),
    "empty-college": _l("The college “%(college)s” has no member."),
    "no-email": _l("%(members)s members have no e-mail address: they need a letter."),
    "shared-email": _l(
        "%(members)s members share an e-mail address: whoever reads it gets all their codes."
    ),
    "quorum-out-of-reach": _l("The quorum of “%(ballot)s” cannot be reached."),
    "small-college": _l("“%(college)s” has %(members)s members: its sums may show how they voted."),
    "no-holder": _l("No member of the college “%(college)s” can hold a mandate."),
    "heavy-member": _l(
        "One member of “%(college)s” outweighs all the others: the sums show that vote."
    ),
}


def say(fault: Fault) -> tuple[str, str]:
    """(language, sentence) for the reader; the fault's own English sentence where it must be."""
    saying = SAYINGS.get(fault.code)
    if current() == SOURCE or saying is None:
        return SOURCE, fault.message
    values = {"key": fault.where.rsplit(".", 1)[-1], **fault.params}
    try:
        return current(), str(saying) % values
    except (KeyError, ValueError):
        return SOURCE, fault.message
