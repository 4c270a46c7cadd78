"""How a user installs an extra."""

from __future__ import annotations

import pytest

from trialsift.model.extras import format_install_command


@pytest.mark.parametrize("command", ["pip install 'trialsift[pdf]'", "pip install -e '.[pdf]'"])
def test_the_package_and_a_checkout_have_a_command_each(command: str) -> None:
    assert f"`{command}`" in format_install_command("pdf")
