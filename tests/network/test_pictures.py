"""What the server draws: tiles of the world, rosettes, bars."""

import re

from network.pictures.bars import LENGTH, bars
from network.pictures.rosette import rosette
from network.pictures.world import SIGNS, SIZE, Region, regions, tiles, world


def rows(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "label": code, "status": "full", "words": "Party"} for code in codes]


def overlaps(region: Region) -> bool:
    places = {(tile.x, tile.y) for tile in region.tiles}
    return len(places) < len(region.tiles)


def test_every_country_has_one_tile_in_its_region_and_none_covers_another():
    found = world(rows(*regions()))

    shown = {tile.row["code"]: region.name for region in found for tile in region.tiles}
    assert (shown, len(shown), [region.name for region in found if overlaps(region)]) == (regions(), 249, [])


def test_a_region_fits_a_telephone_with_tiles_that_a_finger_meets():
    """A tile and its gap are 24 px or more where the picture is as wide as the text of a page, 328 px."""
    assert [region.name for region in world(rows(*regions())) if 328 / (region.width + 4) * (SIZE + 4) < 24] == []


def test_west_is_left_of_east_and_north_above_south():
    [africa] = world(rows("SN", "KE", "ZA", "EG"))
    senegal, kenya, south_africa, egypt = africa.tiles

    assert (senegal.x < kenya.x, egypt.y < south_africa.y) == (True, True)


def test_codes_that_iso_does_not_have_and_regions_without_a_row_are_left_out():
    found = world(rows("XX", "FR", "EU"))

    assert [(region.name, [tile.row["code"] for tile in region.tiles]) for region in found] == [("Europe", ["FR"])]
    assert (found[0].width, found[0].height) == (SIZE, SIZE)


def test_each_status_has_a_sign_of_its_own():
    assert len(set(SIGNS.values())) == len(SIGNS) == 7
    assert [tile.sign for region in world(rows("FR")) for tile in region.tiles] == ["●"]


def test_the_tiles_of_the_desk_are_the_same():
    assert set(tiles()) == set(regions())


def test_a_rosette_is_always_the_same_and_like_no_other():
    subjects = [f"subject-{number}" for number in range(50)]
    drawn = ["".join(ring.path for ring in rosette(subject)) for subject in subjects]

    assert drawn == ["".join(ring.path for ring in rosette(subject)) for subject in subjects]
    assert len(set(drawn)) == 50


def test_a_rosette_stays_in_its_square_and_weighs_little():
    paths = [ring.path for number in range(50) for ring in rosette(str(number))]
    numbers = [int(number) for path in paths for number in re.findall(r"-?\d+", path)]

    assert (min(numbers) >= -50, max(numbers) <= 1050, max(map(len, paths)) < 4000) == (True, True, True)


def test_the_longest_bar_is_full_and_the_smallest_can_be_seen():
    found = bars([("a", 2000, "2,000"), ("b", 1, "1"), ("c", 0, "0"), ("d", 1000, "1,000")])

    assert [bar.length for bar in found] == [LENGTH, 4, 0, 500]


def test_bars_of_nothing_are_no_error():
    assert ([bar.length for bar in bars([("a", 0, "0")])], bars([])) == ([0], [])
