"""Columns by their distinct values behave as columns of plain cells."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, strategies as st

from engine.connect.columns import (
    Numbers,
    Text,
    crossed,
    group_rows,
    sorted_rows,
    stacked,
    text_of,
)

CELLS = st.lists(st.sampled_from(["a", "b", "B", "", None]), min_size=1, max_size=30)


def plain(text: Text) -> list[str | None]:
    return [text.at(row) for row in range(len(text))]


def kept(cells: Sequence[str | None]) -> list[str | None]:
    return list(cells)


@given(CELLS)
def test_text_keeps_its_cells_and_each_value_once(cells: list[str | None]) -> None:
    text = text_of(cells)
    assert plain(text) == kept(cells)
    assert len(set(text.distinct)) == len(text.distinct)


@given(CELLS)
def test_an_edit_changes_every_cell_and_merges_what_becomes_equal(cells: list[str | None]) -> None:
    text = text_of(cells).edited(lambda value: value.upper() or None)
    assert plain(text) == [cell.upper() if cell else None for cell in cells]
    assert len(set(text.distinct)) == len(text.distinct)


@given(CELLS, CELLS)
def test_columns_stack_as_lists_do(first: list[str | None], second: list[str | None]) -> None:
    assert plain(stacked([text_of(first), text_of(second)])) == first + second


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.booleans()), min_size=1))
def test_rows_are_grouped_by_equal_cells_in_order_of_appearance(
    rows: list[tuple[str, int, bool]],
) -> None:
    text = text_of([letter for letter, _, _ in rows])
    numbers = Numbers(
        cells=np.asarray([number for _, number, _ in rows]),
        valid=np.asarray([valid for _, _, valid in rows]),
    )
    groups, first = group_rows([text, numbers])
    keys = [(letter, number if valid else None) for letter, number, valid in rows]
    seen = list(dict.fromkeys(keys))
    assert groups.tolist() == [seen.index(key) for key in keys]
    assert first.tolist() == [keys.index(key) for key in seen]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(-2, 2)), min_size=1))
def test_the_order_of_rows_does_not_depend_on_where_they_stood(
    rows: list[tuple[str | None, int]],
) -> None:
    def ordered(given_rows: list[tuple[str | None, int]]) -> list[tuple[str | None, int]]:
        columns = {
            "name": text_of([name for name, _ in given_rows]),
            "units": Numbers(
                cells=np.asarray([units for _, units in given_rows]),
                valid=np.ones(len(given_rows), dtype=np.bool_),
            ),
        }
        return [given_rows[row] for row in sorted_rows(columns, ["name"])]

    assert ordered(rows) == ordered(rows[::-1])
    assert ordered(rows) == sorted(rows, key=lambda row: (row[0] is not None, row[0] or "", row[1]))


def test_combinations_are_built_once_each() -> None:
    built: list[tuple[str | None, ...]] = []

    def join(cells: Sequence[str | None]) -> str | None:
        built.append(tuple(cells))
        return "-".join(cell or "?" for cell in cells)

    text = crossed([text_of(["a", "b", "a", None]), text_of(["1", "1", "1", "2"])], join)
    assert plain(text) == ["a-1", "b-1", "a-1", "?-2"]
    assert len(built) == 3


def test_values_that_were_taken_away_are_not_used_any_more() -> None:
    text = text_of(["a", "b", "c"]).take(np.asarray([2, 0]))
    assert text.used() == ["a", "c"]
