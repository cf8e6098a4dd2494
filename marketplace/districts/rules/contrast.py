"""Whether brand colours can be read, and the nearest that can.

Contrast after WCAG 2.2, success criterion 1.4.3 and the definition of relative luminance
(w3.org/TR/WCAG22/#dfn-relative-luminance). The nearest colour keeps hue and chroma and moves the
lightness of OKLCH (B. Ottosson, "A perceptual color space for image processing", 2020).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

# SC 1.4.3 (AA) for text of any size.
NEEDED_CONTRAST = 4.5

# What brand colours meet on our pages (static/css/tokens.css).
WHITE = "#ffffff"
LIGHT_GROUND = "#f6f8f6"
DARK_GROUND = "#111714"
INK = "#16231d"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LIGHTNESS_STEP = 0.001


@dataclass(frozen=True, kw_only=True)
class Readable:
    """What a brand colour has to be readable with."""

    purpose: str
    others: tuple[str, ...]


# Each colour of a brand, with what stands on it or what it stands on.
BRAND_RULES: Mapping[str, Readable] = {
    "brand_light": Readable(
        purpose="weiße Schrift darauf und Links auf hellem Grund", others=(WHITE, LIGHT_GROUND)
    ),
    "brand_dark": Readable(
        purpose="dunkle Schrift darauf und Links auf dunklem Grund", others=(INK, DARK_GROUND)
    ),
    "accent_light": Readable(purpose="dunkle Schrift darauf", others=(INK,)),
    "accent_dark": Readable(purpose="dunkle Schrift darauf", others=(INK,)),
}


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A colour that was refused: the lowest contrast it reaches, and the nearest that passes."""

    colour: str
    contrast: float
    purpose: str
    nearest: str


def is_colour(text: str) -> bool:
    """Tell whether the text is a colour as we store it: `#rrggbb`, lower case."""
    return _COLOUR.fullmatch(text) is not None


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two `#rrggbb` colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lowest_contrast(colour: str, others: tuple[str, ...]) -> float:
    """Give the worst contrast of a colour with several others."""
    return min(contrast(colour, other) for other in others)


def nearest_readable(colour: str, others: tuple[str, ...]) -> str | None:
    """Give the colour of the same hue that reaches 4.5 : 1 with all others and differs least.

    None where no lightness of this hue does: the others then exclude one another.
    """
    lightness, a, b = _to_oklab(colour)
    for step in range(round(1 / _LIGHTNESS_STEP) + 1):
        for candidate_lightness in (
            lightness - step * _LIGHTNESS_STEP,
            lightness + step * _LIGHTNESS_STEP,
        ):
            if 0 <= candidate_lightness <= 1:
                candidate = colour if step == 0 else _from_oklab(candidate_lightness, a, b)
                if lowest_contrast(candidate, others) >= NEEDED_CONTRAST:
                    return candidate
    return None


def check_brand_colour(role: str, colour: str) -> Unreadable | None:
    """Give what is wrong with a colour in its role (a key of BRAND_RULES); None if it passes."""
    rule = BRAND_RULES[role]
    reached = lowest_contrast(colour, rule.others)
    if reached >= NEEDED_CONTRAST:
        return None
    nearest = nearest_readable(colour, rule.others)
    if nearest is None:
        raise ValueError(f"no colour is readable as {role}")
    return Unreadable(colour=colour, contrast=reached, purpose=rule.purpose, nearest=nearest)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encoded(channel: float) -> float:
    clipped = min(1.0, max(0.0, channel))
    return clipped * 12.92 if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklab(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> str:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(_encoded(channel) * 255):02x}" for channel in channels)
