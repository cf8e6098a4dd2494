"""Turn what people write into safe HTML: the only output that templates may mark as safe."""

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    *(
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "a",
        "br",
        "hr",
        "blockquote",
        "code",
    ),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def html_from_markdown(text: str) -> str:
    """Give HTML without scripts, styles, pictures or headings of the first level."""
    rendered = _markdown.render(text)
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
