"""What counts as an answer, the way through the pages, references and hashes, for any input at all."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.domain import answers, definition, readiness, receipt, route
from consultations.domain.definition import Definition, QuestionDefinition
from consultations.domain.paragraphs import number_paragraphs
from lisapp.design import markdown

TEXTS = st.text(max_size=60)
OPTIONS = st.lists(st.text(min_size=1, max_size=20).map(str.strip).filter(bool), min_size=2, max_size=5, unique=True)


@st.composite
def questions(draw, key="q1"):
    kind = draw(st.sampled_from(["short_text", "long_text", "single", "multiple", "scale"]))
    return QuestionDefinition(
        key=key,
        type=kind,
        text=draw(TEXTS),
        help_text=draw(TEXTS),
        options=tuple(draw(OPTIONS)) if kind in ("single", "multiple") else (),
        required=draw(st.booleans()),
        max_words=draw(st.none() | st.integers(1, 20)) if kind in ("short_text", "long_text") else None,
    )


@st.composite
def definitions(draw):
    count = draw(st.integers(1, 8))
    return Definition(tuple(draw(questions(key=f"q{number}")) for number in range(1, count + 1)))


RAW = st.none() | TEXTS | st.lists(TEXTS, max_size=4)


@given(definitions())
def test_a_definition_survives_being_stored_as_json(asked):
    assert Definition.from_dict(json.loads(json.dumps(asked.to_dict()))) == asked


@given(definitions())
def test_a_definition_ignores_what_a_later_version_adds(asked):
    data = asked.to_dict()
    for question in data["questions"]:
        question["later"] = True
    assert Definition.from_dict(data) == asked


def test_a_newer_shape_is_refused():
    with pytest.raises(ValueError, match="shape 2"):
        Definition.from_dict({"schema": 2, "questions": []})


def test_an_unknown_question_is_a_key_error():
    with pytest.raises(KeyError):
        Definition().question("q1")


@given(questions(), RAW)
def test_cleaning_twice_is_cleaning_once(question, raw):
    once = answers.clean(question, raw)
    assert answers.clean(question, once) == once


@given(questions(), RAW)
def test_what_is_cleaned_can_be_stored(question, raw):
    answer = answers.clean(question, raw)
    if question.type in ("short_text", "long_text"):
        assert "\x00" not in answer
        answer.encode()
        assert answer == answer.strip()
    if question.type == "short_text":
        assert "\n" not in answer


@given(questions(), RAW)
def test_an_accepted_answer_is_complete_within_the_limit_and_among_the_choices(question, raw):
    answer = answers.clean(question, raw)
    if answers.problem(question, answer):
        return
    assert answer or not question.required
    if question.is_counted:
        assert set(answer if isinstance(answer, list) else [answer]) <= {*question.choices, ""}
    elif question.max_words:
        assert len(answer.split()) <= question.max_words


@given(questions(), st.data())
def test_every_real_choice_is_accepted(question, data):
    if question.type == "multiple":
        chosen = data.draw(st.lists(st.sampled_from(question.choices), min_size=1))
    elif question.is_counted:
        chosen = data.draw(st.sampled_from(question.choices))
    else:
        return
    assert answers.problem(question, answers.clean(question, chosen)) == ""


def test_several_choices_are_kept_once_and_in_the_order_of_the_question():
    question = QuestionDefinition("q1", "multiple", "Which?", options=("Buses", "Trains", "Trams"))
    assert answers.clean(question, ["Trams", "Buses", "Trams"]) == ["Buses", "Trams"]


LONG = QuestionDefinition("q1", "long_text", "What?", required=True, max_words=3)
SHORT = QuestionDefinition("q1", "short_text", "Where?")


@pytest.mark.parametrize(
    ("question", "raw", "message"),
    [
        (LONG, "  \n ", "Enter your answer"),
        (LONG, "one two three four", "Your answer must be 3 words or fewer (it has 4)"),
        (LONG, "one\r\ntwo three", ""),
        (SHORT, "x" * 301, "Your answer must be 300 characters or fewer (it has 301)"),
        (SHORT, "", ""),
        (QuestionDefinition("q1", "scale", "Agree?", required=True), "", "Select an answer"),
        (QuestionDefinition("q1", "scale", "Agree?"), "Perhaps", "Choose from the answers on this page"),
        (
            QuestionDefinition("q1", "multiple", "Which?", options=("A", "B"), required=True),
            [],
            "Select at least one answer",
        ),
        (
            QuestionDefinition("q1", "multiple", "Which?", options=("A", "B")),
            ["A", "C"],
            "Choose from the answers on this page",
        ),
    ],
)
def test_messages_say_what_to_do(question, raw, message):
    assert answers.problem(question, answers.clean(question, raw)) == message


def test_answers_to_questions_that_were_never_asked_are_refused():
    found = answers.problems(Definition((SHORT,)), {"q9": "Hello"})
    assert found == {"q9": "This question is not part of this consultation"}


@given(definitions())
def test_the_way_forth_and_back_visits_every_page_once(asked):
    way = route.Route(asked)
    forth, step = [], way.first
    while step != route.CHECK:
        forth.append(step)
        step = way.after(step)
    back, step = [], way.before(route.CHECK)
    while step is not None:
        back.append(step)
        step = way.before(step)
    assert forth == list(way.steps) == back[::-1]
    assert len(forth) == len(asked) + 1
    assert forth[-1] == route.ABOUT


@given(definitions(), st.data())
def test_whoever_comes_back_goes_on_at_the_first_page_not_seen(asked, data):
    seen = data.draw(st.integers(0, len(asked)))
    given_answers = {question.key: "" for question in list(asked)[:seen]}
    expected = asked.questions[seen].key if seen < len(asked) else route.ABOUT
    assert route.Route(asked).resume(given_answers, {}) == expected


def test_when_everything_is_answered_the_page_to_check_is_next():
    assert route.Route(Definition((SHORT,))).resume({"q1": "Here"}, {"respondent_type": "resident"}) == route.CHECK


def test_a_step_off_the_route_is_a_key_error():
    with pytest.raises(KeyError):
        route.Route(Definition((SHORT,))).after("q2")


def test_progress_is_in_words():
    way = route.Route(Definition((SHORT, QuestionDefinition("q2", "short_text", "Why?"))))
    assert [way.progress(step) for step in way.steps] == ["Question 1 of 2", "Question 2 of 2", "Last step"]


def test_references_have_no_letters_that_look_alike_and_no_words():
    made = {receipt.new_reference() for _ in range(500)}
    assert len(made) == 500
    assert all(len(reference) == 9 and reference[4] == "-" for reference in made)
    assert not set("".join(made)) & set("01258BOILSZGUAEU6")


def test_a_reference_is_read_however_it_is_typed():
    made = receipt.new_reference()
    for typed in (made.lower(), made.replace("-", ""), made.replace("-", " "), f"  {made} "):
        assert receipt.read_reference(typed) == made


ANSWERS = st.dictionaries(
    st.from_regex(r"q[0-9]{1,2}", fullmatch=True), TEXTS | st.lists(TEXTS, max_size=3), max_size=6
)


@given(ANSWERS)
def test_the_hash_is_that_of_the_text_shown_and_does_not_depend_on_order(given_answers):
    turned = dict(reversed(given_answers.items()))
    digest = hashlib.sha256(receipt.canonical(given_answers).encode()).hexdigest()
    assert receipt.content_hash(given_answers) == receipt.content_hash(turned) == digest


@given(ANSWERS, st.sampled_from("abc"))
def test_one_more_character_is_another_hash(given_answers, character):
    changed = {**given_answers, "q1": f"{given_answers.get('q1', '')}{character}"}
    assert receipt.content_hash(given_answers) != receipt.content_hash(changed)


NOW = datetime(2026, 11, 24, 9, 0)


def plan(**changes):
    values = {
        "definition": Definition((SHORT,)),
        "summary": "What comes first?",
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=42),
        "contact_email": "consult@example.org",
        "privacy_notice": "Kept for two years.",
        "latest": True,
    }
    return readiness.Plan(**{**values, **changes})


def test_a_whole_plan_is_ready():
    checks = readiness.checklist(plan(), NOW)
    assert all(check.passed for check in checks)
    assert readiness.is_ready(checks)


@pytest.mark.parametrize(
    "changes",
    [
        {"definition": Definition()},
        {"definition": Definition((QuestionDefinition("q1", "single", "Which?", options=("Only one",)),))},
        {"summary": " "},
        {"contact_email": ""},
        {"privacy_notice": ""},
        {"privacy_notice": "Kept for [how long]."},
        {"closes_at": NOW - timedelta(hours=1), "opens_at": NOW - timedelta(days=30)},
        {"opens_at": NOW + timedelta(days=50)},
    ],
)
def test_what_is_missing_blocks_with_a_reason(changes):
    checks = readiness.checklist(plan(**changes), NOW)
    failed = [check for check in checks if not check.passed and check.blocks]
    assert failed
    assert all(check.reason for check in failed)
    assert not readiness.is_ready(checks)


@pytest.mark.parametrize("changes", [{"closes_at": NOW + timedelta(days=27)}, {"latest": False}])
def test_advice_does_not_block(changes):
    checks = readiness.checklist(plan(**changes), NOW)
    assert [check.blocks for check in checks if not check.passed] == [False]
    assert readiness.is_ready(checks)


def test_a_link_in_a_privacy_notice_is_nothing_to_fill_in():
    assert readiness.blanks("See [our policy](https://example.org) and [how long].") == ["[how long]"]


class _Shape(HTMLParser):
    """The tags, in order, and the texts."""

    def __init__(self):
        super().__init__()
        self.tags, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")

    def handle_data(self, data):
        self.texts.append(data)


def shape(html):
    parser = _Shape()
    parser.feed(html)
    return parser


BLOCKS = st.sampled_from(
    [
        "A paragraph & more.",
        "- one\n- two",
        "> quoted",
        "## Heading",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "1. x\n\n   y",
        "***",
    ]
)


@given(st.lists(BLOCKS, max_size=6))
def test_numbering_adds_links_and_changes_nothing_else(blocks):
    html = markdown.render("\n\n".join(blocks), 3)
    numbered = number_paragraphs(html, 4)
    before, after = shape(html), shape(numbered)
    kept = "".join(after.texts)
    expected = sum(1 for block in blocks if block.startswith("A paragraph"))
    assert numbered.count('id="paragraph-4-') == expected == numbered.count("lis-paragraph__number")
    assert [tag for tag in after.tags if tag not in ("a", "/a", "span", "/span")] == before.tags
    for number in range(1, expected + 1):
        kept = kept.replace(f"Paragraph 4.{number} ", "", 1)
    assert kept == "".join(before.texts)


def test_hostile_text_stays_text_when_numbered():
    html = number_paragraphs(markdown.render("<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>", 3), 1)
    assert "<script" not in html
    assert "<img" not in html


def test_a_scale_brings_its_own_choices():
    assert QuestionDefinition("q1", "scale", "Agree?", options=("Other",)).choices == definition.SCALE_OPTIONS
