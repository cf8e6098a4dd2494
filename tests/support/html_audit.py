"""What holds for every HTML page, whichever test opens it."""

from tests.support.browser import Page

_LABELLED_TYPES = frozenset(
    {
        *("text", "email", "password", "search", "number", "date", "file", "tel", "url"),
        *("checkbox", "radio"),
    }
)


def audit_page(page: Page) -> None:
    """Fail unless the page is valid, has one h1, unique ids, labels and no inline code."""
    problems = [
        *page.markup_problems,
        *_heading_problems(page),
        *_id_problems(page),
        *_label_problems(page),
        *_inline_problems(page),
    ]
    assert not problems, f"{page.path}: " + "; ".join(problems)


def _heading_problems(page: Page) -> list[str]:
    count = len(page.all("h1"))
    return [] if count == 1 else [f"{count} headings of the first level"]


def _id_problems(page: Page) -> list[str]:
    ids = [element.get("id") for element in page.tree.iter() if element.get("id")]
    return [f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1}]


def _label_problems(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("label")}
    wrapped = {id(inner) for label in page.all("label") for inner in label.iter()}
    fields = [
        field
        for tag in ("input", "select", "textarea")
        for field in page.all(tag)
        if tag != "input" or (field.get("type") or "text") in _LABELLED_TYPES
    ]
    return [
        f"field {field.get('name')} has no label"
        for field in fields
        if field.get("id") not in labelled
        and id(field) not in wrapped
        and not field.get("aria-label")
        and not field.get("aria-labelledby")
    ]


def _inline_problems(page: Page) -> list[str]:
    problems = []
    for element in page.tree.iter():
        tag = str(element.tag)
        if tag.endswith("}style") or element.get("style") is not None:
            problems.append("inline style")
        is_data = element.get("type") == "application/json"
        if tag.endswith("}script") and element.get("src") is None and not is_data:
            problems.append("inline script")
        problems += [f"handler {name}" for name in element.attrib if str(name).startswith("on")]
    return problems
