"""The pictures of the network as they are sent: no label lies across another or a line, and all of it is of reading size."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from base.text.letters import is_inside_letter
from base.text.line_breaks import break_places
from events.network.labels import FONT, label_lines
from events.network.layout import FRAMES, Box, Line, layout
from tests import factories as make

pytestmark = pytest.mark.django_db
SMALLEST = 13  # pixels
CSS = (Path(settings.BASE_DIR) / "static/css/network.css").read_text()
THAI = "สมาคมส่งเสริมการพัฒนาอุตสาหกรรมภาพยนตร์และวัฒนธรรมร่วมสมัยแห่งประเทศไทย"


@dataclass(frozen=True)
class Rectangle:
    """The place of something in a picture."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def has(self, x: float, y: float) -> bool:
        """Return whether a point is inside, not only at the border."""
        return self.left + 0.5 < x < self.right - 0.5 and self.top + 0.5 < y < self.bottom - 0.5


def size_of(rule: str) -> float:
    """Return the size of the font that a rule of the style sheet sets, in pixels."""
    block = CSS.partition(f"{rule} {{")[2].partition("}")[0]
    found = re.search(r"font: [^;]*?([\d.]+)px", block)
    assert found, rule
    return float(found[1])


SIZES = {"label": size_of(".node .label"), "link-words": size_of(".node .link-words"), "heading": size_of("\n.heading")}


def pictures_of(client: Client, address: str) -> list[ElementTree.Element]:
    page = client.get(address).content.decode()
    return [ElementTree.fromstring(svg) for svg in re.findall(r'<svg class="picture .*?</svg>', page, re.DOTALL)]


def points_of(path: str) -> Iterator[tuple[float, float]]:
    """Yield points along a path of the commands M, C and H."""
    x = y = 0.0
    for command, text in re.findall(r"([MCH])([^MCH]*)", path):
        numbers = [float(number) for number in text.split()]
        if command == "C":
            (x1, y1, x2, y2, x3, y3) = numbers
            for step in range(1, 41):
                t = step / 40
                u = 1 - t
                yield (
                    u**3 * x + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3,
                    u**3 * y + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3,
                )
            x, y = x3, y3
        elif command == "H":
            yield from ((x + (numbers[0] - x) * step / 20, y) for step in range(1, 21))
            x = numbers[0]
        else:
            x, y = numbers
            yield x, y


def boxes_of(picture: ElementTree.Element) -> list[tuple[ElementTree.Element, Rectangle]]:
    boxes = []
    for link in picture.findall("a"):
        x, y = map(float, re.findall(r"[\d.]+", link.attrib["transform"]))
        box = link.find("rect")
        assert box is not None
        boxes.append((link, Rectangle(x, y, x + float(box.attrib["width"]), y + float(box.attrib["height"]))))
    return boxes


def faults_of(picture: ElementTree.Element) -> list[str]:
    """Return what is wrong with a picture: what overlaps, which line crosses a label, what does not fit."""
    _left, _top, width, height = map(float, picture.attrib["viewBox"].split())
    faults, boxes = [], boxes_of(picture)
    areas = [(link.attrib["aria-label"], area) for link, area in boxes]
    for heading in picture.findall("text"):
        text, x, y = heading.text or "", float(heading.attrib["x"]), float(heading.attrib["y"])
        size = SIZES["heading"]
        areas.append((text, Rectangle(x, y - size, x + FONT.width(text, size) * 1.1, y + 5)))
    faults += [f"{one} / {other}" for (one, a), (other, b) in itertools.combinations(areas, 2) if a.overlaps(b)]
    whole = Rectangle(0, 0, width, height)
    faults += [
        f"{name} is cut off" for name, a in areas if a.right > width or a.bottom > height or min(a.left, a.top) < 0
    ]
    for path in picture.iter("path"):
        if "link" not in path.attrib.get("class", "").split():
            continue
        for x, y in points_of(path.attrib["d"]):
            crossed = next((name for name, area in areas if area.has(x, y)), None)
            if crossed:
                faults.append(f"a line crosses {crossed}")
                break
            if not whole.has(x, y) and not (0 <= x <= width and 0 <= y <= height):
                faults.append(f"a line leaves the picture at {x:.0f} {y:.0f}")
                break
    for link, area in boxes:
        below = 0.0
        for text in link.findall("text"):
            size = SIZES[text.attrib["class"]]
            for line in text.findall("tspan"):
                words, x, y = line.text or "", float(line.attrib["x"]), float(line.attrib["y"])
                if x + FONT.width(words, size) > area.right - area.left or y > area.bottom - area.top - 4:
                    faults.append(f"{words} does not fit")
                if y - below < size * 1.05:
                    faults.append(f"{words} stands in the line above")
                below = y
    return faults


def dense_world(names: list[str], language: str = "en") -> None:
    """Make a network of these people, who all speak for organizations, at two events and about many topics and each other."""
    events = [make.make_event(f"{names[0]} {n}", language) for n in range(2)]
    boards = [make.make_organization(f"{name} B", language) for name in names[: len(names) // 3]]
    topics = [make.make_topic(f"{name} T", language) for name in names[: len(names) // 3]]
    people = [make.make_person(name, language) for name in names[len(names) * 2 // 3 :]]
    for number, person in enumerate(people):
        about = [topics[(number * step) % len(topics)] for step in (1, 3, 7)]
        make.make_statement(
            *(person, events[number % 2]),
            on_behalf_of=boards[number % len(boards)],
            topics=about,
            about_people=[people[number - 1]],
            about_organizations=[boards[number // 2]],
        )
        make.make_affiliation(person, boards[(number * 5) % len(boards)])
    for number, board in enumerate(boards):
        make.make_statement(None, events[0], speaker_organization=board, topics=[topics[number]])


def test_the_pictures_of_the_article_are_read_without_effort(client: Client) -> None:
    call_command("loaddata", "film-workshop", verbosity=0)
    for path in ("", "?focus=people/tony-bui", "?focus=people/ngo-phuong-lan", "?focus=topics/diplomacy"):
        for language in ("", "/th", "/vi"):
            drawn = pictures_of(client, f"{language}/network/{path}")
            assert [int(picture.attrib["width"]) for picture in drawn] == [frame.width for frame in FRAMES]
            for picture in drawn:
                assert faults_of(picture) == [], (language, path, picture.attrib["class"])


def test_sixty_records_with_names_of_three_hundred_thai_letters(client: Client) -> None:
    names = [(f"{chr(0x0E01 + number)}{THAI}" * 5)[:300] for number in range(60)]
    dense_world(names, "th")
    for picture in pictures_of(client, "/th/network/"):
        assert len(picture.findall("a")) == 60
        assert faults_of(picture) == []
        assert all(len((text.text or "").strip(" -–·")) > 1 for text in picture.iter("tspan"))


def test_sixty_records_of_several_kinds_and_names(client: Client) -> None:
    dense_world([f"Somebody - with quite a long name of number {number}" for number in range(90)])
    for address in ("/network/", "/network/?focus=people/somebody-with-quite-a-long-name-of-number-61"):
        for picture in pictures_of(client, address):
            assert faults_of(picture) == []
    assert "Shown are the 60 with the most links" in client.get("/network/").content.decode()


def test_letters_are_of_reading_size_at_every_width() -> None:
    """A picture is shown as wide as the page lets it: from 320 pixels at 360, 706 at 768 and 1,112 at 1,280."""
    assert min(SIZES.values()) >= SMALLEST
    for frame, room in zip(FRAMES, (320, 706, 1112), strict=True):
        assert min(SIZES.values()) * room / frame.width >= SMALLEST, frame


def test_every_record_is_a_link_with_a_name(client: Client) -> None:
    dense_world(["An", "Bo", "Cy", "Di", "Ed", "Fa"])
    for address in ("/network/", "/network/?focus=people/ed"):
        for picture in pictures_of(client, address):
            assert picture.attrib["role"] == "group"
            assert picture.attrib["aria-label"]
            links = picture.findall("a")
            assert links
            for link in links:
                assert "tabindex" not in link.attrib
                assert link.attrib["href"].startswith(("/network/?focus=", "/people/ed/"))
                assert re.match("(Person|Organization|Event|Topic): ", link.attrib["aria-label"])
            drawn = picture.find("g")
            assert drawn is not None
            assert drawn.attrib["aria-hidden"] == "true"


@pytest.mark.parametrize("width", [136, 160, 194, 280])
@pytest.mark.parametrize(
    "name",
    [
        "ความร่วมมือในการพัฒนาภาพยนตร์เวียดนามสหรัฐอเมริกา",
        "คณะผู้แทนถาวรของเวียดนามประจำสหประชาชาติ",
        "Friends of Viet Nam - US Film Collaboration",
        "Phái đoàn Thường trực Việt Nam tại Liên Hợp Quốc – New York",
        "Hợp tác Việt Nam – Hoa Kỳ về phát triển điện ảnh trong bối cảnh trí tuệ nhân tạo",
    ],
)
def test_no_word_is_cut_and_no_dash_stands_alone(name: str, width: int) -> None:
    lines = label_lines(name, 15, width, 4)
    assert lines
    places = {place for place, _space in break_places(name)}
    at = 0
    for line in lines:
        words = line.removesuffix("…").rstrip().replace("\u00a0", " ")
        at = name.index(words, at) + len(words)
        rest = len(name[at:]) - len(name[at:].lstrip())
        assert at in places or at + rest in places or at == len(name), (line, at)
        assert words.strip(" -–"), lines
        assert not words.startswith(("-", "–", "ๆ")), lines


def test_a_word_that_is_wider_than_a_line_is_cut_between_letters() -> None:
    name = "กำ" * 150
    lines = label_lines(name, 15, 100, 4)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    at = 0
    for line in lines:
        at += len(line.removesuffix("…"))
        assert not is_inside_letter(name, at)
        assert FONT.width(line, 15) <= 100


def test_letters_that_no_font_of_ours_has_take_room() -> None:
    assert FONT.width("電影", 10) == 20
    assert all(FONT.width(line, 15) <= 100 for line in label_lines("電影工作坊" * 20, 15, 100, 4))


def test_nothing_and_one_record_are_drawn() -> None:
    for frame in FRAMES:
        assert layout(frame, [], []).paths == []
        (box,) = layout(frame, [Box(0, 0, 40)], []).boxes
        assert box.x >= 0
        assert box.right <= frame.width


def test_the_same_network_is_drawn_the_same() -> None:
    def drawn() -> object:
        boxes = [Box(number % 3, number % 3, 40) for number in range(30)]
        return layout(FRAMES[2], boxes, [Line(number, (number * 7 + 1) % 30) for number in range(29)])

    assert drawn() == drawn()
