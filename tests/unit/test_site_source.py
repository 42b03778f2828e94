"""What `make docs` gives to mkdocs: every document, and every link between them."""

import importlib.util
import re
from pathlib import Path

import pytest

from tests.support.process import ROOT

_spec = importlib.util.spec_from_file_location("site_of_documents", ROOT / ".ci" / "site.py")
assert _spec is not None
assert _spec.loader is not None
site = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(site)


@pytest.mark.parametrize("repository", ["", "https://code.example/visnyk"])
def test_every_link_between_documents_leads_somewhere_and_those_to_code_into_the_repository(
    repository: str, tmp_path: Path
) -> None:
    into = tmp_path / "source"
    site.collect(ROOT, into, repository)
    pages = sorted(into.rglob("*.md"))
    assert len(pages) == len(list((ROOT / "docs").rglob("*.md"))) + 3
    code = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
            assert into in (page.parent / target).resolve().parents
        found = re.findall(r"\]\(https://code\.example/visnyk/([^)#]+)", text)
        assert all((ROOT / path).exists() for path in found)
        code += len(found)
    assert bool(code) is bool(repository)


def test_every_page_of_the_menu_is_there(tmp_path: Path) -> None:
    site.collect(ROOT, tmp_path / "source", "")
    menu = re.findall(r": ([\w/.-]+\.md)$", (ROOT / ".ci" / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(menu) > 10
    assert [name for name in menu if not (tmp_path / "source" / name).exists()] == []
