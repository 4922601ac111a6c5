// One key per answer where an officer decides row after row: data-key="1" on a button. The switch
// [data-keys-switch] turns the keys off (they would bother a screen reader) and is remembered.
(function () {
  "use strict";
  var MEMORY = "keys-off";
  function box() { return document.querySelector("[data-keys-switch]"); }
  function remembered() {
    try { return window.localStorage.getItem(MEMORY); } catch (refused) { return null; }
  }
  if (box()) box().checked = remembered() !== "yes";
  document.addEventListener("change", function (event) {
    if (!event.target.hasAttribute("data-keys-switch")) return;
    try { window.localStorage.setItem(MEMORY, event.target.checked ? "no" : "yes"); } catch (refused) { /* not remembered */ }
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (box() && !box().checked) return;
    var typing = event.target.closest && event.target.closest("textarea,select,input:not([type=checkbox]):not([type=radio])");
    if (typing || !/^[0-9a-z]$/.test(event.key)) return;
    var button = document.querySelector('[data-key="' + event.key + '"]:not([disabled])');
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  });
})();
