"""Headers that every answer carries, errors and static files included."""

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    )
)
_PERMISSIONS_POLICY = (
    "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})


def init_security_headers(app: Flask, *, insecure_http: bool) -> None:
    """Add the headers of security.md 5.1 and refuse writes that another site sends."""

    @app.before_request
    def refuse_other_sites() -> None:
        # Besides the CSRF token: the browser itself says where a request comes from.
        site = request.headers.get("Sec-Fetch-Site")
        if request.method not in _SAFE_METHODS and site and site not in _OWN_SITE:
            raise Forbidden("This request comes from another site.")

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        if not insecure_http:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers["Permissions-Policy"] = _PERMISSIONS_POLICY
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        # What other sites may show says so itself.
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers["X-Frame-Options"] = "DENY"
        headers.setdefault("Cache-Control", "no-store")
        return response
