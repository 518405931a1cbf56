"""What `make mutants` changes outside of functions, and which survivors it lets pass."""

from __future__ import annotations

from pathlib import Path

import mutants
import pytest

MODULE = '''"""A docstring is left alone."""

from __future__ import annotations

LEAST: float = 0.90
"""So is the meaning of a constant."""

WORDS = (("probably", 0.80), ("surely", 0.99))
SHOWN = True


class Rule:
    limit = 30

    def applies(self) -> bool:
        return self.limit > 7


def hidden(n: int) -> bool:
    return n < 10
'''


def test_every_number_text_and_truth_value_outside_of_functions_is_changed() -> None:
    after = {change.after for change, _ in mutants.constant_changes(MODULE)}
    assert after == {
        "LEAST: float = 0.81",
        "LEAST: float = 0.99",
        "WORDS = (('XXprobablyXX', 0.80), (\"surely\", 0.99))",
        "WORDS = ((\"probably\", 0.80), ('XXsurelyXX', 0.99))",
        'WORDS = (("probably", 0.72), ("surely", 0.99))',
        'WORDS = (("probably", 0.88), ("surely", 0.99))',
        'WORDS = (("probably", 0.80), ("surely", 0.891))',
        'WORDS = (("probably", 0.80), ("surely", 1.089))',
        "SHOWN = False",
        "limit = 27",
        "limit = 33",
    }


def test_one_constant_is_changed_at_a_time_and_the_module_still_compiles() -> None:
    for change, text in mutants.constant_changes(MODULE):
        compile(text, "module", "exec")
        lines = [
            (old, new) for old, new in zip(MODULE.splitlines(), text.splitlines(), strict=True) if old != new
        ]
        assert [(old.strip(), new.strip()) for old, new in lines] == [(change.before, change.after)]


def test_letters_of_two_bytes_do_not_shift_the_change() -> None:
    changes = list(mutants.constant_changes('WORD = ("тревога", 5)\n'))
    assert changes[-1][0].after == 'WORD = ("тревога", 6)'


def test_only_a_listed_change_with_a_reason_is_let_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "mutants.md"
    page.write_text(
        "# Changes\n\n## a/b.py\n\n- `f`: ``x > 0`` → ``x >= 0``: x is never 0.\n- `f`: ``y`` → ``z``: \n\n"
        "## c/d.py\n\n- `g`: ``1`` → ``2``: not looked at.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(mutants, "EQUIVALENT", page)
    assert mutants.equivalent_changes("a/b.py") == {mutants.Change("f", "x > 0", "x >= 0")}
    assert mutants.equivalent_changes("e/f.py") == set()


def test_a_mutant_as_mutmut_shows_it_becomes_one_line_before_and_after() -> None:
    shown = (
        "# m.xǁRuleǁapplies__mutmut_3: survived\n--- a\n+++ b\n@@ -1,3 +1,3 @@\n"
        " def applies(self):\n-    return 1\n+    return 2\n"
    )
    change = mutants.shown_change("m.xǁRuleǁapplies__mutmut_3", shown)
    assert change == mutants.Change("Rule.applies", "return 1", "return 2")


def test_every_module_and_its_tests_are_there(repository: Path) -> None:
    for module, tests in mutants.TARGETS.items():
        assert (repository / mutants.PACKAGE / module).is_file(), f"`{module}` is not a module"
        assert tests
        assert all((repository / test).exists() for test in tests), f"a test of `{module}` is not there"
