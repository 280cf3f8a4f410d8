// Keeps what the page of a door needs, and hands it out when there is no line. What is newer wins.
const KEPT = "check-in";
const FILES = {{ files|safe }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => { event.waitUntil(self.clients.claim()); });

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || event.request.url.includes("/manifest/")) return;
  event.respondWith(answer(event.request));
});

async function answer(request) {
  const cache = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && !new URL(request.url).search) await cache.put(request, fresh.clone());
    return fresh;
  } catch (noLine) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw noLine;
  }
}
