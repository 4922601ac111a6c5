// Keeps the page of what was taken along, and what it loads: so it opens without a network. Nothing else is kept or
// even looked at: whatever says something about somebody comes from the network, or not at all.
// self.KEPT comes from the server: the page, its assets, and a name that changes with any of them.
"use strict";
const PREFIX = "niangjia-away-";
const CACHE = PREFIX + self.KEPT.release;
const PATIENCE = 4000; // milliseconds: a village network often neither works nor fails

self.addEventListener("install", function (event) {
  event.waitUntil((async function () {
    const cache = await caches.open(CACHE);
    const wanted = [self.KEPT.page].concat(self.KEPT.assets);
    await cache.addAll(wanted.map(function (address) { return new Request(address, { cache: "reload" }); }));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", function (event) {
  event.waitUntil((async function () {
    const old = (await caches.keys()).filter(function (name) { return name.startsWith(PREFIX) && name !== CACHE; });
    await Promise.all(old.map(function (name) { return caches.delete(name); }));
    await self.clients.claim();
  })());
});

function inTime(request) {
  return new Promise(function (resolve, reject) {
    setTimeout(reject, PATIENCE);
    fetch(request).then(resolve, reject);
  });
}
// From the network where it answers well, so that a new release and another language show at once.
async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(self.KEPT.page);
  try {
    const answer = await inTime(request);
    return answer.status < 500 || !kept ? answer : kept;
  } catch (broken) {
    return kept || Response.error();
  }
}
async function asset(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) || fetch(request);
}
self.addEventListener("fetch", function (event) {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === self.KEPT.page) event.respondWith(page(event.request));
  else if (self.KEPT.assets.includes(address.pathname + address.search)) event.respondWith(asset(event.request));
});
