"""The pages of effects and thanks: these modules hold them."""

from marketplace.impact.web import badges, choices, deals, factors, figures, sheet, thanks
from marketplace.impact.web.blueprint import blueprint

__all__ = ["badges", "blueprint", "choices", "deals", "factors", "figures", "sheet", "thanks"]
