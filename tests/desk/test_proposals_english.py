"""English as newspapers write it: speakers nobody names, passives, titles, interviews without labels, names among places."""

import unicodedata

import pytest

from desk.proposals import Proposal, propose
from desk.proposals.printed_text import printed_text

Case = tuple[str, str, str, str | None]


def found(text: str, kind: str) -> list[Proposal]:
    return [proposal for proposal in propose(text, "en") if proposal.kind == kind]


def spoken(text: str, kind: str) -> list[tuple[str, str | None, str | None]]:
    """Return (words, words for the speaker, whom they mean) of each quote or clause."""
    return [
        (one.text, one.speaker.text if one.speaker else None, one.speaker.who if one.speaker else None)
        for one in found(text, kind)
    ]


QUOTES: list[Case] = [
    # Words between a quotation and the name of who speaks.
    (
        "“If they want a fight,” union firebrand Terry Doyle warned, “they’ll get one.”",
        "If they want a fight, … they’ll get one.",
        "Terry Doyle",
        "Terry Doyle",
    ),
    (
        "“It is a freak,” said the Castlegate United head coach, Sarah Lindqvist.",
        "It is a freak,",
        "Sarah Lindqvist",
        "Sarah Lindqvist",
    ),
    # Speakers nobody names.
    ("“It is a mess,” said one. The rain fell.", "It is a mess,", "one", None),
    ("“We are tired,” says one of them.", "We are tired,", "one of them", None),
    ("One described the mood as “beyond despair by now”.", "beyond despair by now", "One", None),
    ("Another said: “People are selling their houses.”", "People are selling their houses.", "Another", None),
    ("A source close to the talks said: “It is over.”", "It is over.", "A source close to the talks", None),
    (
        "“It is hard to see why,” analysts at Brandt & Lowe wrote in a note to clients.",
        "It is hard to see why,",
        "analysts at Brandt & Lowe",
        None,
    ),
    ("Said one trader: “It is over.”", "It is over.", "one trader", None),
    (
        "An email from a manager, dated 3 May, reads: “Do not tell the regulator.”",
        "Do not tell the regulator.",
        "An email from a manager",
        None,
    ),
    (
        "“The best teacher I ever had” is how one former pupil remembers her.",
        "The best teacher I ever had",
        "one former pupil",
        None,
    ),
    # Passives: who is told or described does not speak.
    (
        "The jury was told that, when arrested, Mr Colquhoun said to officers: “I was proving dough.”",
        "I was proving dough.",
        "Colquhoun",
        "Colquhoun",
    ),
    ("The plan was called “a menace to us all” by Peter Holt.", "a menace to us all", "Peter Holt", "Peter Holt"),
    # Verbs of few or other words.
    (
        "Ottoline Fabre studied law before, as she puts it, “falling sideways into cinema.”",
        "falling sideways into cinema.",
        "she",
        "Ottoline Fabre",
    ),
    ("Premier Ana Reis vowed on Tuesday to “hunt down” the hackers.", "hunt down", "Ana Reis", "Ana Reis"),
    (
        "Branch secretary Dana Ruiz accused bosses of “negotiating by press release”.",
        "negotiating by press release",
        "Dana Ruiz",
        "Dana Ruiz",
    ),
    # A verb that an earlier one hides.
    (
        "Dr Faye Ollerton said a scan would show the damage, adding: “He’s a quick healer.”",
        "He’s a quick healer.",
        "Faye Ollerton",
        "Faye Ollerton",
    ),
    # No verb at all.
    (
        "Mr Kemp left. His verdict: “A shambles from start to finish.”",
        "A shambles from start to finish.",
        "His verdict",
        "Kemp",
    ),
    ("Was it a surprise? “Not at all.” Nobody else spoke, says Ms Lund.", "Not at all.", None, None),
    ("“The bridge was never safe,” – Tobin, engineer", "The bridge was never safe,", "Tobin", None),
]


@pytest.mark.parametrize("case", QUOTES, ids=lambda case: case[0][:40])
def test_a_quote_has_its_words_and_its_speaker(case: Case) -> None:
    text, *expected = case
    assert spoken(text, "quote") == [tuple(expected)]


REPORTED: list[Case] = [
    (
        "At least nine people drowned after a ferry capsized, the coast guard said.",
        "At least nine people drowned after a ferry capsized",
        "the coast guard",
        None,
    ),
    (
        "PORT LUCERN, Corrada Islands, March 3 (Meridian) — Nine people drowned on Monday night, the coast guard said.",
        "Nine people drowned on Monday night",
        "the coast guard",
        None,
    ),
    (
        "A senior officer, who asked not to be named because he feared reprisals, said that the ferry had failed a test.",
        "the ferry had failed a test",
        "A senior officer",
        None,
    ),
    (
        "Somporn Jaidee said she had seen cracks in it in June and reported them to the town.",
        "she had seen cracks in it in June and reported them to the town",
        "Somporn Jaidee",
        "Somporn Jaidee",
    ),
    ("Water companies have long argued that the fund is too small.", "the fund is too small", "Water companies", None),
    (
        "Research published by the Sunward Trust last year found that schools waste a third of their energy.",
        "schools waste a third of their energy",
        "Sunward Trust",
        "Sunward Trust",
    ),
    (
        "The study, “Cold Rooms”, also showed that only one school in 20 had panels.",
        "only one school in 20 had panels",
        "The study",
        None,
    ),
    (
        "Protection was weaker in older children, the team found.",
        "Protection was weaker in older children",
        "the team",
        None,
    ),
    (
        "Ottoline Fabre no longer hears it. Visitors, she says, stop talking each time.",
        "Visitors … stop talking each time",
        "she",
        "Ottoline Fabre",
    ),
    (
        "Mrs Colquhoun said her husband “wouldn’t hurt a fly, let alone a van”.",
        "her husband “wouldn’t hurt a fly, let alone a van”",
        "Colquhoun",
        "Colquhoun",
    ),
    (
        "Maria Lopez was told by Judge Ann Carter that she had no case.",
        "she had no case",
        "Ann Carter",
        "Ann Carter",
    ),
    (
        "In its answer Westland Water called for a charge, and warned that the alternative was rationing.",
        "the alternative was rationing",
        "Westland Water",
        "Westland Water",
    ),
    ("She thinks that is unlikely to last.", "that is unlikely to last", "She", None),
    ("The company hit back, saying the strike was unlawful.", "the strike was unlawful", "The company", None),
    ("Opponents argue it won't. The governor signs on Friday.", "it won't", "Opponents", None),
]


@pytest.mark.parametrize("case", REPORTED, ids=lambda case: case[0][:40])
def test_reported_speech_has_its_clause_and_its_speaker(case: Case) -> None:
    text, *expected = case
    assert spoken(text, "reported") == [tuple(expected)]


@pytest.mark.parametrize(
    "text",
    [
        "The minister proposed a law that would ban the sale of eels.",
        "He recalled the day that she had left the village.",
        "The governor has not said that she will sign it.",
        "The jury was told that the ovens had been cold.",
        "It is claimed that the money was lost.",
        "I asked whether he was afraid, and told him that I was.",
        "The programme is expected to cut bills by a third.",
    ],
)
def test_what_nobody_on_record_says_is_no_statement(text: str) -> None:
    assert spoken(text, "reported") == []


@pytest.mark.parametrize(
    "text",
    [
        "The film “A House of Salt” won three awards.",
        "Her first feature, “Salt Wedding,” was seen by, she reckons, four hundred people.",
        "The “temporary” barrier has stood for nine years.",
        "The so-called “ghost ships” carry oil, said Ana Reis.",
        "A “ring of steel” surrounded the hall.",
    ],
)
def test_titles_and_scare_quotes_are_no_quotes(text: str) -> None:
    assert spoken(text, "quote") == []


NAMES = [
    ("Prosecuting, Helena Brightwater KC told the court that he had lied.", {"Helena Brightwater"}),
    ("Pol Col Wichai Saengthong, chief of the station, said two men had fled.", {"Wichai Saengthong"}),
    ("Asst Prof Dr Thanawat Limcharoen said the wall had been low.", {"Thanawat Limcharoen"}),
    ("Nattaya, a 12-year-old pupil sheltering at Wat Pa Sak, said her class had left.", {"Nattaya"}),
    ("Mum-of-three Leanne Boyle says she is tired.", {"Leanne Boyle"}),
    ("Families in Harrowgate Road say they are tired.", set()),
    ("BÌNH HÀ — Orders from Bình Hà fell by half, the ministry said.", set()),
    ("On a wet morning in Phù Lâm, a village near the city, smoke rises. Phù Lâm once had kilns.", set()),
    ("We stop at the well of Anou Mellen for an hour.", set()),
    ("The programme, known as Bright Roofs, is expected to begin in May.", set()),
    ("Transport Minister Leandro Bascombe said the ferry was old.", {"Leandro Bascombe"}),
    ("The Department of Culture, Sports and Tourism Đặng Hồng Nhung said so.", {"Đặng Hồng Nhung"}),
    ("She lives in Huế. She said the rain had stopped.", set()),
    ("The deal was dead, according to Nick Farrow of the group Clean Books.", {"Nick Farrow"}),
    ("Please contact Jodie Marsh, press officer, by Friday.", {"Jodie Marsh"}),
    ("Hamidou ag Alhassane is 71. He walks to the market every winter.", {"Hamidou ag Alhassane"}),
]


@pytest.mark.parametrize(("text", "names"), NAMES, ids=lambda value: str(value)[:40])
def test_names_are_told_from_titles_and_places(text: str, names: set[str]) -> None:
    assert {proposal.text for proposal in found(text, "name")} == names


def test_a_given_name_tells_whom_a_pronoun_means() -> None:
    text = "Margaret Sole met Peter Wynn at the gate. “It is late,” she said."
    assert spoken(text, "quote") == [("It is late,", "she", "Margaret Sole")]


INTERVIEW = """Saoirse Dunleavy is a grandmaster. She talks to Patrick Okonjo about losing.
Why did you not give up?
I was six, and my grandfather laughed at me.
Do you cook?
I read cookbooks. I have never cooked from one.
And what would you tell a child?
Sleep. I mean it.
"""


def test_an_interview_without_labels_has_its_answers() -> None:
    assert spoken(INTERVIEW, "quote") == [
        ("I was six, and my grandfather laughed at me.", "Saoirse Dunleavy", "Saoirse Dunleavy"),
        ("I read cookbooks. I have never cooked from one.", "Saoirse Dunleavy", "Saoirse Dunleavy"),
        ("Sleep. I mean it.", "Saoirse Dunleavy", "Saoirse Dunleavy"),
    ]


def test_headings_that_ask_are_no_interview() -> None:
    text = "What is the levy?\nIt is a charge on water.\nWho pays it?\nHouseholds do.\nWhen does it begin?\nIn May.\n"
    assert spoken(text, "quote") == []


def test_a_label_may_be_shortened_and_whoever_asks_is_not_quoted() -> None:
    text = (
        "The Ledger: Did it hurt?\nAlma Reis: Not much.\nThe Ledger: And then?\nReis: Then it did.\n"
        "The Ledger: Why?\nReis: Nobody knows.\n"
    )
    assert [one[0] for one in spoken(text, "quote")] == ["Not much.", "Then it did.", "Nobody knows."]


WRAPPED = """The ferry was carrying twice as many passengers as it was allowed to
carry, and its captain had never been asked about it, said the Santos
inquiry. “It was late, and we were
tired,” said Ines Aldana, the
mayor.
"""


def test_lines_broken_inside_a_sentence_are_one_sentence() -> None:
    (quote,) = found(WRAPPED, "quote")
    assert quote.text == "It was late, and we were\ntired,"
    assert quote.speaker is not None
    assert quote.speaker.who == "Ines Aldana"


def test_letters_and_marks_apart_are_read_and_keep_their_places() -> None:
    text = unicodedata.normalize(
        "NFD", "Bà Nguyễn Thị Hạnh, a teacher, said the road was closed. “Đi bộ thôi,” said Hạnh."
    )
    proposals = propose(text, "en")
    quote = next(one for one in proposals if one.kind == "quote")
    assert [text[slice(*span)] for span in quote.spans] == [unicodedata.normalize("NFD", "Đi bộ thôi,")]
    assert all(one.text == " … ".join(text[slice(*span)] for span in one.spans) for one in proposals)
    assert unicodedata.normalize("NFC", next(one for one in proposals if one.kind == "name").text).endswith(
        "Nguyễn Thị Hạnh"
    )


def test_marks_that_no_letter_takes_keep_their_places() -> None:
    text = "x\u0301\u0302 e\u0301 “e\u0323\u0302 q\u0301,” he said."
    read = printed_text(text)
    assert read.text.startswith("x\u0301\u0302 é “ệ q")
    assert read.places is not None
    assert len(read.places) == len(read.text) + 1
    assert read.places[-1] == len(text)
    assert list(read.places) == sorted(read.places)
