"""The judge is judged: the reference solution of each lab passes whole."""

import pytest

import programs
from iolab.grade import labs


@pytest.mark.parametrize("lab", labs.NAMES)
def test_the_reference_passes(lab, tmp_path):
    programs.must_pass(lab, programs.reference(lab), tmp_path)
