"""Whom "he" and "she" can mean: what an article's own words, or a common forename, tell.

Owns the words that tell a woman from a man in English text. What nothing tells is left
open, so that a pronoun is never refused for want of knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.language.names import Mention
from qa.language.tokens import word_set

WOMAN, MAN = "she", "he"

_BEFORE = (
    (
        WOMAN,
        re.compile(
            r"(?<!\w)(?:(?:Mrs|Ms|Miss|Lady|Dame|Madam|Bu|Ibu|Mbak|Queen|Princess|Sister)\.?"
            r"|(?:wife|sister|mother|daughter|aunt|grandmother|girlfriend|niece|widow|actress|waitress"
            r"|spokeswoman|chairwoman|congresswoman|businesswoman|policewoman|duchess|queen|princess))"
            r",?\s$",
            re.IGNORECASE,
        ),
    ),
    (
        MAN,
        re.compile(
            r"(?<!\w)(?:(?:Mr|Sir|Lord|Pak|Bapak|Mas|King|Prince|Father|Brother)\.?"
            r"|(?:husband|brother|father|son|uncle|grandfather|boyfriend|nephew|widower|actor|waiter"
            r"|spokesman|chairman|congressman|businessman|policeman|duke|king|prince)),?\s$",
            re.IGNORECASE,
        ),
    ),
)

# By which hardly anybody of the other sex is called.
_WOMEN = word_set(
    """
    abigail ada agatha agnes alexandra alice alison amanda amara amelia amy andrea angela
    anita ann anna anne annette astrid audrey ayu barbara beatrice beatrix bella bernadette
    beth betty bianca bridget camilla carla carmen carol caroline catherine cecilia
    charlotte chloe christina christine claire clara clare claudia cynthia daisy deborah
    denise dewi diana diane dorothy edith eileen elaine eleanor elena elisa elizabeth ella
    ellen emily emma erica esther eva eve evelyn fatima fiona fitri florence frances gemma
    georgia gina gloria grace greta hannah harriet heather heidi helen helena ida imogen
    indah ingeborg ingrid irene isabel isabella jacqueline jane janet jasmine jennifer
    jessica joanna josephine joyce judith julia juliet karen kate katherine kathleen katie
    kristina laura lauren leila lena lestari lily linda lisa lorraine louisa louise lucia
    lucy lydia mabel madeleine margaret margot maria marie marina martha mary maya megan
    megawati melanie melissa mia michelle miriam molly monica nadia nancy naomi natalie
    natasha nicole nina nora nurul olga olivia patricia paula pauline penelope petra
    philippa phoebe pippa priscilla puan putri rachel ratna rebecca retno rina rosa rosalind
    rose rosemary ruth sabrina sally samantha sandra sara sarah sharon sheila shirley silvia
    siti sofia sophia sophie sri stella sunniva susan susanna suzanne sylvia tamara tania
    teresa theresa tina ursula valerie vanessa vera veronica victoria violet virginia vivian
    wendy wulan yolanda yvonne zara zoe
    """
)
_MEN = word_set(
    """
    aaron abdul adam adrian agus ahmad ahmed alan albert alexander alfred ali andrew anthony
    antonio arthur bambang barry ben benjamin bernard bill bob boris brian bruce budi carl
    carlos charles christopher clive colin craig daniel darren dave david dennis derek
    desmond dmitri dominic donald douglas duncan edgar edmund eduardo edward eko eric ernest
    ethan eugene ewan felix ferdinand fernando francisco frank franklin fred frederick
    gareth gary geoffrey george gerald gerard gilbert giovanni glen gordon graham greg
    gregory gustav guy hans harold harry harvey hector hendra henri henry herbert howard
    hugh hugo ian ibrahim isaac ivan jack jacob jake james jason jasper javier jeff jeffrey
    jeremy jerome jim joe john joko jonathan jorge jose joseph joshua juan julian julius
    karl keith kenneth kevin lars laurence lawrence leo leon leonard leopold lewis liam
    louis luca lucas luigi luis luke malcolm marco marcus mario mark martin matthew maurice
    max michael miguel mohamed mohammad mohammed muhammad murray nathan neil nicholas nigel
    noah norman oliver oscar oskar otto patrick paul pedro peter philip pierre piers rafael
    ralph raymond reginald ricardo richard robert roberto roger roland ronald rory roy rudi
    rupert russell samuel scott sean sebastian sergei sergio simon slamet stanley stefan
    stephen steven stewart stuart terence theodore thomas tim timothy tobias tom tomas tomás
    tony trevor victor vincent vladimir wahyu walter warren wayne wendell wilfred william
    winston zachary
    """
)


def pronoun_of(text: str, mention: Mention, full_name: str) -> str | None:
    """The pronoun for somebody named at *mention* in *text*: ``WOMAN``, ``MAN`` or None."""
    before = text[max(0, mention.span.start - 30) : mention.span.start]
    for pronoun, pattern in _BEFORE:
        if pattern.search(before):
            return pronoun
    first = full_name.split()[0].casefold() if full_name else ""
    return WOMAN if first in _WOMEN else MAN if first in _MEN else None


def pronouns(text: str, mentions: list[Mention], full_name: Callable[[str], str]) -> dict[str, str]:
    """For each full name the first pronoun that one of its *mentions* tells."""
    found: dict[str, str] = {}
    for mention in mentions:
        full = full_name(mention.name)
        if full not in found and (pronoun := pronoun_of(text, mention, full)):
            found[full] = pronoun
    return found
