// Sends `settled` instead of `input`: in the middle of pinyin an `input` event carries half a word.
// Use: hx-trigger="settled delay:250ms" hx-sync="this:replace". Enter that ends a composition sends no form.
(function () {
  "use strict";
  function settle(field) {
    field.dispatchEvent(new CustomEvent("settled", { bubbles: true }));
  }
  document.addEventListener("input", function (event) {
    if (!event.isComposing) settle(event.target);
  });
  document.addEventListener("compositionend", function (event) {
    settle(event.target);
  });
  document.addEventListener("keydown", function (event) {
    // 229 is what Safari reports for the Enter that only chose a word.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  });
})();
