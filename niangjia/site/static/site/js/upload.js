// Photographs are shrunk before they travel (4 to 8 MB on a village network never arrive), travel one by one in
// parts that go on after a broken connection, and the way is shown. For input[type=file] with
//   data-shrink    the longest side in pixels that is enough (1600 where it says nothing),
//   data-uploads   the address of uploads in parts; the form follows with their numbers,
//   data-progress  nothing but the bar: a table that travels with its form.
// Without script, and where this does not work, the same form is sent as it is.
(function () {
  "use strict";
  var SIDE = 1600;
  var BYTES = 400 * 1024; // of a photograph of that side
  var PART = 64 * 1024;
  var TRIES = 8;
  var SILENCE = 180000; // milliseconds without a byte moving
  var FIELDS = "input[type=file][data-shrink],input[type=file][data-uploads],input[type=file][data-progress]";

  function size(bytes) {
    return bytes < 1024 * 1024 ? Math.max(1, Math.round(bytes / 1024)) + "KB" : (bytes / 1024 / 1024).toFixed(1) + "MB";
  }
  function words(input, word, values) {
    var place = document.getElementById(input.id + "_note");
    var text = (place && place.getAttribute("data-" + word)) || "";
    Object.keys(values || {}).forEach(function (key) { text = text.replace("[" + key + "]", values[key]); });
    return text;
  }
  function tell(input, text) {
    var place = document.getElementById(input.id + "_note");
    if (place) place.textContent = text;
  }
  // Where several may be chosen each has a line of its own, with its own bar.
  function line(input, at) {
    var list = document.getElementById(input.id + "_list");
    return (list && list.children[at]) || null;
  }
  function note(input, at, word, values) {
    var own = line(input, at);
    if (own) own.querySelector("span").textContent = words(input, word, values);
    else tell(input, words(input, word, values));
  }
  function bar(input, at, percent) {
    var own = line(input, at);
    var found = own ? own.querySelector("progress") : document.getElementById(input.id + "_bar");
    if (!found) return;
    found.hidden = percent === null;
    if (percent !== null) found.value = percent;
  }
  function lines(input) {
    var list = document.getElementById(input.id + "_list");
    if (!list) return;
    list.textContent = "";
    input.prepared.forEach(function (one) {
      var item = document.createElement("li");
      ["b", "progress", "span"].forEach(function (name) { item.appendChild(document.createElement(name)); });
      item.children[0].textContent = one.name;
      item.children[1].max = 100;
      item.children[1].hidden = true;
      item.children[1].setAttribute("aria-label", one.name);
      list.appendChild(item);
    });
  }

  function smaller(canvas, quality, limit, done) {
    canvas.toBlob(function (blob) {
      if (!blob || blob.size <= limit.bytes || quality <= limit.quality) done(blob);
      else smaller(canvas, quality - 0.1, limit, done);
    }, "image/jpeg", quality);
  }
  function shrink(file, limit, done) {
    var address = URL.createObjectURL(file);
    var image = new Image();
    image.onerror = function () { URL.revokeObjectURL(address); done(null); };
    image.onload = function () {
      var scale = Math.min(1, limit.side / Math.max(image.naturalWidth, image.naturalHeight));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale);
      canvas.height = Math.round(image.naturalHeight * scale);
      var pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      smaller(canvas, 0.82, limit, function (blob) { canvas.width = 0; done(blob); });
    };
    image.src = address;
  }
  // Print on a sheet must stay legible: where more pixels are asked for, more bytes and a better quality go with them.
  function limitOf(input) {
    var side = Number(input.getAttribute("data-shrink")) || SIDE;
    return { side: side, bytes: BYTES * (side / SIDE) * (side / SIDE), quality: side > SIDE ? 0.6 : 0.4 };
  }
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches(FIELDS)) return;
    var turn = input.turn = (input.turn || 0) + 1;
    input.prepared = Array.prototype.map.call(input.files, function (file) {
      return { file: file, name: file.name, stamp: file.lastModified };
    });
    input.waiting = true;
    lines(input);
    next(0);
    // One after the other: thirty photographs unfolded at once are more than a telephone holds.
    function next(at) {
      if (input.turn !== turn) return;
      var one = input.prepared[at];
      if (!one) {
        input.waiting = false;
        input.dispatchEvent(new CustomEvent("shrunk", { bubbles: true }));
        return;
      }
      var file = one.file;
      var limit = limitOf(input);
      note(input, at, "chosen", { size: size(file.size) });
      if (!input.hasAttribute("data-shrink") || !/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= limit.bytes) return next(at + 1);
      note(input, at, "shrinking");
      shrink(file, limit, function (blob) {
        if (input.turn !== turn) return;
        if (blob && blob.size < file.size) {
          one.file = blob;
          one.name = file.name.replace(/\.\w+$/, "") + ".jpg";
          note(input, at, "shrunk", { before: size(file.size), size: size(blob.size) });
        } else note(input, at, "chosen", { size: size(file.size) });
        next(at + 1);
      });
    }
  });

  // Safari 14 does not say which button sent a form.
  var pressed = null;
  document.addEventListener("click", function (event) {
    pressed = event.target.closest ? event.target.closest("button") : null;
  });
  // The answer is put in place of the page, as the browser would.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var inputs = Array.prototype.filter.call(form.querySelectorAll(FIELDS), function (input) {
      return input.files.length && input.prepared;
    });
    if (!inputs.length || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    event.preventDefault();
    if (form.sending) return;
    form.sending = true;
    var button = event.submitter || (pressed && form.contains(pressed) ? pressed : form.querySelector("button:not([type=button])"));
    whenReady();
    function whenReady() {
      if (inputs.some(function (input) { return input.waiting; })) form.addEventListener("shrunk", whenReady, { once: true });
      else send(form, inputs, button);
    }
  });

  function send(form, inputs, button) {
    var tokens = {};
    var jobs = [];
    inputs.forEach(function (input) {
      if (!input.getAttribute("data-uploads") || !window.Blob || !Blob.prototype.slice) return;
      input.prepared.forEach(function (one, at) { jobs.push({ input: input, at: at, one: one }); });
    });
    var all = jobs.length;
    if (button) button.disabled = true;
    next();
    function next() {
      var job = jobs.shift();
      if (!job) return hand();
      inParts(form, job, arrived, again, whole);
      function arrived(id) {
        var name = job.input.name;
        (tokens[name] = tokens[name] || []).push({ id: id, name: job.one.name });
        if (line(job.input, job.at)) {
          note(job.input, job.at, "arrived");
          tell(job.input, words(job.input, "many", { done: all - jobs.length, all: all }));
        }
        next();
      }
    }
    // What the form says once more, and what stopped it.
    function again(text) {
      if (button) button.disabled = false;
      form.sending = false;
      form.removeAttribute("data-sent");
      inputs.forEach(function (input) { bar(input, 0, null); tell(input, text || words(input, "offline")); });
    }
    function whole() { tokens = {}; hand(); }
    function hand() {
      var data = new FormData(form);
      inputs.forEach(function (input) {
        data["delete"](input.name);
        (tokens[input.name] || []).forEach(function (one) {
          data.append(input.name + "__upload", one.id);
          data.append(input.name + "__name", one.name);
        });
        if (!tokens[input.name]) input.prepared.forEach(function (one) { data.append(input.name, one.file, one.name); });
      });
      post(form, button, data, function (part, all) {
        inputs.forEach(function (input) { if (!tokens[input.name]) sending(input, 0, part, all); });
      }, again, inputs[0]);
    }
  }
  function sending(input, at, part, all) {
    var percent = Math.floor((part / all) * 100);
    bar(input, at, percent);
    note(input, at, "sending", { percent: percent + "%" });
  }
  // The same photograph chosen again for the same form goes on where it was.
  function key(form, job) {
    var id = form.querySelector("input[name=request_id]");
    var parts = [job.at, job.one.file.size, job.one.stamp % 100000000];
    return ((id && id.value) || "").slice(0, 16) + parts.map(function (one) { return "." + one.toString(36); }).join("");
  }
  function inParts(form, job, done, failed, otherwise) {
    var file = job.one.file;
    var address = job.input.getAttribute("data-uploads");
    var token = form.querySelector("input[name=csrfmiddlewaretoken]");
    var tries = 0;
    function ask(url, body, headers, answer) {
      var request = new XMLHttpRequest();
      request.open("POST", url);
      if (token) request.setRequestHeader("X-CSRFToken", token.value);
      Object.keys(headers).forEach(function (name) { request.setRequestHeader(name, headers[name]); });
      request.timeout = 30000;
      request.onerror = later;
      request.ontimeout = later;
      request.onload = function () {
        var told = null;
        try { told = JSON.parse(request.responseText); } catch (other) { told = null; }
        if (request.status >= 500) later();
        else if (told && (request.status < 300 || request.status === 409)) { tries = 0; answer(told); }
        else if (told && told.error && request.status === 422) failed(job.one.name + ": " + told.error);
        else otherwise();
      };
      request.send(body);
    }
    // Asked anew where to go on: what arrived before the break is not sent again.
    function later() {
      tries += 1;
      note(job.input, job.at, "broken");
      if (tries > TRIES) failed();
      else window.setTimeout(begin, Math.min(8000, 400 * Math.pow(2, tries - 1)));
    }
    function begin() {
      var data = new FormData();
      data.append("key", key(form, job));
      data.append("size", String(file.size));
      ask(address, data, {}, next);
    }
    var id = "";
    function next(answer) {
      id = answer.id || id;
      sending(job.input, job.at, answer.received, file.size);
      if (answer.received >= file.size) return done(id);
      var part = file.slice(answer.received, answer.received + PART);
      ask(address + id + "/", part, { "X-Offset": String(answer.received), "Content-Type": "application/octet-stream" }, next);
    }
    begin();
  }
  function post(form, button, data, told, again, input) {
    if (button && button.name) data.append(button.name, button.value);
    var request = new XMLHttpRequest();
    var quiet = null;
    function alive() {
      window.clearTimeout(quiet);
      quiet = window.setTimeout(function () { request.abort(); again(); }, SILENCE);
    }
    request.open("POST", form.getAttribute("action") || window.location.href);
    request.upload.onprogress = function (event) {
      alive();
      if (event.lengthComputable) told(event.loaded, event.total);
    };
    request.onerror = function () { window.clearTimeout(quiet); again(); };
    request.onload = function () {
      window.clearTimeout(quiet);
      // The server before ours may say it with a page of its own: what was typed stays here.
      if (request.status === 413) again(words(input, "toolarge"));
      else show(request);
    };
    alive();
    request.send(data);
  }
  // What was put in place has no page of its own in the history: going back loads the one before.
  window.addEventListener("popstate", function (event) {
    if (shown && !(event.state && event.state.htmx)) window.location.reload();
  });
  var shown = false;
  function show(request) {
    shown = true;
    var page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (request.responseURL) window.history.pushState(null, "", request.responseURL);
    document.title = page.title;
    document.body.className = page.body.className;
    document.body.innerHTML = page.body.innerHTML;
    window.scrollTo(0, 0);
    if (window.htmx) window.htmx.process(document.body);
    var first = document.querySelector("[data-focus-first]") || document.querySelector("h1");
    if (first) { first.setAttribute("tabindex", "-1"); first.focus(); }
    document.dispatchEvent(new CustomEvent("arranged"));
  }
})();
