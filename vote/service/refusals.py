"""Why a mandate cannot be given, in words."""

from __future__ import annotations

from vote.assembly.proxies import Obstacle
from vote.service.errors import Refusal


def refuse_grant(found: Obstacle, most: int) -> Refusal:
    """:param most: the mandates that the holder may hold"""
    reasons: dict[Obstacle, Refusal] = {
        "self": Refusal("proxy-self", "You cannot give a mandate to yourself."),
        "already-given": Refusal(
            "proxy-already-given",
            "You have already given a mandate. Take it back first to name somebody else.",
        ),
        "already-voted": Refusal(
            "proxy-already-voted",
            "You have voted yourself, so nobody can represent you. You may vote again until the "
            "vote closes.",
        ),
        "grantor-holds": Refusal(
            "proxy-grantor-holds",
            "You represent other members, and mandates cannot be passed on. Decline theirs "
            "first, or vote yourself.",
        ),
        "holder-gives": Refusal(
            "proxy-holder-gives",
            "This member is represented by somebody else and can hold no mandate. Name another "
            "member.",
        ),
        "other-college": Refusal(
            "proxy-other-college",
            "This member belongs to another college, and the rules only allow a member of your "
            "own. Name another member.",
        ),
        "none-allowed": Refusal(
            "proxy-none-allowed",
            "Members of this college cannot hold mandates. Name another member.",
        ),
        "holder-full": Refusal(
            "proxy-holder-full",
            "This member already holds as many mandates as the rules allow ({most}). Name "
            "another member.",
            {"most": most},
        ),
    }
    refusal = reasons[found]
    refusal.status = 409
    return refusal
