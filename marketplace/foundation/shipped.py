"""Where the files lie that are shipped beside the package or inside an installed one."""

from pathlib import Path


def find_folder(name: str) -> Path:
    """Find templates, static or migrations: beside the package, or inside an installed one."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / name, package / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(name)
