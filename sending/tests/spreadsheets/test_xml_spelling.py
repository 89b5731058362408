"""Another spelling of the same XML: whoever reads local names and texts reads the same."""

import re
from xml.parsers import expat

import pytest

from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.xml_blocks import LONGEST_TOKEN, local_name
from sending.spreadsheets.xml_spelling import usual_spelling

DOCUMENTS = [
    "<a><b>1</b></a>",
    '<?xml version="1.0"?><x:a xmlns:x="u"><x:b c="&lt;">1</x:b><x:b/></x:a>',
    "<a><b><![CDATA[1 < 2 & 3]]></b><b>x<![CDATA[y]]>z</b></a>",
    "<a><![CDATA[plain]]><![CDATA[]]><![CDATA[]]]]><![CDATA[>]]></a>",
    # What looks like markup where nothing is.
    "<a><![CDATA[ <![CDATA[ </a> ]]>2</a>",
    "<a><![CDATA[ <![CDATA[b]]>2</a>",
    "<a><!-- <![CDATA[ --><b>1</b><!-- ]]> --></a>",
    "<a><?p <![CDATA[ ?><b>1</b><?p ]]> ?></a>",
    "<x:a xmlns:x='u'><![CDATA[</x:a>]]><!-- <x:b> --><y:b xmlns:y='v'>1</y:b></x:a>",
    "<x:a xmlns:x='u' x:b='1'><b>&lt;x:b></b></x:a>",
    "<!-- <y:a> --><x:a xmlns:x='u'>1</x:a>",
]


def read(text):
    """Return local names, attributes and texts in their order."""
    found = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: found.append((local_name(name), given))
    parser.EndElementHandler = lambda name: found.append(local_name(name))
    parser.CharacterDataHandler = found.append
    parser.buffer_text = True
    parser.Parse(text, True)
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_says_the_same_wherever_blocks_are_cut(document):
    for size in range(1, len(document) + 1):
        blocks = [document[at : at + size] for at in range(0, len(document), size)]
        assert read("".join(usual_spelling(blocks))) == read(document)


def test_cdata_and_the_prefix_of_the_first_element_are_gone():
    spelled = "".join(usual_spelling(["<x:a><x:b><![CDATA[<&]]></x:b><![CDATA[c]]></x:a>"]))
    assert spelled == "<a><b>&lt;&amp;</b>c</a>"


@pytest.mark.parametrize("unfinished", ["<a><![CDATA[b", "<a><!-- b", "<a", "<a><"])
def test_what_nothing_ends_is_given_on_as_it_is(unfinished):
    assert "".join(usual_spelling([unfinished])) == unfinished


@pytest.mark.parametrize("begin", ["<![CDATA[", "<!--", "<a b='"])
def test_a_part_that_is_absurdly_long_is_refused(begin):
    blocks = ["<a>" + begin, *["b" * 100_000] * (LONGEST_TOKEN // 100_000 + 1)]
    with pytest.raises(FileRefused, match=re.escape("FILE_TOO_COMPLEX")):
        list(usual_spelling(blocks))
