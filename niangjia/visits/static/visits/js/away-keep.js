// What an officer takes along on a device: sealed under a key that only his PIN makes, and that is kept nowhere.
// IndexedDB holds a box (salt, rounds, a proof of the PIN, how often it was wrong) and beside it, for each household,
// a sealed form and a sealed photograph with the day on which they go, and whether there is something unsent.
(function () {
  "use strict";
  const NAME = "niangjia-away";
  const ROUNDS = 600000; // PBKDF2 with SHA-256
  const PROOF = "niangjia";
  const MOST = 20;
  const FREE_TRIES = 10;
  const FIRST_WAIT = 30 * 1000;
  const LONGEST_WAIT = 60 * 60 * 1000;
  const DAY = 24 * 60 * 60 * 1000;
  const SOON = 2 * DAY;

  function able() {
    return Boolean(window.indexedDB && window.crypto && window.crypto.subtle && navigator.serviceWorker && window.fetch);
  }
  // A word of the page's own list; the script invents none.
  function words(name, values) {
    const place = document.getElementById("away-words");
    let text = (place && JSON.parse(place.textContent)[name]) || "";
    Object.keys(values || {}).forEach(function (key) { text = text.replace("[" + key + "]", values[key]); });
    return text;
  }
  function refusal(name, values) {
    const error = new Error(words(name, values));
    error.isOurs = true;
    return error;
  }

  let opened = null;
  function database() {
    opened = opened || new Promise(function (resolve, reject) {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = function () {
        ["box", "homes", "pictures"].forEach(function (store) { request.result.createObjectStore(store); });
      };
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = function () { opened = null; reject(request.error); };
    });
    return opened;
  }
  // One transaction: `act` is given the stores and returns the request whose result is wanted.
  async function within(stores, mode, act) {
    const base = await database();
    return new Promise(function (resolve, reject) {
      const transaction = base.transaction(stores, mode);
      const request = act(...stores.map(function (store) { return transaction.objectStore(store); }));
      transaction.oncomplete = function () { resolve(request && request.result); };
      transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
    });
  }

  async function keyOf(pin, salt, rounds) {
    const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: salt, iterations: rounds };
    return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }
  // Bound to its place: what was sealed for one household cannot be put into another's.
  function cipher(iv, place) {
    return { name: "AES-GCM", iv: iv, additionalData: new TextEncoder().encode(place) };
  }
  async function seal(key, place, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv: iv, bytes: await crypto.subtle.encrypt(cipher(iv, place), key, bytes) };
  }
  function unseal(key, place, sealed) {
    return crypto.subtle.decrypt(cipher(sealed.iv, place), key, sealed.bytes);
  }

  // One character again and again, or a row up or down, is the first that anybody tries.
  function isWeak(pin) {
    const steps = new Set();
    for (let at = 1; at < pin.length; at += 1) steps.add(pin.charCodeAt(at) - pin.charCodeAt(at - 1));
    return pin.length < 6 || (steps.size === 1 && [-1, 0, 1].includes([...steps][0]));
  }
  function box() {
    return within(["box"], "readonly", function (store) { return store.get("box"); });
  }
  function putBox(one) {
    return within(["box"], "readwrite", function (store) { return store.put(one, "box"); });
  }
  async function make(pin) {
    if (isWeak(pin)) throw refusal("weak");
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const key = await keyOf(pin, salt, ROUNDS);
    const proof = await seal(key, "box", new TextEncoder().encode(PROOF));
    await putBox({ salt: salt, rounds: ROUNDS, proof: proof, wrong: 0, shut: 0 });
    return key;
  }
  async function unlock(pin) {
    const one = await box();
    const seconds = Math.ceil((one.shut - Date.now()) / 1000);
    if (seconds > 0) throw refusal("wait", { seconds: seconds });
    // Counted before it is tried: who closes the page in between has tried all the same.
    one.wrong += 1;
    if (one.wrong >= FREE_TRIES) {
      one.shut = Date.now() + Math.min(LONGEST_WAIT, FIRST_WAIT * Math.pow(2, one.wrong - FREE_TRIES));
    }
    await putBox(one);
    const key = await keyOf(pin, one.salt, one.rounds);
    try {
      await unseal(key, "box", one.proof);
    } catch (wrong) {
      throw refusal("wrong");
    }
    await putBox(Object.assign(one, { wrong: 0, shut: 0 }));
    return key;
  }

  async function put(key, home) {
    const sealed = await seal(key, home.key, new TextEncoder().encode(JSON.stringify(home)));
    const row = { expires: home.expires, unsent: home.state !== "todo", sealed: sealed };
    await within(["homes"], "readwrite", function (store) { return store.put(row, home.key); });
  }
  function rows() {
    return within(["homes"], "readonly", function (store) { return store.getAll(); });
  }
  function keys() {
    return within(["homes"], "readonly", function (store) { return store.getAllKeys(); });
  }
  async function homes(key) {
    const names = await keys();
    const found = await rows();
    const bytes = await Promise.all(found.map(function (row, at) { return unseal(key, names[at], row.sealed); }));
    const all = bytes.map(function (one) { return JSON.parse(new TextDecoder().decode(one)); });
    return all.sort(function (one, other) { return one.order - other.order; });
  }
  // Asked before anything is handed out: what finds no room here is not written down as taken along.
  async function room(key, who, ids) {
    const here = await homes(key);
    const twice = here.find(function (one) { return ids.includes(one.id); });
    if (here.some(function (one) { return one.who !== who; })) throw refusal("another");
    if (twice) throw refusal("twice", { name: twice.name });
    if (here.length + ids.length > MOST) throw refusal("full", { number: here.length });
  }
  async function add(key, taken) {
    for (const [at, one] of taken.homes.entries()) {
      const name = Array.from(crypto.getRandomValues(new Uint8Array(12)), function (byte) { return byte.toString(36); });
      const mine = { key: name.join(""), who: taken.who, order: Date.now() + at, today: taken.today, taken: Date.now() };
      mine.expires = mine.taken + taken.days * DAY;
      await put(key, Object.assign(mine, one, { state: "todo", values: {} }));
    }
  }
  // With the last household goes the box: the next PIN is chosen anew.
  async function drop(names) {
    await within(["homes", "pictures"], "readwrite", function (store, pictures) {
      names.forEach(function (name) { store.delete(name); pictures.delete(name); });
    });
    if (!(await keys()).length) await clear();
  }
  function clear() {
    return within(["box", "homes", "pictures"], "readwrite", function (one, two, three) {
      [one, two, three].forEach(function (store) { store.clear(); });
    });
  }
  // What is past its day goes, whether it was opened or not; who looks is told how much of it was unsent.
  async function purge() {
    const names = await keys();
    const found = await rows();
    const past = names.filter(function (name, at) { return found[at].expires <= Date.now(); });
    const unsent = found.filter(function (row) { return row.expires <= Date.now() && row.unsent; }).length;
    if (past.length) await drop(past);
    return { number: past.length, unsent: unsent };
  }
  // What can be said without the PIN: the first day on which something unsent goes, where that is near.
  async function expiring() {
    const unsent = (await rows()).filter(function (row) { return row.unsent; });
    const first = Math.min(...unsent.map(function (row) { return row.expires; }));
    return first - Date.now() < SOON ? first : null;
  }

  async function putPicture(key, home, blob) {
    const sealed = await seal(key, home.key + ".picture", await new Response(blob).arrayBuffer());
    await within(["pictures"], "readwrite", function (store) { return store.put(sealed, home.key); });
  }
  async function picture(key, home) {
    const sealed = await within(["pictures"], "readonly", function (store) { return store.get(home.key); });
    if (!sealed) return null;
    return new Blob([await unseal(key, home.key + ".picture", sealed)], { type: home.picture.type });
  }
  function dropPicture(home) {
    return within(["pictures"], "readwrite", function (store) { return store.delete(home.key); });
  }

  window.niangjiaAway = {
    able: able, words: words, refusal: refusal, box: box, make: make, unlock: unlock, homes: homes, room: room, add: add, put: put,
    drop: drop, clear: clear, purge: purge, expiring: expiring, rows: rows, putPicture: putPicture, picture: picture,
    dropPicture: dropPicture,
  };
})();
