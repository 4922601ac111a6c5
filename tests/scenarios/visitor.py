"""Somebody in a browser: opens pages, follows links by their words, fills in forms by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.site.demo.documents import scan
from tests.scenarios.pages import Node, Page

_STEPS = 5


def paper(name: str = "document") -> SimpleUploadedFile:
    """A scanned paper to attach: a small PDF that says it is invented."""
    return SimpleUploadedFile(f"{name}.pdf", scan(name), "application/pdf")


class Visitor:
    """One person with a browser; `page` is what is on the screen."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = Page("", 0, "")

    def open(self, name: str, *args: object, **query: str) -> Page:
        """Type the address of a page."""
        address = reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")
        return self._get(address)

    def click(self, words: str, beside: str = "") -> Page:
        """Follow the one link with these words (or the first of several to the same place).

        Where several read alike, `beside` is a word of the table's row that is meant.
        """
        links = self.page.links
        if beside:
            rows = [row for row in self.page.main.walk("tr") if beside in row.text]
            links = [(node.text, node.attrs.get("href", "")) for row in rows for node in row.walk("a")]
        exact = {href for text, href in links if text == words}
        found = exact or {href for text, href in links if words in text}
        assert len(found) == 1, f"{len(found)} links {words!r} at {self.page.address}: {self.page.links}"
        return self._get(urljoin(self.page.address, found.pop()))

    def press(self, button: str, values: Mapping[str, Any] | None = None, *, expect: int = 200) -> Page:
        """Fill in the form that has this button, by its labels (or names), and press it."""
        form, pressed = self._form(button)
        fields = _fields(self.page.main, form)
        data = _as_it_stands(fields)
        for label, value in (values or {}).items():
            _fill(self.page.main, fields, data, label, value)
        if pressed.attrs.get("name"):
            data[pressed.attrs["name"]] = pressed.attrs.get("value", "")
        address = urljoin(self.page.address, form.attrs.get("action", ""))
        if form.attrs.get("method", "get").lower() == "get":
            return self._get(f"{urlsplit(address).path}?{urlencode(data, doseq=True)}", expect)
        return self._show(self.client.post(address, data), address, expect)

    def download(self, button: str, values: Mapping[str, Any] | None = None) -> bytes:
        """Fill in a form and press its button, which answers with a file; the page stays as it was."""
        form, _pressed = self._form(button)
        data = {**_as_it_stands(_fields(self.page.main, form)), **(values or {})}
        response = self.client.post(urljoin(self.page.address, form.attrs.get("action", "")), data)
        assert response.status_code == 200, response.status_code
        return bytes(response.content)

    def tick(self) -> list[str]:
        """The values of the boxes of all rows that can be ticked."""
        boxes = [box for table in self.page.main.walk("table") for box in table.walk("input")]
        return [box.attrs["value"] for box in boxes if box.attrs.get("type") == "checkbox"]

    def _form(self, button: str) -> tuple[Node, Node]:
        forms, buttons = list(self.page.main.walk("form")), list(self.page.main.walk("button"))
        found = [(form, one) for form in forms for one in buttons if button in one.text and _belongs(one, form)]
        assert len(found) == 1, f"{len(found)} buttons {button!r} at {self.page.address}: {self.page.text[:600]}"
        return found[0]

    def _get(self, address: str, expect: int = 200) -> Page:
        return self._show(self.client.get(address), address, expect)

    def _show(self, response: Any, address: str, expect: int) -> Page:
        for _step in range(_STEPS):
            if response.status_code not in {301, 302, 303}:
                break
            address = urljoin(address, response["Location"])
            response = self.client.get(address)
        self.page = Page(address, response.status_code, response.content.decode())
        told = [*self.page.problems, *self.page.messages]
        assert response.status_code == expect, f"{address}: {response.status_code} {told} {self.page.text[:300]}"
        return self.page


def _belongs(node: Node, form: Node) -> bool:
    if node.attrs.get("form"):
        return node.attrs["form"] == form.attrs.get("id")
    return any(found is node for found in form.walk(node.tag))


def _fields(main: Node, form: Node) -> list[Node]:
    found = (node for node in main.walk("input", "select", "textarea") if node.attrs.get("name"))
    return [node for node in found if _belongs(node, form)]


def _as_it_stands(fields: list[Node]) -> dict[str, Any]:
    """What a browser would send of a form that nobody touched."""
    data: dict[str, Any] = {}
    for node in fields:
        name, kind = node.attrs["name"], node.attrs.get("type", "text")
        if node.tag == "select":
            options = list(node.walk("option"))
            chosen = [one for one in options if "selected" in one.attrs] or options[:1]
            data[name] = chosen[0].attrs.get("value", "") if chosen else ""
        elif node.tag == "textarea":
            data[name] = node.text
        elif kind in {"checkbox", "radio"}:
            if "checked" in node.attrs:
                value = node.attrs.get("value", "on")
                data[name] = [*data[name], value] if name in data else [value] if kind == "checkbox" else value
        elif kind != "file":
            data[name] = node.attrs.get("value", "")
    return data


def _fill(main: Node, fields: list[Node], data: dict[str, Any], label: str, value: Any) -> None:
    if label == "row":
        data["row"] = value
        return
    node = _labelled(main, fields, label)
    name, kind = node.attrs["name"], node.attrs.get("type", "text")
    if kind in {"checkbox", "radio"}:
        if value:
            data[name] = node.attrs.get("value", "on")
        else:
            data.pop(name, None)
    elif node.tag == "select":
        options = {one.text: one.attrs.get("value", "") for one in node.walk("option")}
        assert value in options, f"{label}: no {value!r} among {list(options)}"
        data[name] = options[value]
    else:
        data[name] = value


def _labelled(main: Node, fields: list[Node], label: str) -> Node:
    found = list(_by_label(main, fields, label))
    names = [node.text for node in main.walk("label", "legend")]
    assert len(found) == 1, f"{len(found)} fields {label!r} among {names}"
    return found[0]


def _by_label(main: Node, fields: list[Node], label: str) -> Iterator[Node]:
    labels = [(node.attrs.get("for", ""), node.text.removesuffix("（选填）").strip()) for node in main.walk("label")]
    ids = {target for target, words in labels if words == label}
    yield from (node for node in fields if node.attrs.get("id") in ids or node.attrs["name"] == label)
