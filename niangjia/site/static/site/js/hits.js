// Arrow keys between the search box and what it found: down to the first, along them, up and back to the box.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var box = document.querySelector("[data-hits-of]");
    if (!box || event.isComposing || event.keyCode === 229) return;
    var hits = Array.prototype.slice.call(document.getElementById(box.getAttribute("data-hits-of")).querySelectorAll("[data-hit]"));
    var at = event.target === box ? -1 : hits.indexOf(event.target);
    if (event.target !== box && at < 0) return;
    var to = at;
    if (event.key === "ArrowDown") to = Math.min(at + 1, hits.length - 1);
    else if (event.key === "ArrowUp") to = at - 1;
    else if (event.key === "Escape" && at >= 0) to = -1;
    if (to === at) return;
    event.preventDefault();
    (to < 0 ? box : hits[to]).focus();
  });
})();
