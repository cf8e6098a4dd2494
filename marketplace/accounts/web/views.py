"""The pages of accounts: these modules hold them."""

from marketplace.accounts.web import (
    account,
    language,
    new_address,
    registration,
    sign_in,
    sites,
    unsubscribe,
)
from marketplace.accounts.web.blueprint import blueprint
from marketplace.accounts.web.language import choose_language
from marketplace.accounts.web.unsubscribe import unsubscribe_with_link

__all__ = [
    "account",
    "blueprint",
    "choose_language",
    "language",
    "new_address",
    "registration",
    "sign_in",
    "sites",
    "unsubscribe",
    "unsubscribe_with_link",
]
