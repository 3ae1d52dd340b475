"""The other half of the mistakes that test_broken_programs.py speaks of."""

import pytest

import programs


@pytest.mark.parametrize(("lab", "name"), programs.SAMPLE[1::2])
def test_a_mistake_is_found_and_explained(lab, name, tmp_path):
    programs.must_fail(lab, name, tmp_path)
