"""All kinds of resources: the KIND of every module in this folder."""

import importlib
import pkgutil

from marketplace.listings.resource_kind import ResourceKind


def _collected() -> dict[str, ResourceKind]:
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    kinds = [importlib.import_module(f"{__name__}.{name}").KIND for name in modules]
    return {kind.key: kind for kind in sorted(kinds, key=lambda kind: (kind.order, kind.key))}


KINDS = _collected()
