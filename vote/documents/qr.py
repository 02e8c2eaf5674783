"""A QR code for paper."""

from __future__ import annotations

import io

import segno


def svg(address: str) -> bytes:
    """A drawing without a margin of its own: the page leaves it white around."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", border=0, dark="#1b2331")
    return buffer.getvalue()
