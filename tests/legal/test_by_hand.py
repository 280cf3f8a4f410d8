"""Texts compared provision by provision, and set right by hand."""

import pytest

from legal.text_formats import akn, by_hand
from legal.text_formats.comparing import compared, worded
from legal.texts import Node, Text, Unreadable, restored, stored, tree
from tests.legal.samples import akn as sample


def act() -> Text:
    return akn.read(sample())


def outline(text: Text) -> list[tuple[int, str]]:
    return [(depth, node.eid) for depth, node in text.walk()]


def refusal(act, *arguments, **named) -> str:
    with pytest.raises(Unreadable) as refused:
        act(*arguments, **named)
    return refused.value.sentence


def test_a_stored_text_is_the_same_text():
    text = akn.read(sample(day="2013-02-30"))

    assert restored(stored(text)) == text


def test_provisions_that_are_added_changed_gone_and_moved_are_told_in_order():
    before, after = act(), act()
    first, second = after.nodes
    first.content = "<p>A captain declares all cargo.</p>"
    last = second.children.pop()
    second.children[0] = Node("paragraph", "sec_2__para_aa", "(aa)", content="<p>the goods;</p>")
    after.nodes.append(Node("section", "sec_3", "3", content="<p>New.</p>"))

    assert [(one.what, one.eid, one.from_eid) for one in compared(before, after)] == [
        ("CHANGED", "sec_1", ""),
        ("MOVED", "sec_2__para_aa", "sec_2__para_a"),
        ("GONE", last.eid, ""),
        ("ADDED", "sec_3", ""),
    ]
    assert compared(before, act()) == []


def test_the_words_of_a_change_are_told_run_by_run():
    assert worded("the fine ship.", "the old ship!") == [
        ("same", "the "),
        ("removed", "fine"),
        ("added", "old"),
        ("same", " ship"),
        ("removed", "."),
        ("added", "!"),
    ]


def test_a_corrected_provision_keeps_its_anchor_and_the_attributes_of_its_tag():
    text = akn.read(sample().replace(b'eId="sec_1"', b'eId="sec_1" class="x"'))

    by_hand.correct(text, "sec_1", kind="article", number="1a", heading="Duty", content="One.\n\nTwo < three.")

    node = text.nodes[0]
    assert (node.label, node.content) == ("1a Duty", "<p>One.</p><p>Two &lt; three.</p>")
    assert node.opening == '<article eId="sec_1" class="x"><num>1a</num><heading>Duty</heading>'


def test_what_nobody_touched_keeps_its_marks():
    text = act()

    by_hand.correct(text, "sec_1", kind="section", number="1", heading="Duty of captains", content="<p>A <b>b</b>.</p>")

    assert text.nodes[0].opening == act().nodes[0].opening
    assert text.nodes[0].content == "<p>A <b>b</b>.</p>"


def test_a_new_anchor_must_be_free():
    text = act()
    said = {"kind": "section", "number": "1", "heading": "", "content": ""}

    assert refusal(by_hand.correct, text, "sec_1", anchor="sec_2", **said) == (
        "The anchor “sec_2” is that of another provision."
    )
    by_hand.correct(text, "sec_1", anchor="sec_9", **said)
    assert text.nodes[0].eid == "sec_9"


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ("<p>x", "This is not well formed: Opening and ending tag mismatch: p line 1 and held, line 1, column 18"),
        ("<script>x</script>", "A text holds no scripts, styles or frames."),
        ("<p>x</p> y", "All words must stand in blocks, such as <p>…</p>."),
    ],
)
def test_markup_that_is_none_is_refused(blocks, sentence):
    assert refusal(by_hand.as_blocks, blocks) == sentence


def test_plain_paragraphs_are_lines_and_others_are_markup():
    assert by_hand.is_plain("<p>a &lt; b</p><p>c</p>")
    assert by_hand.as_lines("<p>a &lt; b</p><p>c</p>") == "a < b\nc"
    assert not by_hand.is_plain("<p>a <i>b</i></p>")


def test_a_provision_goes_in_and_out_with_all_below_it():
    text = act()

    by_hand.shift(text, "sec_2", 1)
    assert outline(text) == [(0, "sec_1"), (1, "sec_2"), (2, "sec_2__para_a"), (2, "sec_2__para_b")]

    by_hand.shift(text, "sec_2__para_a", -1)
    assert outline(text) == [(0, "sec_1"), (1, "sec_2"), (2, "sec_2__para_b"), (1, "sec_2__para_a")]
    assert refusal(by_hand.shift, text, "sec_1", -1) == "It is at the highest level already."
    assert refusal(by_hand.shift, text, "sec_1", 1) == "There is nothing before it that it could be part of."
    assert refusal(by_hand.shift, text, "sec_2__para_b", 1) == "There is nothing before it that it could be part of."


def test_a_provision_joins_the_one_before_it():
    text = act()

    by_hand.merge(text, "sec_2")

    assert outline(text) == [(0, "sec_1"), (1, "sec_2__para_a"), (1, "sec_2__para_b")]
    assert text.nodes[0].content.endswith("<p>2 Seizure</p><p>An officer seizes</p>")
    assert text.nodes[0].after == "<p>and tells the court.</p>"
    assert refusal(by_hand.merge, text, "sec_1") == "There is nothing before it."


def test_a_provision_is_divided_at_a_paragraph():
    text = Text("en", nodes=[Node("section", "sec_1", "1", content="<p>a</p><p>b</p><p>c</p>")])

    assert by_hand.split(text, "sec_1", 2) == "sec_1_2"

    assert [(node.eid, node.content) for node in text.nodes] == [("sec_1", "<p>a</p>"), ("sec_1_2", "<p>b</p><p>c</p>")]
    assert refusal(by_hand.split, text, "sec_1", 2) == "It cannot be divided there: it has 1 paragraphs."


def test_a_provision_goes_with_all_below_it():
    text = act()

    by_hand.remove(text, "sec_2")

    assert outline(text) == [(0, "sec_1")]
    assert refusal(by_hand.remove, text, "sec_2") == "There is no provision “sec_2” any more."


def test_a_tree_of_rows_has_no_circles_whatever_their_depths():
    nodes = [Node("part", name) for name in "abc"]

    assert tree([(0, nodes[0]), (5, nodes[1]), (1, nodes[2])]) == [nodes[0]]
    assert [child.eid for child in nodes[0].children] == ["b", "c"]
