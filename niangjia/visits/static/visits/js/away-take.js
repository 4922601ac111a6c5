// Takes chosen households along: their forms are asked for once, sealed with the PIN, and kept on this device.
(function () {
  "use strict";
  const away = window.niangjiaAway;
  const form = document.querySelector("form[data-away]");
  if (!form || !away.able()) return;
  const pin = document.getElementById("away-pin");
  const again = document.getElementById("away-pin-again");
  const way = form.querySelector("[data-away-way]");
  let isNew = true;

  function show(selector, is) {
    form.querySelectorAll(selector).forEach(function (one) { one.hidden = !is; });
  }
  function wrong(text) {
    const box = form.querySelector("[data-away-error]");
    box.hidden = !text;
    box.querySelector("p").textContent = text;
    if (text) box.focus();
  }
  async function begin() {
    await away.purge();
    isNew = !(await away.box());
    show("[data-away-new]", isNew);
    show("[data-away-old]", !isNew);
    show("[data-away-cannot]", false);
    show("[data-away-can]", true);
  }
  async function ask() {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type === "opaqueredirect") throw away.refusal("logged_out");
    const told = answer.status === 422 || answer.ok ? await answer.json() : null;
    if (told && told.error) throw Object.assign(new Error(told.error), { isOurs: true });
    if (!told) throw away.refusal(answer.status === 404 ? "not_found" : "not_sent");
    return told;
  }
  // The PIN comes first: nobody is written down as looked at for a PIN that is wrong.
  async function take() {
    if (isNew && pin.value !== again.value) throw away.refusal("differ");
    const key = await (isNew ? away.make(pin.value) : away.unlock(pin.value));
    try {
      const chosen = Array.from(form.querySelectorAll("[name=household]:checked"), function (one) { return one.value; });
      await away.room(key, form.getAttribute("data-who"), chosen);
      await away.add(key, await ask());
    } catch (failed) {
      if (isNew) await away.clear();
      throw failed;
    }
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () { return false; });
    window.location.assign(form.getAttribute("data-away"));
  }
  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    wrong("");
    way.textContent = away.words("taking");
    try {
      await take();
    } catch (failed) {
      wrong(failed.isOurs ? failed.message : away.words("not_sent"));
      way.textContent = "";
      button.disabled = false;
    }
  });
  begin().catch(function () { show("[data-away-can]", false); show("[data-away-cannot]", true); });
})();
