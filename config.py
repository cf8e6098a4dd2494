"""The settings of this installation; every variable is explained in docs/operations.md."""

import os

from marketplace.foundation.settings import Settings, settings_from


def load_settings() -> Settings:
    """Read the settings from the process's environment; raises SettingsError."""
    return settings_from(os.environ)
