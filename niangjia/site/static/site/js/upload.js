// Photographs are shrunk before they travel (4 to 8 MB on a village network never arrive), and the way is shown.
// input[type=file][data-shrink] is enough; without script the same form is sent as it is.
(function () {
  "use strict";
  var SIDE = 1600;
  var BYTES = 400 * 1024;
  var waiting = 0;

  function note(input, word, values) {
    var place = document.getElementById(input.id + "_note");
    if (!place) return;
    var text = place.getAttribute("data-" + word) || "";
    Object.keys(values || {}).forEach(function (key) { text = text.replace("[" + key + "]", values[key]); });
    place.textContent = text;
  }
  function size(bytes) {
    return bytes < 1024 * 1024 ? Math.max(1, Math.round(bytes / 1024)) + "KB" : (bytes / 1024 / 1024).toFixed(1) + "MB";
  }

  function smaller(canvas, quality, done) {
    canvas.toBlob(function (blob) {
      if (!blob || blob.size <= BYTES || quality <= 0.4) done(blob);
      else smaller(canvas, quality - 0.1, done);
    }, "image/jpeg", quality);
  }
  function shrink(file, done) {
    var address = URL.createObjectURL(file);
    var image = new Image();
    image.onerror = function () { URL.revokeObjectURL(address); done(null); };
    image.onload = function () {
      var scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale);
      canvas.height = Math.round(image.naturalHeight * scale);
      var pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      smaller(canvas, 0.82, done);
    };
    image.src = address;
  }
  function put(input, blob, file) {
    // Old browsers cannot replace a chosen file; then the original travels.
    try {
      var bag = new DataTransfer();
      bag.items.add(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
      input.files = bag.files;
      return true;
    } catch (refused) { return false; }
  }
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.hasAttribute || !input.hasAttribute("data-shrink") || !input.files.length) return;
    var file = input.files[0];
    note(input, "chosen", { size: size(file.size) });
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= BYTES) return;
    waiting += 1;
    note(input, "shrinking");
    shrink(file, function (blob) {
      waiting -= 1;
      if (blob && blob.size < file.size && put(input, blob, file)) note(input, "shrunk", { before: size(file.size), size: size(blob.size) });
      else note(input, "chosen", { size: size(file.size) });
      input.dispatchEvent(new CustomEvent("shrunk", { bubbles: true }));
    });
  });

  // Safari 14 does not say which button sent a form.
  var pressed = null;
  document.addEventListener("click", function (event) {
    pressed = event.target.closest ? event.target.closest("button") : null;
  });
  // A form with a photograph shows how far it is; the answer is put in place of the page, as the browser would.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var input = form.querySelector("input[type=file][data-shrink]");
    if (!input || !input.files.length || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    event.preventDefault();
    var button = event.submitter || (pressed && form.contains(pressed) ? pressed : form.querySelector("button:not([type=button])"));
    if (waiting) form.addEventListener("shrunk", function () { send(form, input, button); }, { once: true });
    else send(form, input, button);
  });
  // The photograph travels in parts that go on after a broken connection; the form follows with its number.
  // Where that does not work the form travels whole, as it does without script.
  var PART = 64 * 1024;
  var TRIES = 8;
  function send(form, input, button) {
    var bar = document.getElementById(input.id + "_bar");
    if (button) button.disabled = true;
    if (bar) { bar.hidden = false; bar.value = 0; }
    function told(part, whole) {
      var percent = Math.floor((part / whole) * 100);
      if (bar) bar.value = percent;
      note(input, "sending", { percent: percent + "%" });
    }
    function again() {
      if (bar) bar.hidden = true;
      if (button) button.disabled = false;
      form.removeAttribute("data-sent");
      note(input, "offline");
    }
    var address = input.getAttribute("data-uploads");
    if (!address || input.files.length !== 1 || !window.Blob || !Blob.prototype.slice) return whole(form, input, button, told, again);
    inParts(form, input, address, told, function (id) { hand(form, input, button, id, told, again); }, again,
      function () { whole(form, input, button, told, again); });
  }
  function key(form, file) {
    var id = form.querySelector("input[name=request_id]");
    return ((id && id.value) || "").slice(0, 24) + "." + file.size + "." + (file.lastModified % 100000000);
  }
  function inParts(form, input, address, told, done, failed, otherwise) {
    var file = input.files[0];
    var token = form.querySelector("input[name=csrfmiddlewaretoken]");
    var tries = 0;
    function ask(method, url, body, headers, answer) {
      var request = new XMLHttpRequest();
      request.open(method, url);
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
        else otherwise();
      };
      request.send(body);
    }
    // Asked anew where to go on: what arrived before the break is not sent again.
    function later() {
      tries += 1;
      note(input, "broken");
      if (tries > TRIES) failed();
      else window.setTimeout(begin, Math.min(8000, 400 * Math.pow(2, tries - 1)));
    }
    function begin() {
      var data = new FormData();
      data.append("key", key(form, file));
      data.append("size", String(file.size));
      ask("POST", address, data, {}, next);
    }
    var id = "";
    function next(answer) {
      id = answer.id || id;
      told(answer.received, file.size);
      if (answer.received >= file.size) return done(id);
      var part = file.slice(answer.received, answer.received + PART);
      ask("POST", address + id + "/", part, { "X-Offset": String(answer.received), "Content-Type": "application/octet-stream" }, next);
    }
    begin();
  }
  function hand(form, input, button, id, told, again) {
    var data = new FormData(form);
    data["delete"](input.name);
    data.append(input.name + "__upload", id);
    post(form, button, data, function () {}, again);
  }
  function whole(form, input, button, told, again) {
    post(form, button, new FormData(form), told, again);
  }
  function post(form, button, data, told, again) {
    if (button && button.name) data.append(button.name, button.value);
    var request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action") || window.location.href);
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) told(event.loaded, event.total);
    };
    request.onerror = again;
    request.ontimeout = again;
    request.onload = function () { show(request); };
    request.timeout = 120000;
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
