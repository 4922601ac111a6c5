// Small manners of every page, each working through data attributes; without script all is still there.
(function () {
  "use strict";
  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }
  function trouble(kind) {
    var box = document.getElementById("trouble");
    if (!box) return;
    box.textContent = box.getAttribute("data-" + kind);
    box.hidden = false;
    box.focus();
  }

  // A failed fragment tells what is safe; the form keeps what was typed.
  document.addEventListener("htmx:sendError", function () { trouble("offline"); });
  document.addEventListener("htmx:timeout", function () { trouble("offline"); });
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status >= 500) trouble("broken");
    else if (event.detail.xhr.status !== 401) trouble("refused");
  });
  document.addEventListener("htmx:beforeRequest", function () {
    var box = document.getElementById("trouble");
    if (box) box.hidden = true;
  });
  // After a swap the reader stands at the new heading.
  document.addEventListener("htmx:afterSettle", function (event) {
    var target = event.detail.elt.querySelector("[data-focus]");
    if (target) {
      target.setAttribute("tabindex", "-1");
      target.focus();
    }
    arrange(event.detail.elt);
  });

  // Buttons that need script stay hidden without it.
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-print]")) window.print();
  });

  // Chosen rows: how many, how much.
  document.addEventListener("change", function (event) {
    var form = event.target.closest ? event.target.closest("[data-selection]") : null;
    if (form && event.target.type === "checkbox") count(form, event.target);
  });
  function count(form, box) {
    var boxes = all("input[type=checkbox][data-fen]", form);
    if (box && box.hasAttribute("data-all")) boxes.forEach(function (one) { one.checked = box.checked; });
    var chosen = boxes.filter(function (one) { return one.checked; });
    var fen = chosen.reduce(function (sum, one) { return sum + Number(one.getAttribute("data-fen")); }, 0);
    all(".selection", form).forEach(function (bar) {
      if (chosen.length) bar.removeAttribute("data-none");
      else bar.setAttribute("data-none", "");
    });
    all("[data-chosen-count]", form).forEach(function (place) { place.textContent = String(chosen.length); });
    all("[data-chosen-sum]", form).forEach(function (place) { place.textContent = yuan(fen); });
  }
  function yuan(fen) {
    var rest = fen % 100;
    return String((fen - rest) / 100).replace(/\B(?=(\d{3})+$)/g, ",") + "." + (rest < 10 ? "0" : "") + rest;
  }

  // Undo leaves when its time is over, unless somebody stands on it.
  function expire(box) {
    setTimeout(function () {
      if (box.contains(document.activeElement)) expire(box);
      else box.hidden = true;
    }, Number(box.getAttribute("data-undo")) * 1000);
  }
  function arrange(root) {
    all("[data-needs-script]", root).forEach(function (one) { one.hidden = false; });
    all("[data-undo]", root).forEach(expire);
    all("[data-selection]", root).forEach(function (form) { count(form, null); });
  }
  // Each creating form is sent once, however often the button is pressed.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.getAttribute("data-sent")) event.preventDefault();
    form.setAttribute("data-sent", "yes");
    setTimeout(function () { form.removeAttribute("data-sent"); }, 4000);
  });
  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", function () {
    all("form[data-sent]").forEach(function (form) { form.removeAttribute("data-sent"); });
  });
  document.documentElement.setAttribute("data-script", "on");
  var summary = document.querySelector("[data-focus-first]");
  if (summary) summary.focus();
  document.addEventListener("arranged", function () { arrange(document); });
  arrange(document);
})();
