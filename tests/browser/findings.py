"""What axe finds on a page as it stands."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALIKE = "data-alike"
# Three quarters of axe's time go into contrast, and most of those into rows of a table that are drawn alike. What has
# the shape of a sibling before it (the same tags with the same classes, styles and states, at an odd place or at an
# even one, as rows may be striped) has its colours too: of these the first is looked at. Every other rule sees all.
LOOK = f"""
async () => {{
  const ours = /^(?:class|style|type)$/;
  const shape = one => one.tagName + one.getAttributeNames().sort().map(
    name => " " + name + (ours.test(name) ? "=" + one.getAttribute(name) : "")
  ).join("") + "(" + [...one.children].map(shape).join("") + ")";
  for (const parent of document.body.querySelectorAll("*")) {{
    const seen = new Set();
    [...parent.children].forEach((child, at) => {{
      const key = at % 2 + shape(child);
      if (seen.has(key)) child.setAttribute("{ALIKE}", "");
      seen.add(key);
    }});
  }}
  // What passed is counted and sent over too, unless it is said that nobody asks.
  const asked = {{resultTypes: ["violations"]}};
  const found = await axe.run(document, {{...asked, rules: {{"color-contrast": {{enabled: false}}}}}});
  const contrast = await axe.run({{exclude: [["[{ALIKE}]"]]}}, {{...asked, runOnly: ["color-contrast"]}});
  document.querySelectorAll("[{ALIKE}]").forEach(one => one.removeAttribute("{ALIKE}"));
  return [...found.violations, ...contrast.violations];
}}
"""


def serious_findings(page: Page) -> list[str]:
    """The serious and critical ones, each with the first place it was found at."""
    page.evaluate(Axe().axe_script)
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in page.evaluate(LOOK)
        if one["impact"] in {"serious", "critical"}
    ]
