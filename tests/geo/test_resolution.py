"""The order in which postcode and names decide, over a handful of invented places."""

from dataclasses import dataclass

import pytest

from marketplace.geo.rules.answers import Ambiguous, Answer, Found, Precision, Unknown
from marketplace.geo.rules.places import PlaceKind
from marketplace.geo.rules.points import Point
from marketplace.geo.rules.resolution import resolve
from tests.geo.small_gazetteer import SmallGazetteer, point_at, postcode, town, village

FAR = point_at(east_km=200)


@dataclass(frozen=True)
class Around:
    """An area around a point, for preferring what lies in it."""

    centre: Point

    def contains(self, point: Point) -> bool:
        """Say whether the point is near the centre."""
        return abs(point.lat - self.centre.lat) < 0.1 and abs(point.lon - self.centre.lon) < 0.1


def labels(answer: Answer) -> list[str]:
    assert isinstance(answer, Ambiguous), answer
    return [choice.label for choice in answer.choices]


def found(answer: Answer) -> Found:
    assert isinstance(answer, Found), answer
    return answer


def test_coordinates_are_taken_as_they_stand() -> None:
    answer = found(resolve("52.1418, 12.5927", SmallGazetteer([])))

    assert (answer.point, answer.precision) == (Point(52.1418, 12.5927), Precision.ADDRESS)


@pytest.mark.parametrize("text", ["", "   ", "?!", "Nirgendwo", "99999 Nirgendwo"])
def test_what_is_known_nowhere_is_unknown(text: str) -> None:
    gazetteer = SmallGazetteer([town("Adorf", ags="12001001")])

    assert resolve(text, gazetteer) == Unknown()


def test_a_postcode_alone_gives_the_middle_of_its_area() -> None:
    area = postcode("14000", point_at(east_km=3), serves=["12001001"], label="14000 Adorf")

    answer = found(resolve("14000", SmallGazetteer([], [area])))

    assert answer.point == area.point
    assert (answer.label, answer.precision) == ("14000 Adorf", Precision.POSTCODE)
    assert (answer.postcode, answer.district_ags) == ("14000", "12001")


def test_a_place_near_its_postcode_goes_before_the_middle_of_the_postcode() -> None:
    area = postcode("14000", point_at(east_km=10), serves=["12001001"])
    adorf = town("Adorf", ags="12001001")

    answer = found(resolve("14000 Adorf", SmallGazetteer([adorf], [area])))

    assert (answer.point, answer.precision) == (adorf.point, Precision.PLACE)
    assert (answer.label, answer.postcode) == ("14000 Adorf", "14000")


def test_the_namesake_near_the_postcode_is_meant() -> None:
    area = postcode("14000", serves=["12001001"])
    near = town("Adorf", ags="12001001")
    far = town("Adorf", FAR, ags="14001001", population=90_000)

    answer = found(resolve("14000 Adorf", SmallGazetteer([far, near], [area])))

    assert answer.point == near.point


def test_a_place_in_a_municipality_of_the_postcode_goes_before_a_nearer_one() -> None:
    area = postcode("14000", serves=["12001001"])
    served = village("Bach", point_at(east_km=9), ags="12001001", part_of="Adorf")
    nearer = village("Bach", point_at(east_km=2), ags="12001002", part_of="Cedorf")

    answer = found(resolve("14000 Bach", SmallGazetteer([nearer, served], [area])))

    assert answer.point == served.point


def test_a_misspelt_place_near_its_postcode_is_found_as_a_guess() -> None:
    area = postcode("14000", serves=["12001001"])
    near = town("Kleinmühle", ags="12001001")

    answer = found(resolve("14000 Kleinmühl", SmallGazetteer([near], [area])))

    assert (answer.point, answer.is_guess) == (near.point, True)


def test_a_village_that_nobody_knows_is_placed_by_its_postcode_as_a_guess() -> None:
    area = postcode("14000", serves=["12001001"], label="14000 Adorf")

    answer = found(resolve("14000 Xanten-Yburg", SmallGazetteer([], [area])))

    assert (answer.label, answer.precision, answer.is_guess) == (
        "14000 Adorf",
        Precision.POSTCODE,
        True,
    )


def test_a_village_named_like_a_small_place_elsewhere_is_placed_by_its_postcode() -> None:
    area = postcode("14000", serves=["12001001"], label="14000 Adorf")
    elsewhere = town("Neudorf", FAR, ags="14001001", population=400)

    answer = found(resolve("14000 Neudorf", SmallGazetteer([elsewhere], [area])))

    assert (answer.point, answer.precision) == (area.point, Precision.POSTCODE)


def test_a_postcode_and_the_name_of_a_town_elsewhere_give_a_choice() -> None:
    area = postcode("14000", serves=["12001001"], label="14000 Adorf")
    adorf = town("Adorf", ags="12001001")
    elsewhere = town("Großstadt", FAR, ags="14001001", population=300_000, region="Sachsen")

    answer = resolve("14000 Großstadt", SmallGazetteer([adorf, elsewhere], [area]))

    assert labels(answer) == ["14000 Adorf", "Großstadt, Sachsen"]


@pytest.mark.parametrize("distance_km", [6, 17])
def test_a_town_with_several_postcodes_is_placed_by_the_one_that_was_typed(
    distance_km: float,
) -> None:
    area = postcode("12600", point_at(east_km=distance_km), serves=["11000000"], divides_town=True)
    city = town("Weitstadt", ags="11000000", population=900_000)

    answer = found(resolve("12600 Weitstadt", SmallGazetteer([city], [area])))

    assert (answer.point, answer.precision) == (area.point, Precision.POSTCODE)
    assert answer.label == "12600 Weitstadt"


def test_the_middle_of_such_a_town_counts_where_its_postcode_lies_in_the_middle() -> None:
    area = postcode("12600", point_at(east_km=2), serves=["11000000"], divides_town=True)
    city = town("Weitstadt", ags="11000000", population=900_000)

    answer = found(resolve("12600 Weitstadt", SmallGazetteer([city], [area])))

    assert (answer.point, answer.precision) == (city.point, Precision.PLACE)


def test_a_lost_zero_with_a_fitting_name_is_found() -> None:
    area = postcode("02600", serves=["14001001"])
    here = town("Bautz", ags="14001001")

    answer = found(resolve("2600 Bautz", SmallGazetteer([here], [area])))

    assert (answer.label, answer.point) == ("02600 Bautz", here.point)


def test_four_digits_are_too_weak_to_stand_against_an_unknown_name() -> None:
    area = postcode("06100", serves=["15001001"])

    assert resolve("6100 Bergtal am See", SmallGazetteer([], [area])) == Unknown()


def test_a_postcode_without_an_area_leads_to_the_place_if_its_neighbours_begin_alike() -> None:
    here = town("Adorf", ags="12001001")
    gazetteer = SmallGazetteer([here], [postcode("14000", serves=["12001001"])])

    assert found(resolve("14999 Adorf", gazetteer)).point == here.point
    assert resolve("99999 Adorf", gazetteer) == Unknown()


def test_a_name_as_written_goes_before_an_old_name() -> None:
    today = town("Belz", ags="12001001")
    renamed = town("Bad Neuburg", FAR, ags="14001001")
    gazetteer = SmallGazetteer([renamed, today], old_names={"Belz": "Bad Neuburg"})

    assert found(resolve("Belz", gazetteer)).point == today.point


def test_an_old_name_goes_before_a_name_that_contains_it() -> None:
    renamed = town("Bad Neuburg", ags="12001001")
    longer = town("Alt Belz", FAR, ags="14001001")
    gazetteer = SmallGazetteer([longer, renamed], old_names={"Belz": "Bad Neuburg"})

    assert found(resolve("Belz", gazetteer)).point == renamed.point


def test_whole_words_of_a_name_go_before_similar_names() -> None:
    spa = town("Bad Belzig", ags="12001001")
    similar = town("Belzing", FAR, ags="14001001")

    answer = found(resolve("Belzig", SmallGazetteer([similar, spa])))

    assert (answer.point, answer.is_guess) == (spa.point, False)


def test_a_misspelt_name_leads_to_the_most_similar_one_as_a_guess() -> None:
    near = town("Kleinmachnow", ags="12001001")

    answer = found(resolve("Kleinmachnov", SmallGazetteer([near])))

    assert (answer.label, answer.is_guess) == ("Kleinmachnow", True)


def test_three_letters_are_never_guessed_at() -> None:
    assert resolve("Elx", SmallGazetteer([town("Elz", ags="06001001")])) == Unknown()


@pytest.mark.parametrize(
    "text",
    ["Werder (Havel)", "Werder/Havel", "Werder an der Havel", "Werder a. d. Havel", "Werder/H.",
     "werder havel", "Stadt Werder (Havel)", "Werder-Havel"],
)  # fmt: skip
def test_every_way_to_write_a_qualifier_finds_the_place(text: str) -> None:
    here = town("Werder (Havel)", ags="12001001")
    other = town("Werder", FAR, ags="13001001", region="Landkreis Anderswo")

    assert found(resolve(text, SmallGazetteer([other, here]))).point == here.point


@pytest.mark.parametrize("text", ["Werder OT Glind", "Werder-Glind", "Werder Glind", "Glind"])
def test_a_part_is_found_with_and_without_its_municipality(text: str) -> None:
    werder = town("Werder (Havel)", ags="12001001")
    part = village("Glind", point_at(east_km=4), ags="12001001", part_of="Werder (Havel)")

    assert found(resolve(text, SmallGazetteer([werder, part]))).label == "Glind, Werder (Havel)"


def test_an_unknown_part_leads_to_its_municipality() -> None:
    here = town("Adorf", ags="12001001")

    assert found(resolve("Adorf-Hinterstadt", SmallGazetteer([here]))).point == here.point


def test_the_name_of_a_land_behind_an_unknown_name_is_no_place() -> None:
    town_of_that_name = town("Brandenburg an der Havel", ags="12051000", population=70_000)

    assert resolve("Nirgendwo, Brandenburg", SmallGazetteer([town_of_that_name])) == Unknown()


def test_namesakes_give_a_choice_with_the_most_populous_first() -> None:
    small = town("Neustadt", ags="12001001", population=3_000, region="Landkreis Süd")
    large = town("Neustadt", FAR, ags="07001001", population=50_000, region="Landkreis Nord")

    answer = resolve("Neustadt", SmallGazetteer([small, large]))

    assert labels(answer) == ["Neustadt, Landkreis Nord", "Neustadt, Landkreis Süd"]


def test_the_only_namesake_in_the_preferred_area_is_meant() -> None:
    here = town("Neustadt", ags="12001001")
    large = town("Neustadt", FAR, ags="07001001", population=50_000)

    answer = found(resolve("Neustadt", SmallGazetteer([large, here]), preferred=Around(here.point)))

    assert answer.point == here.point


def test_of_several_in_the_preferred_area_there_is_a_choice_and_they_come_first() -> None:
    one = village("Buchholz", ags="12001001", part_of="Adorf")
    two = village("Buchholz", point_at(east_km=5), ags="12001002", part_of="Cedorf")
    large = town("Buchholz", FAR, ags="03001001", population=40_000, region="Landkreis Fern")

    answer = resolve("Buchholz", SmallGazetteer([large, one, two]), preferred=Around(one.point))

    assert labels(answer) == [
        "Buchholz, Adorf, Landkreis Musterland",
        "Buchholz, Cedorf, Landkreis Musterland",
        "Buchholz, Landkreis Fern",
    ]


def test_a_label_that_was_offered_finds_exactly_that_place() -> None:
    places = [
        town("Neustadt", ags="12001001"),
        village("Neustadt", FAR, ags="12001002", part_of="Adorf"),
        town("Neustadt (Dosse)", point_at(north_km=90), ags="12068001", region="Landkreis Ruppin"),
    ]
    gazetteer = SmallGazetteer(places)

    answer = resolve("Neustadt", gazetteer)

    assert isinstance(answer, Ambiguous)
    for choice in answer.choices:
        assert found(resolve(choice.label, gazetteer)).point == choice.found.point


def test_a_city_goes_before_villages_of_its_name() -> None:
    city = town("München", ags="09162000", population=1_500_000)
    hamlet = village("München", FAR, ags="12062500", part_of="Adorf")

    assert found(resolve("München", SmallGazetteer([hamlet, city]))).point == city.point


def test_a_district_is_found_with_its_precision() -> None:
    district = town("Havelland", ags="12063", kind=PlaceKind.DISTRICT)

    assert found(resolve("Havelland", SmallGazetteer([district]))).precision is Precision.DISTRICT


def test_a_postcode_of_another_country_is_not_guessed_at() -> None:
    gazetteer = SmallGazetteer([town("Stockum", ags="05001001")])

    assert resolve("111 20 Stockholm", gazetteer) == Unknown()
