"""Cells of toplines.csv: what each form means, where each rule begins and ends, and the way out of every other form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from groundswell.waves.toplines.cells import (
    mean_rounding_step,
    one_of,
    parse_count,
    parse_deff,
    parse_mean,
    parse_mean_margin,
    parse_moe,
    parse_number,
    parse_share,
    parse_url,
    rounding_step,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.62", 0.62), (".5", 0.5), ("0", 0.0), ("12", 12.0), ("1500", 1500.0), ("007", 7.0)],
)
def test_a_plain_number_is_read(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("texts", "way_out"),
    [
        (("٠.٦", "0.６"), "write it with the digits 0–9"),
        (("62%", "6.2 %", "+6,2%", "-6%"), "a share, not a percent: write 62% as 0.62"),
        (
            ("1,500", "1 500", "1'500", "1\u00a0500", "12,345,678"),
            "write it without thousands separators",
        ),
        (("0,62",), "write a decimal point: 0.62"),
        (("0,625",), "write a decimal point: 0.625"),
        (("1,50",), "write a decimal point: 1.50"),
        ((",5",), "write a decimal point: .5"),
        (("1e-3", "-1.5E+3"), "write it out, as 0.001"),
        (
            ("nan", "NaN", "-nan", "NA", "n/a", "null", "None", "inf", "+Infinity", "-", "–", "?"),
            "leave the cell empty where it is not known",
        ),
        (("-0.2", "-5", "-.5"), "it cannot be negative"),
        (
            ("about 0.6", "Xnan", "≈0.6", "0.5–0.6", "abc", "--5", "+5", "1.2.3", "0.", " 1"),
            "write it as 0.62",
        ),
    ],
)
def test_every_other_form_is_refused_with_its_way_out(texts: tuple[str, ...], way_out: str) -> None:
    for text in texts:
        with pytest.raises(ValueError, match="must be a plain number") as raised:
            parse_number(text)
        assert str(raised.value) == f"must be a plain number, got `{text}`: {way_out}"


Parse = Callable[[str], float]


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_share, "0", 0.0),
        (parse_share, "1", 1.0),
        (parse_share, "0.999", 0.999),
        (parse_moe, "0.5", 0.5),
        (parse_moe, "0.0001", 0.0001),
        (parse_deff, "100", 100.0),
        (parse_deff, "0.01", 0.01),
        (parse_count, "1", 1),
        (parse_count, "2", 2),
        (parse_count, "1000000000", 1_000_000_000),
    ],
)
def test_the_ends_of_each_range_belong_to_it(parse: Parse, text: str, value: float) -> None:
    assert parse(text) == value
    assert type(parse(text)) is type(value)


MOE = "must be the half width of a 95% interval, above 0 and at most 0.5, got `{}`"


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_share, "1.001", "must be a share, not a percent: write 0.01001, got `1.001`"),
        (parse_share, "62", "must be a share, not a percent: write 0.62, got `62`"),
        (parse_share, "100", "must be a share, not a percent: write 1.00, got `100`"),
        (parse_share, "100.1", "must be a share from 0 to 1, got `100.1`"),
        (parse_share, "620", "must be a share from 0 to 1, got `620`"),
        (parse_moe, "0.51", MOE.format("0.51") + ": in share units, write 0.0051"),
        (parse_moe, "3.6", MOE.format("3.6") + ": in share units, write 0.036"),
        (parse_moe, "50", MOE.format("50") + ": in share units, write 0.50"),
        (parse_moe, "50.5", MOE.format("50.5")),
        (parse_moe, "0", "must be above 0: leave the cell empty where no margin is published"),
        (parse_deff, "0", "must be a design effect above 0 and at most 100, got `0`"),
        (parse_deff, "100.5", "must be a design effect above 0 and at most 100, got `100.5`"),
        (parse_count, "0", "must be a positive whole number, got `0`"),
        (parse_count, "1500.0", "must be a positive whole number, got `1500.0`"),
        (parse_count, "1000000001", "must be a positive whole number, got `1000000001`"),
    ],
)
def test_beyond_its_range_a_number_is_refused(parse: Parse, text: str, message: str) -> None:
    with pytest.raises(ValueError, match="must be") as raised:
        parse(text)
    assert str(raised.value) == message


@pytest.mark.parametrize("address", ["http://a.org", "https://a.org/x?y=1#z"])
def test_a_web_address_is_kept_as_it_is(address: str) -> None:
    assert parse_url(address) == address


@pytest.mark.parametrize(
    "address", ["ftp://a.org", "javascript:alert(1)", "https://", "https://a b", "a.org"]
)
def test_anything_else_is_not_a_web_address(address: str) -> None:
    with pytest.raises(ValueError, match="must be a web address that starts with http:// or https://"):
        parse_url(address)


def test_one_of_a_few_words() -> None:
    assert one_of("month", ("day", "month")) == "month"
    with pytest.raises(ValueError, match="no such word `mnth`; did you mean `month`"):
        one_of("mnth", ("day", "month"))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("62", 0.01),
        ("1", 0.01),
        ("0.6", 0.01),
        ("0.62", 0.01),
        ("0.295", 0.001),
        (".2817", 0.0001),
        ("", 0.0),
    ],
)
def test_the_step_of_a_printed_share(text: str, step: float) -> None:
    assert rounding_step(text) == step


@pytest.mark.parametrize(
    ("text", "ends", "place"),
    [
        ("6.9", (0, 10), 0.69),
        ("3", (1, 5), 0.5),
        ("1", (1, 5), 0.0),
        ("5", (1, 5), 1.0),
        ("-1", (-2, 2), 0.25),
    ],
)
def test_a_mean_is_its_place_between_the_ends_of_its_scale(
    text: str, ends: tuple[float, float], place: float
) -> None:
    assert parse_mean(text, ends) == pytest.approx(place, abs=1e-15)


@pytest.mark.parametrize("text", ["0.9", "5.1", "69%", "-3", "three"])
def test_a_mean_off_its_scale_is_refused_with_a_number_on_it(text: str) -> None:
    with pytest.raises(
        ValueError, match=rf"its own scale, 1 to 5, got `{re.escape(text)}`: .* as 3\.76, not"
    ):
        parse_mean(text, (1, 5))


def test_the_margin_of_a_mean_is_a_part_of_its_scale() -> None:
    assert parse_mean_margin("0.2", (1, 5)) == pytest.approx(0.05, rel=1e-12)
    assert parse_mean_margin("2", (1, 5)) == 0.5
    for text in ("0", "2.1"):
        with pytest.raises(ValueError, match=rf"own scale, above 0 and at most 2, got `{re.escape(text)}`"):
            parse_mean_margin(text, (1, 5))


@pytest.mark.parametrize(
    ("text", "step"), [("6.9", 0.025), ("6.93", 0.0025), ("7", 0.025), ("7.125", 0.00025), ("", 0.0)]
)
def test_a_mean_is_rounded_as_it_was_printed(text: str, step: float) -> None:
    assert mean_rounding_step(text, (1, 5)) == pytest.approx(step, rel=1e-12)


def test_a_count_that_is_not_a_number_shows_one() -> None:
    with pytest.raises(ValueError, match="write it as 1500"):
        parse_count("many")
