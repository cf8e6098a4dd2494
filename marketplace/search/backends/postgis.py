"""The engine for installations that outgrow memory: PostgreSQL with PostGIS answers.

Each answer is one statement, or two where the index walks to the nearest: candidates are what
meets words, time and place; they are counted by what the facets count, and the page is cut from
those that meet the facets' filters too.

Indexes (migrations): `ix_search_entry_earth` for circles and nearest first, in three dimensions so
that it knows chords; `_map` for boxes and areas; `_lexemes` and `_spellings` for words; `_counts`
for figures over the whole district; `_newest`; `_nowhere`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from marketplace.foundation.database.tenancy import district_rows
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point, earth_centred, geodesic_metres
from marketplace.search.interfaces import (
    MOST_PINS,
    Facet,
    Found,
    Outside,
    Placed,
    SearchDocument,
    SearchRequest,
    Sort,
)
from marketplace.search.queries import documents_by_id
from marketplace.search.rules.areas import LONGEST_BULGE_METRES
from marketplace.search.rules.ranking import HALFWAY_METRES, NEARNESS_WITHOUT_PLACE
from marketplace.search.rules.word_query import SAME, Beginning, InARow, OneWord, Part, WordQuery

# The index keeps boxes in 32 bits: at the earth's surface they are off by less than this.
_INDEX_ERROR_METRES = 3.0
# Nearest first by the index reads so many more than it needs, to order ties exactly.
_OVERSCAN = 40
# From so many hits on the index walks to the page faster than a sort finds it.
_MANY = 1_000

_ENTRIES = "search_entry_of_district"
_SQUARED = "(x - %(ox)s) * (x - %(ox)s) + (y - %(oy)s) * (y - %(oy)s) + (z - %(oz)s) * (z - %(oz)s)"
_EARTH, _MAP = "ST_MakePoint(x, y, z)", "ST_MakePoint(lon, lat)"
_ORIGIN = "ST_MakePoint(%(ox)s, %(oy)s, %(oz)s)"
_COUNTED = {Facet.KIND: "kind", Facet.CATEGORY: "category", Facet.TERMS: "terms_mode"}


@dataclass
class _Sql:
    """The parts of a statement, and the values of its parameters."""

    common: list[str] = field(default_factory=list)
    place: list[str] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)  # by facet or question
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def facets(self) -> list[str]:
        """What facets leave out one by one."""
        return [*self.filters.values()]

    def but(self, name: str) -> str:
        """Write all filters but one."""
        kept = [condition for each, condition in self.filters.items() if each != name]
        return " AND ".join(kept) or "true"

    def value(self, value: Any) -> str:  # noqa: ANN401 (whatever the driver takes)
        """Add a parameter and give how the statement writes it."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


class PostgisBackend:
    """Asks the database every time."""

    def find(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Found:
        """Answer one page."""
        sql = _sql(request, query)
        if _may_walk(request, query, sql):
            figures = _figures(_row(work, _whole(request, query, sql, [], with_page=False), sql))
            if figures.total >= _MANY:
                figures = replace(figures, page=_nearest(work, request, sql, request.limit + 1))
            else:
                figures = _together(work, request, query, sql)
        else:
            figures = _together(work, request, query, sql)
        page = figures.page[: request.limit]
        more = len(figures.page) > request.limit
        return Found(
            listing_ids=tuple(listing_id for _, listing_id in page),
            last_key=((page[-1][0],), page[-1][1]) if more else None,
            total=figures.total,
            facets=figures.facets,
            choices=figures.choices,
            outside=_outside(work, request, query) if request.with_outside else None,
            without_place=figures.without_place,
        )

    def placed(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Placed:
        """Give the whole answer for the map."""
        sql = _sql(request, query)
        where = _where([*sql.common, *_settled(work, request, sql), *sql.facets, "lat IS NOT NULL"])
        rows = _rows(
            work,
            f"SELECT listing_id, count(*) OVER () FROM {_ENTRIES} WHERE {where} "
            f'ORDER BY {_key(request, query, sql)}, listing_id COLLATE "C" LIMIT {MOST_PINS}',
            sql,
        )
        return Placed(tuple(ListingId(row[0]) for row in rows), int(rows[0][1]) if rows else 0)

    def known(self, work: UnitOfWork, lexemes: Collection[str]) -> set[str]:
        """Give those of the lexemes that any document has."""
        sql = _Sql()
        wanted = sql.value([*lexemes])
        where = _where(["lexemes ?| ARRAY[lexeme]"])
        rows = _rows(
            work,
            f"SELECT lexeme FROM unnest({wanted}::text[]) AS lexeme "
            f"WHERE EXISTS (SELECT FROM {_ENTRIES} WHERE {where})",
            sql,
        )
        return {str(lexeme) for (lexeme,) in rows}

    def documents(
        self, work: UnitOfWork, listing_ids: Collection[ListingId]
    ) -> Mapping[ListingId, SearchDocument]:
        """Give those of the documents that are there."""
        return documents_by_id(work, listing_ids)


@dataclass(frozen=True, kw_only=True)
class _Figures:
    """What one statement answers."""

    page: list[tuple[float, ListingId]]  # keys and ids, one more than a page has if there are more
    total: int
    facets: dict[Facet, dict[str, int]]
    choices: dict[str, int]
    without_place: int
    edge: list[tuple[str, float, float]]  # ids and places at the edge of the radius


def statements(request: SearchRequest, query: WordQuery) -> list[tuple[str, dict[str, Any]]]:
    """Give what is asked for a page of hits, for the benchmark that prints the plans."""
    sql = _sql(request, query)
    if _may_walk(request, query, sql):
        whole = _whole(request, query, sql, [], with_page=False)
        walk = _walk(request, sql, request.limit + 1 + _OVERSCAN)
        return [(whole, sql.values), (walk, sql.values)]
    return [(_whole(request, query, sql, [*sql.place]), sql.values)]


def _may_walk(request: SearchRequest, query: WordQuery, sql: _Sql) -> bool:
    """Tell whether the page may come from the index that knows the nearest."""
    return (
        request.order is Sort.DISTANCE
        and not query.wanted
        and not sql.place
        and not request.without_place
        and request.after is None
    )


def _together(work: UnitOfWork, request: SearchRequest, query: WordQuery, sql: _Sql) -> _Figures:
    figures = _figures(_row(work, _whole(request, query, sql, sql.place), sql))
    outside = _beyond(request, figures.edge)
    if outside:  # the geodesic says so, which is asked only at the very edge of the radius
        place = [*sql.place, f"listing_id <> ALL({sql.value(outside)})"]
        figures = _figures(_row(work, _whole(request, query, sql, place), sql))
    return figures


def _row(work: UnitOfWork, statement: str, sql: _Sql) -> tuple[Any, ...]:
    (row,) = _rows(work, statement, sql)
    return row


def _figures(row: tuple[Any, ...]) -> _Figures:
    page, total, kinds, categories, modes, choices, without_place, edge = row
    return _Figures(
        page=[(float(key), ListingId(listing_id)) for listing_id, key in page or []],
        total=total,
        facets={
            Facet.KIND: kinds or {},
            Facet.CATEGORY: categories or {},
            Facet.TERMS: modes or {},
        },
        choices=choices or {},
        without_place=without_place,
        edge=[(listing_id, lat, lon) for listing_id, lat, lon in edge or []],
    )


def _beyond(request: SearchRequest, edge: Iterable[tuple[str, float, float]]) -> list[str]:
    """Give those at the edge of the radius that lie outside."""
    origin, radius = request.origin, request.radius_metres
    if origin is None or radius is None:
        return []
    return [
        listing_id
        for listing_id, lat, lon in edge
        if geodesic_metres(origin, Point(lat, lon)) > radius
    ]


def _whole(
    request: SearchRequest,
    query: WordQuery,
    sql: _Sql,
    place: list[str],
    *,
    with_page: bool = True,
) -> str:
    """Write the statement that gives everything that _Figures has, in its order."""
    columns, edge, page = ["kind", "category", "terms_mode", "choices"], "NULL", "NULL"
    if request.radius_metres is not None and sql.place:
        least = sql.value(max(0.0, request.radius_metres - LONGEST_BULGE_METRES) ** 2)
        columns += ["lat", "lon", f"{_SQUARED} AS squared"]
        edge = (
            "(SELECT json_agg(json_build_array(listing_id, lat, lon)) FROM candidates "
            f"WHERE squared >= {least})"
        )
    if with_page:
        columns += ["listing_id", f"{_key(request, query, sql)} AS key"]
        page = _page(request, sql)
    nowhere = _where([*sql.common, *sql.facets, "lat IS NULL"])
    return (
        f"WITH candidates AS MATERIALIZED (SELECT {', '.join(columns)} FROM {_ENTRIES} "
        f"WHERE {_where([*sql.common, *place])}) SELECT {page}, "
        f"(SELECT count(*) FROM candidates WHERE {sql.but('')}), "
        f"{', '.join(_counted(facet, column, sql) for facet, column in _COUNTED.items())}, "
        f"{_choices(request, sql)}, "
        f"(SELECT count(*) FROM {_ENTRIES} WHERE {nowhere}), {edge}"
    )


def _page(request: SearchRequest, sql: _Sql) -> str:
    after = "true"
    if request.after is not None:
        (value, *_), listing_id = request.after
        key = f"({sql.value(value)}::float8, {sql.value(listing_id)})"
        after = f'(key, listing_id COLLATE "C") > {key}'
    return (
        '(SELECT json_agg(json_build_array(listing_id, key) ORDER BY key, listing_id COLLATE "C") '
        f"FROM (SELECT listing_id, key FROM candidates WHERE {sql.but('')} AND {after} "
        f'ORDER BY key, listing_id COLLATE "C" LIMIT {request.limit + 1}) AS page)'
    )


def _counted(facet: Facet, column: str, sql: _Sql) -> str:
    """Write how many candidates have each value, without the facet's own filter."""
    return (
        f"(SELECT json_object_agg({column}, n) FROM (SELECT {column}, count(*) AS n "
        f"FROM candidates WHERE {sql.but(facet)} AND {column} IS NOT NULL GROUP BY {column}) AS c)"
    )


def _choices(request: SearchRequest, sql: _Sql) -> str:
    """Write how many candidates give each answer, each question without its own filter."""
    own = [
        f"WHEN split_part(choice, '=', 1) = {sql.value(question)} "
        f"THEN {sql.but(_question(question))}"
        for question in request.choices_by_question()
    ]
    condition = f"CASE {' '.join(own)} ELSE {sql.but('')} END" if own else sql.but("")
    return (
        "(SELECT json_object_agg(choice, n) FROM (SELECT choice, count(*) AS n "
        "FROM candidates, jsonb_array_elements_text(choices) AS choice "
        f"WHERE {condition} GROUP BY choice) AS c)"
    )


def _nearest(
    work: UnitOfWork, request: SearchRequest, sql: _Sql, count: int
) -> list[tuple[float, ListingId]]:
    """Walk the index, then order exactly; walk farther while a tie may lie beyond the end."""
    walked = count + _OVERSCAN
    while True:
        found = [
            (float(key), ListingId(listing_id))
            for listing_id, key in _rows(work, _walk(request, sql, walked), sql)
        ]
        found.sort()
        if len(found) < walked:
            break  # that is all there is
        if found[-1][0] ** 0.5 - found[count - 1][0] ** 0.5 > 2 * _INDEX_ERROR_METRES:
            break
        walked *= 4
    return found[:count]


def _walk(request: SearchRequest, sql: _Sql, count: int) -> str:
    _give_origin(request, sql)
    where = _where([*sql.common, *sql.facets, "x IS NOT NULL"])
    return (
        f"SELECT listing_id, {_SQUARED} FROM {_ENTRIES} WHERE {where} "
        f"ORDER BY {_EARTH} <<->> {_ORIGIN} LIMIT {count}"
    )


def _settled(work: UnitOfWork, request: SearchRequest, sql: _Sql) -> list[str]:
    """Give the filter by place with the edge of the radius settled by the geodesic."""
    if request.radius_metres is None or request.origin is None or not sql.place:
        return sql.place
    inner = max(0.0, request.radius_metres - LONGEST_BULGE_METRES) ** 2
    edge = _where([*sql.common, *sql.place, f"{_SQUARED} >= {sql.value(inner)}"])
    rows = _rows(work, f"SELECT listing_id, lat, lon FROM {_ENTRIES} WHERE {edge}", sql)
    outside = _beyond(request, rows)
    return [*sql.place, *([f"listing_id <> ALL({sql.value(outside)})"] if outside else [])]


def _outside(work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Outside | None:
    """Count what meets everything but the radius, and find the nearest of it."""
    radius, origin = request.radius_metres, request.origin
    if radius is None or origin is None or request.without_place:
        return None
    sql = _sql(replace(request, radius_metres=None, cursor=None), query)
    _give_origin(request, sql)
    inside = _sql(request, query)
    settled = _settled(work, request, inside)
    inside_where = _where([*inside.common, *settled, *inside.facets])
    ((within,),) = _rows(work, f"SELECT count(*) FROM {_ENTRIES} WHERE {inside_where}", inside)
    everywhere = [*sql.common, *sql.place, *sql.facets, "x IS NOT NULL"]
    ((total,),) = _rows(work, f"SELECT count(*) FROM {_ENTRIES} WHERE {_where(everywhere)}", sql)
    if total == within:
        return None
    inner = sql.value(max(0.0, radius - LONGEST_BULGE_METRES) ** 2)
    sql.common = [*everywhere, f"{_SQUARED} >= {inner}"]
    sql.place, sql.filters = [], {}
    count = 2
    while True:
        found = _rows(
            work,
            f"SELECT listing_id, {_SQUARED}, lat, lon FROM {_ENTRIES} "
            f"WHERE {_where(sql.common)} ORDER BY {_EARTH} <<->> {_ORIGIN} LIMIT {count}",
            sql,
        )
        beyond = sorted(
            (key, listing_id)
            for listing_id, key, lat, lon in found
            if geodesic_metres(origin, Point(lat, lon)) > radius
        )
        farthest = max(row[1] for row in found) ** 0.5
        is_all = len(found) < count
        if beyond and (is_all or farthest - beyond[0][0] ** 0.5 > 2 * _INDEX_ERROR_METRES):
            return Outside(int(total - within), ListingId(beyond[0][1]))
        if is_all:
            return None
        count *= 8


def _sql(request: SearchRequest, query: WordQuery) -> _Sql:
    sql = _Sql()
    sql.common = [
        f"direction = {sql.value(request.direction)}",
        f"valid_until > {sql.value(request.now)}",
        *(_finds(part, sql) for part in query.wanted),
        *(f"NOT ({_finds(part, sql)})" for part in query.unwanted),
        *_common_conditions(request, sql),
    ]
    sql.filters = dict(_filters(request, sql))
    if not request.without_place:
        sql.place = [*_place_conditions(request, sql)]
    return sql


def _finds(part: Part, sql: _Sql) -> str:
    match part:
        case OneWord(lexemes=lexemes):
            return f"lexemes ?| {sql.value([lexeme for lexeme, _ in lexemes])}"
        case InARow(terms=terms, needle=needle):
            return (
                f"(lexemes ?& {sql.value(list(terms))} AND "
                f"strpos(sequence, {sql.value(needle)}) > 0)"
            )
        case Beginning(spelling=spelling):
            quoted = spelling.replace("\\", "\\\\").replace("'", "''")
            prefix = f"'{quoted}':*"
            return f"search_spellings(lexemes) @@ {sql.value(prefix)}::tsquery"


def _counts(part: Part, sql: _Sql) -> str:
    """Write what a part counts in a document that has it."""
    match part:
        case OneWord(lexemes=lexemes):
            weights = (
                f"coalesce((lexemes ->> {sql.value(lexeme)})::int, 0) * {count}"
                for lexeme, count in lexemes
            )
            return f"greatest({', '.join(weights)})"
        case InARow(terms=terms):
            weights = (f"(lexemes ->> {sql.value(term)})::int" for term in terms)
            return f"{SAME} * least({', '.join(weights)})"
        case Beginning(lexeme=start):
            return (
                f"{SAME} * (SELECT max(weight::int) FROM jsonb_each_text(lexemes) "
                f"AS one(lexeme, weight) WHERE starts_with(lexeme, {sql.value(start)}))"
            )


def _common_conditions(request: SearchRequest, sql: _Sql) -> Iterator[str]:
    if request.organisation_id is not None:
        yield f"organisation_id = {sql.value(request.organisation_id)}"
    if request.without_place:
        yield "lat IS NULL"
    level = request.quantity or 1
    if request.period is not None:
        start, end = request.period.start, request.period.end
        yield f"free_times @> tstzrange({sql.value(start)}, {sql.value(end)})"
    if request.quantity is not None:
        bounds = {
            "level": level,
            "start": request.period.start.timestamp() if request.period else 2.0**40,
            "end": request.period.end.timestamp() if request.period else -(2.0**40),
        }
        path = "strict $[*] ? (@[0] >= $level && @[1] <= $start && @[2] >= $end)"
        yield (
            f"jsonb_path_exists(stretches, {sql.value(path)}::jsonpath, "
            f"{sql.value(orjson.dumps(bounds).decode())}::jsonb)"
        )


def _filters(request: SearchRequest, sql: _Sql) -> Iterator[tuple[str, str]]:
    if request.kinds:
        yield Facet.KIND, f"kind = ANY({sql.value(sorted(request.kinds))})"
    if request.category is not None:
        category = sql.value(request.category)
        yield (
            Facet.CATEGORY,
            f"(category = {category} OR starts_with(category, {category} || '.')) IS TRUE",
        )
    if request.terms:
        yield Facet.TERMS, f"(terms_mode = ANY({sql.value(sorted(request.terms))})) IS TRUE"
    for question, answers in request.choices_by_question().items():
        yield _question(question), f"choices ?| {sql.value(sorted(answers))}"


def _question(question: str) -> str:
    return f"choice {question}"


def _place_conditions(request: SearchRequest, sql: _Sql) -> Iterator[str]:
    if request.radius_metres is not None and request.origin is not None:
        _give_origin(request, sql)
        reach = request.radius_metres + LONGEST_BULGE_METRES
        corners = []
        for sign in (-1, 1):
            corner = [sql.value(metres + sign * reach) for metres in earth_centred(request.origin)]
            corners.append(f"ST_MakePoint({', '.join(corner)})")
        yield f"{_EARTH} &&& ST_MakeLine({corners[0]}, {corners[1]})"
        yield f"{_SQUARED} <= {sql.value(reach**2)}"
    if request.bbox is not None:
        box = request.bbox
        west, south, east, north = (
            sql.value(edge) for edge in (box.west, box.south, box.east, box.north)
        )
        yield f"{_MAP} && ST_MakeEnvelope({west}, {south}, {east}, {north})"
        yield f"lon BETWEEN {west} AND {east} AND lat BETWEEN {south} AND {north}"
    if request.area is not None:
        yield f"ST_Intersects(ST_GeomFromWKB({sql.value(request.area.to_wkb())}), {_MAP})"


def _key(request: SearchRequest, query: WordQuery, sql: _Sql) -> str:
    """Write what the answer is ordered by, smallest first."""
    if request.origin is not None:
        _give_origin(request, sql)
    match request.order:
        case Sort.NEWEST:
            return "-extract(epoch FROM published_at)::float8"
        case Sort.DISTANCE:
            return f"coalesce({_SQUARED}, 'Infinity'::float8)"
        case Sort.RELEVANCE:
            words = " + ".join(_counts(part, sql) for part in query.wanted) or "1"
            near = "1::float8"
            if request.origin is not None:
                halfway = f"{HALFWAY_METRES!r}::float8"
                near = (
                    f"coalesce({halfway} / ({halfway} + sqrt({_SQUARED})), "
                    f"{NEARNESS_WITHOUT_PLACE!r}::float8)"
                )
            return f"-(({words})::float8 * freshness * {near})"


def _give_origin(request: SearchRequest, sql: _Sql) -> None:
    if request.origin is not None:
        sql.values.update(zip(("ox", "oy", "oz"), earth_centred(request.origin), strict=True))


def _where(conditions: Iterable[str]) -> str:
    return " AND ".join(["district_id = %(district_id)s", *conditions])


def _rows(work: UnitOfWork, statement: str, sql: _Sql) -> list[tuple[Any, ...]]:
    return district_rows(work.session, statement, sql.values)
