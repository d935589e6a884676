"""The first wall: works that the house itself makes when it is empty, so that a stranger never finds bare walls.

Made then and there by the shipped weights. Which seeds hang, and what a painting is called, was chosen by us, looking
at what those weights make, and stands on their card (table `wall`); of weights for which nothing was chosen, their own
after a training, the first seeds hang. Seeds and names of the drafts are fixed, so that one that was interrupted goes
on where it stopped and no work is hung twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import db
from gallery.journeys import Draft, House, cook, kind_of, outcome, store_errors
from gallery.journeys.create import MOST_AT_ONCE, hang_draft
from gallery.visitors import HOUSE
from models import Card
from models.painting_gan import wishes as painting_wishes
from models.poem_rnn import wishes as poem_wishes
from models.poem_rnn.prosody import FORMS
from models.recipe import Poem, Recipe, Result


def seed_wall(
    house: House, paintings: int = 24, poems: int = 12, progress: Callable[[int, int], None] | None = None
) -> int:
    """Hangs the house's own first wall and returns how many works it made; progress(done, total) after each.

    Nothing happens once a visitor has hung anything. Raises EngineTrouble or StoreTrouble.
    """
    with store_errors(house.settings.home):
        with house.db.reading() as tx:
            if db.works.anyone_but(tx, HOUSE.id):
                return 0
            plan = [plan for plan in _first_wall(house, paintings, poems) if not db.works.find_by_draft(tx, plan.draft)]
        step = min(MOST_AT_ONCE, house.settings.queue_size)
        for start in range(0, len(plan), step):
            some = plan[start : start + step]
            for done, (planned, future) in enumerate([(one, cook(house, one.recipe)) for one in some], start + 1):
                _hang_planned(house, planned, outcome(house, future))
                if progress is not None:
                    progress(done, len(plan))
    return len(plan)


@dataclass(frozen=True)
class _Planned:
    """One work of the first wall: its draft's fixed name, its recipe, its number among its like, and what it is called
    in every language, if it was given a name."""

    draft: str
    recipe: Recipe
    number: int
    title: Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """A work that was chosen by eye: its seed; of a painting its names, by language; of a poem its form."""

    seed: int
    title: Mapping[str, str] = field(default_factory=dict)
    form: str = ""


def chosen(card: Card) -> tuple[Choice, ...]:
    """What was chosen of these very weights for the first wall, in its order."""
    wall = card.facts.get("wall", {})
    of_these = card.sha256.startswith(wall.get("weights", "nothing"))
    return tuple(Choice(**work) for work in wall["works"]) if of_these else ()


def _first_wall(house: House, paintings: int, poems: int) -> list[_Planned]:
    """Paintings and poems in turn, so that both show on the first page; subjects and forms in turn as well."""
    painted, written = _paintings(house, paintings), _poems(house, poems)
    plan = [((n + 0.5) / len(some), planned) for some in (painted, written) for n, planned in enumerate(some)]
    return [planned for _, planned in sorted(plan, key=lambda item: item[0])]


def _paintings(house: House, many: int) -> list[_Planned]:
    drawn, plan = Counter[str](), list[_Planned]()
    for index in range(many):
        subject = _subject(house.subjects(), index)
        card, nth = house.painter(subject), drawn[subject]
        drawn[subject] += 1
        choices = chosen(card)
        choice = choices[nth] if nth < len(choices) else Choice(index + 1)
        recipe = painting_wishes.recipe(card=card, label=subject, seed=choice.seed)
        plan.append(_Planned(f"first-wall-painting-{index + 1}", recipe, nth + 1, choice.title))
    return plan


def _poems(house: House, many: int) -> list[_Planned]:
    poet = house.card("poem")
    forms, seeds = in_turn(poem_wishes.forms_of(poet)), {choice.form: choice.seed for choice in chosen(poet)}
    plan = list[_Planned]()
    for index in range(many):
        form = forms[index % len(forms)]
        seed = seeds.pop(form, index + 1)
        recipe = poem_wishes.recipe(card=poet, form=form, seed=seed)
        plan.append(_Planned(f"first-wall-poem-{index + 1}", recipe, index + 1, {}))
    return plan


def in_turn(forms: Sequence[str]) -> list[str]:
    """Regulated forms and tunes in turn, as far as there are both.

    >>> in_turn(("五绝", "七绝", "五律", "七律")), in_turn(("五绝", "七绝", "菩萨蛮"))
    (['五绝', '七绝', '五律', '七律'], ['五绝', '菩萨蛮', '七绝'])
    """
    regulated, tunes = ([form for form in forms if (form in FORMS) is known] for known in (True, False))
    return [form for pair in zip_longest(regulated, tunes) for form in pair if form]


def _subject(subjects: Sequence[str], index: int) -> str:
    """Every other painting is of the first subject, the rest in turn of the others.

    >>> [_subject(("hills", "ponds", "pears"), index) for index in range(5)]
    ['hills', 'ponds', 'hills', 'pears', 'hills']
    """
    others = subjects[1:] or subjects
    return subjects[0] if index % 2 == 0 else others[index // 2 % len(others)]


def _hang_planned(house: House, planned: _Planned, result: Result) -> None:
    draft = Draft(planned.draft, "", kind_of(result), planned.recipe, result, house.clock())
    language = house.settings.language
    signature = house.texts.say("seeding.signature", language)
    hang_draft(house, draft, HOUSE, _first_title(house, planned, result), signature)


def _first_title(house: House, planned: _Planned, result: Result) -> str:
    """A painting is called by its name, or by subject and number; a poem, as untitled poems are, by its first words."""
    if isinstance(result, Poem):
        words = first_words(result.lines[0])
        return words if result.form in FORMS else f"{result.form}·{words}"
    language = house.settings.language
    if name := planned.title.get(language):
        return name
    key = f"seeding.title_{planned.recipe.inputs['label']}"
    key = key if house.texts.has(key) else "seeding.title_other"
    return house.texts.say(key, language, number=numeral(planned.number) if language == "zh" else planned.number)


def first_words(line: str) -> str:
    """The line up to its caesura: two characters of five, four of seven, and of the other lines of 词 four at most.

    >>> first_words("錦瑟無端五十絃"), first_words("空山不見人"), first_words("江南好")
    ('錦瑟無端', '空山', '江南好')
    """
    return line[: len(line) - 3] if len(line) in (5, 7) else line[:4]


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese.

    >>> numeral(7), numeral(10), numeral(24)
    ('七', '十', '二十四')
    """
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
