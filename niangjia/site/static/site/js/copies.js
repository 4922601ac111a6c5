// Copying: the words of an element (data-copy), and for every number that opens its list the sentence that list says
// of itself: what has data-count (or data-copies) gets the button that stands once on the page as <template id="copy-count">.
(function () {
  "use strict";
  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }
  function say(text) {
    var live = document.getElementById("live");
    if (live) live.textContent = text;
  }
  function told(button, name) { return button.getAttribute("data-" + name) || ""; }

  // A tab's number is copied where the tab leads; a number of none opens nothing.
  function arrange(root) {
    var pattern = document.getElementById("copy-count");
    if (!pattern || !pattern.content || !window.fetch) return;
    all("a[data-count],a[data-copies]", root).forEach(function (link) {
      if (link.nextElementSibling && link.nextElementSibling.classList.contains("copy-count")) return;
      var button = pattern.content.firstElementChild.cloneNode(true);
      var words = told(button, "copy-label") + link.textContent.replace(/\s+/g, " ").trim();
      button.setAttribute("aria-label", words);
      button.title = words;
      link.insertAdjacentElement("afterend", button);
      var cell = link.parentNode;
      if (cell.tagName === "TD") cell.classList.add("has-copy");
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-copy],.copy-count") : null;
    if (!button) return;
    if (button.hasAttribute("data-copy")) words(button);
    else sentence(button);
  });

  function words(button) {
    var source = document.getElementById(told(button, "copy"));
    put(Promise.resolve((source.value || source.textContent).trim())).then(function () {
      say(told(button, "copied"));
      button.textContent = told(button, "copied");
    }, function () {
      // By hand, then: the words are marked.
      window.getSelection().selectAllChildren(source);
    });
  }
  function sentence(button) {
    if (button.classList.contains("copy-busy")) return;
    button.classList.add("copy-busy");
    var asked = fetch(button.previousElementSibling.href, { credentials: "same-origin", headers: { Accept: "text/plain" } })
      .then(function (answer) {
        if (!answer.ok || (answer.headers.get("Content-Type") || "").indexOf("text/plain") !== 0) throw new Error();
        return answer.text();
      });
    put(asked).then(function () {
      button.classList.remove("copy-busy");
      button.classList.add("copy-done");
      say(told(button, "copied"));
      window.setTimeout(function () { button.classList.remove("copy-done"); }, 4000);
    }, function () {
      button.classList.remove("copy-busy");
      var box = document.getElementById("trouble");
      box.textContent = told(button, "failed");
      box.hidden = false;
      asked.then(function (text) { box.textContent = text; window.getSelection().selectAllChildren(box); }, function () {});
    });
  }

  // Safari takes only a promise given at the press itself; the others take the text when it is there; pages without
  // TLS have no clipboard, and the old command takes what is marked.
  function put(text) {
    if (navigator.clipboard && window.ClipboardItem && navigator.clipboard.write) {
      try {
        var item = new ClipboardItem({ "text/plain": text.then(function (words) { return new Blob([words], { type: "text/plain" }); }) });
        return navigator.clipboard.write([item]).catch(function () { return text.then(late); });
      } catch (old) { /* takes no promise */ }
    }
    return text.then(late);
  }
  function late(words) {
    return navigator.clipboard ? navigator.clipboard.writeText(words).catch(function () { return byHand(words); }) : byHand(words);
  }
  function byHand(words) {
    var before = document.activeElement;
    var area = document.createElement("textarea");
    area.className = "visually-hidden";
    area.value = words;
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand("copy");
    document.body.removeChild(area);
    if (before && before.focus) before.focus();
    if (!done) throw new Error();
  }

  document.addEventListener("htmx:afterSettle", function (event) { arrange(event.detail.elt); });
  document.addEventListener("arranged", function () { arrange(document); });
  arrange(document);
})();
