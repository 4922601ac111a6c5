// Sends what was done away from the desk: each household by itself, once, and only as whoever took it along.
(function () {
  "use strict";
  const away = window.niangjiaAway;
  const SILENCE = 180000;

  async function ask(address, how) {
    const stop = new AbortController();
    const timer = setTimeout(function () { stop.abort(); }, SILENCE);
    try {
      return await fetch(address, Object.assign({ redirect: "manual", cache: "no-store", signal: stop.signal }, how));
    } finally {
      clearTimeout(timer);
    }
  }
  // Who is logged in, with a token for what is sent; nobody where the site asks to log in.
  async function ready() {
    const answer = await ask("ready/", {});
    if (answer.type === "opaqueredirect") return { who: "", token: "" };
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
  // What is sent, to be compared with what arrived when its answer was lost.
  function content(home) {
    return JSON.stringify([home.values, home.picture || null]);
  }
  async function post(key, home, token) {
    const data = new FormData();
    Object.keys(home.values).forEach(function (name) { data.append(name, home.values[name]); });
    data.append("ticket", home.ticket);
    data.append("told", home.told || "");
    if (home.picture) data.append("photo", await away.picture(key, home), "photo.jpg");
    home.tried = home.tried || content(home);
    await away.put(key, home);
    return ask("send/", { method: "POST", body: data, headers: { "X-CSRFToken": token } });
  }
  function back(home, errors) {
    home.state = "back";
    home.errors = errors;
    home.tried = "";
    return "back";
  }
  async function outcome(home, answer) {
    if (answer.type === "opaqueredirect") return "logged_out";
    if (answer.status === 200) {
      const told = await answer.json();
      if (told.again && home.tried !== content(home)) return back(home, { __all__: [away.words("arrived")] });
      home.url = told.url;
      return "sent";
    }
    if (answer.status === 422 || answer.status === 409) {
      const told = await answer.json();
      home.ask = told.ask ? { sentences: told.ask, told: told.told } : null;
      return back(home, told.errors || {});
    }
    if (answer.status === 404) return back(home, { __all__: [away.words("not_found")] });
    if (answer.status === 413) return back(home, { photo: [away.words("too_large")] });
    return "not_sent";
  }
  // sent: gone from this device. back: kept, with what stands in the way. Anything else stops the sending for now.
  async function send(key, home, token) {
    const how = await outcome(home, await post(key, home, token));
    if (how === "sent") await away.drop([home.key]);
    else await away.put(key, home);
    return how;
  }

  Object.assign(away, { ready: ready, send: send });
})();
