"""How often one visitor may do what costs us or others."""

import ipaddress

from flask import Flask, request
from flask_limiter import Limiter

from marketplace.foundation.settings import Settings
from marketplace.foundation.web.request_scope import current_scope, current_services


def _visitor() -> str:
    """Name the visitor: district and address, an IPv6 address by its /64 network."""
    address = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    if address.version == 6:
        network = ipaddress.ip_network((address, 64), strict=False)
        return f"{current_scope().district_id} {network}"
    return f"{current_scope().district_id} {address}"


limiter = Limiter(key_func=_visitor, headers_enabled=True, strategy="moving-window")


def at_most(count: int, minutes: int) -> str:
    """Give a limit in the limiter's words, scaled outside production for load tests."""
    scaled = max(1, round(count * current_services().settings.rate_limit_scale))
    return f"{scaled} per {minutes} minutes"


def init_rate_limits(app: Flask, settings: Settings) -> None:
    """Count in this process, or in Redis where several processes serve."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    limiter.init_app(app)
