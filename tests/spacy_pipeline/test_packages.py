"""`spacy assemble`, `spacy debug config` and `spacy package`: the pipeline as a folder and as a package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy import util
from spacy.cli import app
from spacy.language import Language
from typer.testing import CliRunner

import trialsift
from tests.spacy_pipeline.builders import TEXT, TEXTS, carried

CONFIG = Path(trialsift.__file__).parent / "spacy_pipeline" / "config.cfg"


def command(*arguments: str | Path) -> str:
    """Runs `spacy …`; what it printed."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_config_is_that_of_load(nlp: Language) -> None:
    made = util.load_model_from_config(util.load_config(CONFIG), auto_fill=True)
    assert made.config == nlp.config
    assert made.pipe_names == nlp.pipe_names
    named = util.load_config(CONFIG)["components"]  # nothing is left to a default that may change
    assert named == {name: dict(nlp.get_pipe_config(name)) for name in nlp.pipe_names}


def test_assemble(nlp: Language, tmp_path: Path) -> None:
    command("assemble", CONFIG, tmp_path / "assembled")
    trialsift.load().to_disk(tmp_path / "saved")  # one that has read no text, whose words would be in its vocabulary
    assert files(tmp_path / "assembled") == files(tmp_path / "saved")
    assert carried(spacy.load(tmp_path / "assembled")(TEXT)) == carried(nlp(TEXT))


def test_assemble_with_settings_of_ones_own(tmp_path: Path) -> None:
    settings = ["--components.trialsift.labels", '["AGE"]', "--components.trialsift.annotate_ents", "true"]
    command("assemble", CONFIG, tmp_path / "ages", *settings)
    doc = spacy.load(tmp_path / "ages")(TEXT)
    assert [ent.label_ for ent in doc.ents] == ["AGE"] == [span.label_ for span in doc.spans["trialsift"]]


def test_debug_config(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "saved")
    config = tmp_path / "saved" / "config.cfg"
    paths = ("--paths.train", "train.spacy", "--paths.dev", "dev.spacy")
    assert "Config is valid" in command("debug", "config", config, *paths)
    text = config.read_text(encoding="utf-8").replace("annotate_ents = false", 'annotate_ents = "perhaps"')
    config.write_text(text, encoding="utf-8")
    refused = CliRunner().invoke(app, ["debug", "config", str(config), *paths])
    assert refused.exit_code == 1
    assert "annotate_ents" in refused.output


REQUIRED = f"trialsift{util.get_minor_version_range(trialsift.__version__)}"


@pytest.mark.parametrize("factory", ["trialsift", "trialsift_context"])
def test_a_pipeline_names_what_it_needs(factory: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(factory)
    assert nlp.meta["requirements"] == [REQUIRED]
    nlp.meta["requirements"] = ["other>=1", "trialsift==0.1.0"]  # what a user says stays
    nlp.replace_pipe(factory, factory)
    assert nlp.meta["requirements"] == ["other>=1", "trialsift==0.1.0"]


def test_a_package_names_what_it_needs(nlp: Language, tmp_path: Path) -> None:
    assert packaged(nlp, tmp_path)[1]["requirements"] == [REQUIRED]


def packaged(nlp: Language, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of the source of a package, and its meta.json."""
    nlp.to_disk(folder / "saved")
    (folder / "package").mkdir()
    command(
        "package", folder / "saved", folder / "package", "--name", "trials", "--version", "1.2.3", "--build", "none"
    )
    source = folder / "package" / "en_trials-1.2.3"
    return source, json.loads((source / "meta.json").read_text(encoding="utf-8"))


def test_the_package_is_installed_and_gives_the_same(nlp: Language, tmp_path: Path) -> None:
    """Built and installed with what is there: `spacy package --build wheel` would ask an index for setuptools."""
    source, _ = packaged(nlp, tmp_path)
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, source, cwd=tmp_path)
    wheel = tmp_path / "en_trials-1.2.3-py3-none-any.whl"
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel, cwd=elsewhere)
    code = (
        "import json, sys, spacy, en_trials\n"
        "texts = json.load(sys.stdin)\n"
        "found = []\n"
        "for nlp in (spacy.load('en_trials'), en_trials.load()):\n"
        "    found.append([[doc._.trialsift, doc._.trialsift_regimens] for doc in nlp.pipe(texts)])\n"
        "print(json.dumps([en_trials.__file__, nlp.meta['version'], found]))\n"
    )
    texts = [TEXT, *TEXTS]
    path = os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH", ""))))
    printed = run("-c", code, cwd=elsewhere, input=json.dumps(texts), env={**os.environ, "PYTHONPATH": path})
    file, version, found = json.loads(printed)
    assert Path(file).is_relative_to(site)
    assert version == "1.2.3"
    assert found == [[[doc._.trialsift, doc._.trialsift_regimens] for doc in nlp.pipe(texts)]] * 2


def run(*arguments: str | Path, cwd: Path, **options: Any) -> str:
    """Runs Python in a process of its own; what it printed."""
    call = [sys.executable, *map(str, arguments)]
    done = subprocess.run(call, cwd=cwd, capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout
