"""What every answer carries so that browsers protect its readers."""

from __future__ import annotations

from flask import Flask, Response, abort, request

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.before_request(_refuse_nul)
    app.after_request(_protect)


def _refuse_nul() -> None:
    """No name of ours has a NUL, and PostgreSQL takes none."""
    if "\0" in request.path:
        abort(404)


def is_https() -> bool:
    return request.is_secure


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if is_https():
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if not response.cache_control and request.endpoint != "static":
        response.cache_control.no_store = True
    return response


def for_ever(response: Response) -> Response:
    """What is named by its hash, or never changes, may be cached for ever."""
    response.cache_control.public = True
    response.cache_control.max_age = YEAR
    response.cache_control.immutable = True
    return response


def public(response: Response, seconds: int = 0) -> Response:
    """Public and changing: to be asked for again after `seconds`."""
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    return response
