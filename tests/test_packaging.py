"""environment.yml, pyproject.toml and requirements.lock say the same, name by name."""

import ast
import re
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ppp.study import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
CONDA_ONLY = {"python", "pip"}


def requirements(lines):
    parsed = [Requirement(line) for line in lines]
    return {canonicalize_name(item.name): item.specifier for item in parsed}


def declared():
    project = PROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return requirements([*project["dependencies"], *extras])


def conda():
    lines = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    pip = [line for part in lines if isinstance(part, dict) for line in part["pip"]]
    assert "-e ." in pip
    named = [line for line in lines if isinstance(line, str)]
    return requirements([*named, *(line for line in pip if line != "-e .")])


def pins():
    lines = re.findall(r"^([\w.-]+)==(\S+?)(?: ; (.*?))? \\$", LOCK, re.MULTILINE)
    return [(canonicalize_name(name), version, marker) for name, version, marker in lines]


def test_environment_and_project_have_the_same_names():
    assert conda().keys() - CONDA_ONLY == declared().keys()


@pytest.mark.parametrize("name", sorted(declared()))
def test_environment_and_project_have_the_same_range(name):
    assert conda()[name] == declared()[name]


def test_environment_asks_for_the_same_python():
    assert str(conda()["python"]) == PROJECT["project"]["requires-python"]


@pytest.mark.parametrize("name", sorted(declared()))
def test_lock_pins_each_dependency_within_its_range(name):
    versions = [version for pinned, version, _ in pins() if pinned == name]
    assert versions and all(version in declared()[name] for version in versions)


def test_every_pin_has_hashes():
    blocks = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins()) and all("--hash=sha256:" in block for block in blocks)


def test_lock_has_no_address():
    assert "://" not in LOCK and not re.search(r"index-url|find-links|trusted-host", LOCK)


def test_only_conda_forge():
    channels = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["channels"]
    assert channels == ["conda-forge", "nodefaults"]


def test_what_the_library_imports_is_declared():
    names = {
        "bs4": "beautifulsoup4",
        "docx": "python-docx",
        "PIL": "pillow",
        "traitlets": "nbconvert",
    }
    used = set()
    for path in (ROOT / "lib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                used.add(node.module.split(".")[0])
    foreign = used - set(sys.stdlib_module_names) - {"ppp"}
    assert {canonicalize_name(names.get(name, name)) for name in foreign} <= declared().keys()


def test_the_template_is_packaged():
    data = PROJECT["tool"]["setuptools"]["package-data"]["ppp.report"]
    assert "template/*" in data and list((ROOT / "lib/ppp/report/template").glob("*.j2"))
