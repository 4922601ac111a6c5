// The page of what was taken along: opened with the PIN, filled in without a network, sent when there is one.
(function () {
  "use strict";
  const away = window.niangjiaAway;
  const IDLE = 10 * 60 * 1000;
  const PARTS = ["empty", "unlock", "list", "home"];
  let key = null;
  let homes = [];
  let now = null; // the household whose form is open
  let sending = false;
  let saving = Promise.resolve();
  let idle = null;

  function at(name) { return document.getElementById("away-" + name); }
  function show(name) {
    PARTS.forEach(function (one) { at(one).hidden = one !== name; });
    at("all").hidden = name === "empty" || name === "home";
  }
  function tell(text) {
    at("told").textContent = text;
    at("told").hidden = !text;
  }
  function dayOf(moment) {
    return new Date(moment).toLocaleDateString(document.documentElement.lang, { month: "long", day: "numeric" });
  }
  function fill(list, texts) {
    list.textContent = "";
    texts.forEach(function (text) { list.appendChild(document.createElement("li")).textContent = text; });
  }
  // A button that takes something away asks once more.
  function onceMore(button, question, act) {
    const words = button.textContent;
    button.addEventListener("click", async function () {
      if (button.isAsked) { button.isAsked = false; button.textContent = words; return act(); }
      button.isAsked = true;
      button.textContent = await question();
      button.addEventListener("blur", function () { button.isAsked = false; button.textContent = words; }, { once: true });
    });
  }

  // The list.
  function line(home) {
    const item = document.createElement("li");
    const what = item.appendChild(document.createElement("span"));
    what.className = "due-what";
    what.appendChild(document.createElement("b")).textContent = home.name;
    what.appendChild(document.createTextNode(" · " + home.address + " "));
    what.appendChild(document.getElementById("away-tag-" + home.state).content.cloneNode(true));
    const until = item.appendChild(document.createElement("span"));
    until.className = "due-when small";
    until.textContent = away.words("until", { day: dayOf(home.expires) });
    const button = item.appendChild(document.createElement("button"));
    button.className = "button due-next";
    button.type = "button";
    button.textContent = away.words({ todo: "fill", begun: "go_on", done: "go_on", back: "look" }[home.state]);
    const whose = button.appendChild(document.createElement("span"));
    whose.className = "visually-hidden";
    whose.textContent = " " + home.name;
    button.disabled = sending;
    button.addEventListener("click", function () { open(home); });
    return item;
  }
  function draw() {
    at("homes").textContent = "";
    homes.forEach(function (home) { at("homes").appendChild(line(home)); });
    at("send").hidden = !homes.some(function (one) { return one.state === "done"; });
    at("send").disabled = sending;
  }
  async function list() {
    now = null;
    await away.purge(); // a tablet may sleep for days with this page open
    homes = await away.homes(key);
    if (!homes.length) { show("empty"); return; }
    draw();
    show("list");
    await warn();
  }
  async function warn() {
    const first = await away.expiring();
    at("warning").hidden = first === null;
    at("warning").textContent = first === null ? "" : away.words("expiring", { day: dayOf(first) });
  }
  function gone(home) {
    at("gone").hidden = false;
    const item = at("gone").appendChild(document.createElement("p"));
    item.className = "notice notice-success";
    const link = item.appendChild(document.createElement("a"));
    link.href = home.url;
    link.textContent = away.words("sent", { name: home.name });
  }

  // The form of one household.
  function fields() {
    return Array.prototype.filter.call(at("form").querySelectorAll("[name]"), function (one) { return one.type !== "file"; });
  }
  function restore(home) {
    fields().forEach(function (one) {
      if (one.name === "visited_on" && home.state === "todo") one.value = today(home);
      if (!(one.name in home.values) && home.state === "todo") return;
      const value = home.values[one.name] || "";
      if (one.type === "radio") one.checked = one.value === value;
      else one.value = value;
    });
  }
  // The day by the house's clock when the form was handed out, and by this device's since: its own may be wrong.
  function today(home) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(home.taken).setHours(0, 0, 0, 0)) / 86400000);
    const day = new Date(home.today + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() + days);
    return day.toISOString().slice(0, 10);
  }
  function collect() {
    const values = {};
    fields().forEach(function (one) {
      if (one.type === "radio" ? one.checked : one.value) values[one.name] = one.value;
    });
    return values;
  }
  function open(home) {
    now = home;
    at("name").textContent = home.name;
    at("form").innerHTML = home.html; // as this house sent it, unsealed with a proof that nobody changed it
    restore(home);
    wrong(home);
    at("text").value = asText();
    at("saved").textContent = "";
    picture(home.picture);
    place();
    tell("");
    show("home");
    at("name").focus();
  }
  function wrong(home) {
    const errors = home.errors || {};
    const texts = [];
    at("form").querySelectorAll(".field-wrong").forEach(function (field) { field.classList.remove("field-wrong"); });
    Object.keys(errors).forEach(function (name) {
      const input = at("form").querySelector('[name="' + name + '"]');
      const field = input && input.closest(".field");
      if (field) field.classList.add("field-wrong");
      texts.push((field ? labelOf(field) + away.words("colon") : "") + errors[name].join(" "));
    });
    fill(at("wrong"), texts);
    at("errors").hidden = !texts.length;
    fill(at("happened"), home.ask ? home.ask.sentences : []);
    at("ask").hidden = !home.ask;
  }
  function labelOf(field) {
    return field.querySelector(".field-label").firstChild.textContent.trim().replace(/[?？。.]$/, "");
  }
  // Every change at once, one after the other: an older state never overtakes a newer one.
  function save(changed) {
    const home = now;
    Object.assign(home, { values: collect(), state: "begun" }, changed);
    saving = saving.then(function () { return away.put(key, home); }).then(function () {
      at("saved").textContent = away.words("saved");
    }, function () {
      at("saved").textContent = away.words("not_kept");
    });
    at("text").value = asText();
    return saving;
  }
  function asText() {
    const lines = [now.name + " · " + now.address];
    at("form").querySelectorAll(".field").forEach(function (field) {
      const input = field.querySelector("select,textarea,input:checked,input:not([type=radio]):not([type=hidden]):not([type=file])");
      if (!input || !input.value) return;
      const chosen = input.type === "radio" ? input.closest("label").textContent.trim() : input.value;
      lines.push(labelOf(field) + away.words("colon") + (input.selectedOptions ? input.selectedOptions[0].textContent : chosen));
    });
    return lines.join("\n");
  }

  function picture(kept) {
    const size = kept ? Math.max(1, Math.round(kept.size / 1024)) + "KB" : "";
    at("form").querySelector("[data-picture]").textContent = away.words(kept ? "picture_kept" : "picture_none", { size: size });
    at("form").querySelector("[data-picture-away]").hidden = !kept;
  }
  async function photographed(input) {
    const blob = input.prepared && input.prepared[0] && input.prepared[0].file;
    if (!blob || !/^image\//.test(blob.type)) return tellPicture("picture_wrong");
    try {
      await away.putPicture(key, now, blob);
    } catch (full) {
      return tellPicture("not_kept");
    }
    now.picture = { type: blob.type, size: blob.size, at: Date.now() };
    picture(now.picture);
    input.value = "";
    return save();
  }
  function tellPicture(word) { at("form").querySelector("[data-picture]").textContent = away.words(word); }
  function place() {
    const around = at("form").querySelector("[name=accuracy]").value;
    const is = Boolean(at("form").querySelector("[name=latitude]").value);
    at("form").querySelector("[data-place]").textContent = away.words(is ? "place_kept" : "place_none", { metres: around });
    at("form").querySelector("[data-place-away]").hidden = !is;
  }
  function placed(north, east, around) {
    at("form").querySelector("[name=latitude]").value = north;
    at("form").querySelector("[name=longitude]").value = east;
    at("form").querySelector("[name=accuracy]").value = around;
    place();
    return save();
  }
  function askPlace() {
    const home = now;
    const told = at("form").querySelector("[data-place]");
    told.textContent = away.words("place_asking");
    navigator.geolocation.getCurrentPosition(function (found) {
      const here = found.coords;
      if (now === home) placed(here.latitude.toFixed(5), here.longitude.toFixed(5), Math.ceil(here.accuracy));
    }, function () { told.textContent = away.words("place_failed"); }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  }
  at("form").addEventListener("input", function (event) { if (event.target.type !== "file") save(); });
  at("form").addEventListener("change", function (event) { if (event.target.type !== "file") save(); });
  at("form").addEventListener("shrunk", function (event) { photographed(event.target); });
  at("form").addEventListener("submit", function (event) { event.preventDefault(); });
  at("form").addEventListener("click", function (event) {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.hasAttribute("data-place-ask")) askPlace();
    if (pressed.hasAttribute("data-place-away")) placed("", "", "");
    if (pressed.hasAttribute("data-picture-away")) { away.dropPicture(now); now.picture = null; picture(null); save(); }
  });
  // What the server would send back is said while the household can still be asked.
  function incomplete() {
    const errors = {};
    const said = collect();
    const shapes = { fen: /^\D?[\d,，]+(\.\d{1,2})?\D?$/, int: /^-?\d+$/ };
    fields().forEach(function (one) {
      const kind = one.getAttribute("data-asks");
      if (shapes[kind] && one.value.trim() && !shapes[kind].test(one.value.trim())) errors[one.name] = [away.words(kind)];
    });
    if (/^(recheck|review)$/.test(said.purpose) && said.verdict === "open") errors.verdict = [away.words("verdict")];
    const since = said.better_since;
    if (said.verdict === "better" && (!since || since > said.visited_on)) errors.better_since = [away.words("since")];
    return Object.keys(errors).length ? errors : null;
  }
  at("done").addEventListener("click", async function () {
    const errors = incomplete();
    if (errors) {
      await save({ errors: errors, ask: null });
      wrong(now);
      at("errors").focus();
      return;
    }
    await save({ state: "done", errors: null, ask: null });
    await list();
    send();
  });
  at("anyway").addEventListener("click", async function () {
    await save({ state: "done", errors: null, told: now.ask.told, ask: null });
    await list();
    send();
  });
  at("back").addEventListener("click", async function () { await saving; await list(); send(); });
  at("copy").addEventListener("click", function () {
    at("text").select();
    document.execCommand("copy");
    at("saved").textContent = away.words("copied");
  });
  onceMore(at("drop"), function () { return away.words("sure"); }, async function () {
    await away.drop([now.key]);
    await list();
  });

  // Sending: by itself whenever the list is shown and there is a network, and at the button.
  async function send() {
    const done = homes.filter(function (one) { return one.state === "done" && !(now && now.key === one.key); });
    if (!key || sending || !done.length) return;
    sending = true;
    draw();
    tell(away.words("sending"));
    let how = "";
    try {
      how = await sendAll(done);
    } catch (broken) {
      how = navigator.onLine ? "not_sent" : "offline";
    }
    sending = false;
    if (!key) return;
    at("login").hidden = how !== "logged_out";
    tell(away.words(how));
    if (!now) await list();
  }
  async function sendAll(done) {
    const answer = await away.ready();
    if (!answer.who) return "logged_out";
    let how = "all_sent";
    for (const home of done) {
      if (home.who !== answer.who) return "other_account";
      const one = await away.send(key, home, answer.token);
      if (one === "sent") gone(home);
      else if (one === "back") how = "came_back";
      else return one;
      homes = await away.homes(key);
      draw();
    }
    return how;
  }
  at("send").addEventListener("click", send);
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", function () { if (!document.hidden && !now) send(); });

  // Opening and locking.
  function lock() {
    key = null;
    homes = [];
    now = null;
    ["form", "homes", "gone", "name"].forEach(function (name) { at(name).textContent = ""; });
    at("gone").hidden = true;
    at("text").value = "";
    show("unlock");
    tell(away.words("locked"));
  }
  at("lock").addEventListener("click", lock);
  function awake() {
    window.clearTimeout(idle);
    idle = window.setTimeout(function () { if (key) saving.then(lock); }, IDLE);
  }
  ["pointerdown", "keydown"].forEach(function (name) { document.addEventListener(name, awake); });
  at("unlock").addEventListener("submit", async function (event) {
    event.preventDefault();
    const button = at("unlock").querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    at("pin-error").hidden = true;
    try {
      key = await away.unlock(at("pin").value);
      at("pin").value = "";
      tell("");
      await list();
      send();
    } catch (failed) {
      at("pin-error").textContent = failed.isOurs ? failed.message : String(failed);
      at("pin-error").hidden = false;
      at("pin").select();
    }
    button.disabled = false;
  });
  async function clearAll() {
    await away.clear();
    const registration = await navigator.serviceWorker.getRegistration();
    if (registration) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith("niangjia-away-")) await caches.delete(name);
    lock();
    show("empty");
    at("warning").hidden = true;
    tell(away.words("removed"));
  }
  onceMore(at("clear"), async function () {
    const unsent = (await away.rows()).filter(function (row) { return row.unsent; }).length;
    return unsent ? away.words("sure_unsent", { number: unsent }) : away.words("sure");
  }, clearAll);

  async function begin() {
    const past = await away.purge();
    const box = await away.box();
    at("cannot").hidden = true;
    show(box ? "unlock" : "empty");
    if (past.number) tell(away.words("expired", past));
    await warn();
    if (box) at("pin").focus();
    at("ready").textContent = away.words("not_ready");
    await navigator.serviceWorker.register("worker.js", { scope: "./" }).catch(function () { return null; });
    await navigator.serviceWorker.ready;
    at("ready").textContent = away.words("ready");
  }
  if (away.able()) begin().catch(function () { PARTS.forEach(function (one) { at(one).hidden = true; }); at("cannot").hidden = false; });
})();
