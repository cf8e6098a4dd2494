"""The pages of accounts: these modules hold them."""

from marketplace.accounts.web import account, registration, sign_in
from marketplace.accounts.web.blueprint import blueprint

__all__ = ["account", "blueprint", "registration", "sign_in"]
