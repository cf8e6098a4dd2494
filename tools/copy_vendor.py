"""Copy the front-end files that pages need from node_modules into static/vendor/.

Only what is declared here is copied, each part with its licence. A file that is missing ends the
copying: a new release may have moved it.
"""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

# Package, licence, and each file with the place it goes to below static/vendor/.
PARTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "@kern-ux/native",
        "EUPL-1.2",
        {
            "dist/kern.min.css": "kern/kern.min.css",
            "LICENSE.md": "kern/LICENSE.md",
            "dist/fonts/fira-sans/FiraSans-Regular.woff2": "kern/fonts/FiraSans-Regular.woff2",
            "dist/fonts/fira-sans/FiraSans-Medium.woff2": "kern/fonts/FiraSans-Medium.woff2",
            "dist/fonts/fira-sans/FiraSans-SemiBold.woff2": "kern/fonts/FiraSans-SemiBold.woff2",
        },
    ),
    (
        "@fontsource/fira-sans",
        "OFL-1.1",
        # KERN ships Fira Sans without its licence; this package has the text.
        {"LICENSE": "kern/fonts/OFL.txt"},
    ),
    (
        "leaflet",
        "BSD-2-Clause",
        {
            "dist/leaflet-src.esm.js": "leaflet/leaflet.js",
            "dist/leaflet.css": "leaflet/leaflet.css",
            "LICENSE": "leaflet/LICENSE",
        },
    ),
)


def copy_parts() -> list[dict[str, str]]:
    """Copy everything; gives name, version and licence of each part."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    copied = []
    for package, licence, files in PARTS:
        folder = MODULES / package
        manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        for source, target in files.items():
            if not (folder / source).is_file():
                sys.exit(f"{package} {manifest['version']} has no {source}")
            (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / source, VENDOR / target)
        copied.append({"name": package, "version": manifest["version"], "licence": licence})
    return copied


if __name__ == "__main__":
    parts = copy_parts()
    # The type checker reads the types of the package for the copy.
    (VENDOR / "leaflet" / "leaflet.d.ts").write_text('export * from "leaflet";\n', encoding="utf-8")
    (VENDOR / "versions.json").write_text(json.dumps(parts, indent=2) + "\n", encoding="utf-8")
    print(f"{len(parts)} parts copied to static/vendor")
