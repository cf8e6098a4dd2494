import { colour, districtMap, drawOrigin, L, pointOf } from "./map-base.js";

/**
 * Draws the hits of the search beside their list, or the blurred place of one listing.
 * Pins at the same point are one pin with their number.
 * @param {HTMLElement} element
 */
export async function enhance(element) {
  const { map } = await districtMap(element);
  const origin = pointOf(element.dataset.origin);
  const radius = Number(element.dataset.radius ?? 0);
  if (origin) {
    if (radius > 0) {
      const circle = L.circle(origin, {
        radius,
        interactive: false,
        color: colour("--origin"),
        weight: 1.5,
        dashArray: "5 5",
        fillOpacity: 0.05,
      }).addTo(map);
      map.fitBounds(circle.getBounds());
    }
    drawOrigin(map, origin, element.dataset.textOrigin ?? "");
  }
  const point = pointOf(element.dataset.point);
  if (point) drawPlace(map, point, Number(element.dataset.blur ?? 0));
  if (element.dataset.hitsUrl) await drawHits(map, element);
}

/**
 * @param {L.Map} map
 * @param {[number, number]} point
 * @param {number} blur metres; 0 draws a dot
 */
function drawPlace(map, point, blur) {
  const style = { color: colour("--brand"), weight: 2, fillOpacity: 0.25, interactive: false };
  if (blur > 0) L.circle(point, { ...style, radius: blur }).addTo(map);
  else L.circleMarker(point, { ...style, radius: 9 }).addTo(map);
  map.setView(point, Math.max(map.getZoom(), 10.5));
}

/**
 * @param {L.Map} map
 * @param {HTMLElement} element
 */
async function drawHits(map, element) {
  const response = await fetch(element.dataset.hitsUrl ?? "", {
    headers: { Accept: "application/geo+json" },
  });
  if (!response.ok) return;
  /** @type {GeoJSON.FeatureCollection} */
  const hits = await response.json();
  /** @type {Map<string, GeoJSON.Feature[]>} */
  const places = new Map();
  for (const feature of hits.features) {
    if (!feature.geometry) continue;
    const key = /** @type {GeoJSON.Point} */ (feature.geometry).coordinates.join(",");
    places.set(key, [...(places.get(key) ?? []), feature]);
  }
  for (const features of places.values()) drawPin(map, element, features);
}

/**
 * @param {L.Map} map
 * @param {HTMLElement} element
 * @param {GeoJSON.Feature[]} features
 */
function drawPin(map, element, features) {
  const [lon, lat] = /** @type {GeoJSON.Point} */ (features[0].geometry).coordinates;
  const cards = features
    .map((feature) => document.querySelector(`[data-listing="${feature.id}"]`))
    .filter((card) => card instanceof HTMLElement);
  const pin = document.createElement("div");
  pin.className = "map__pin";
  const icon = cards[0]?.querySelector("svg.icon")?.cloneNode(true);
  const count = document.createElement("span");
  count.className = "map__count";
  count.textContent = String(features.length);
  pin.append(features.length === 1 && icon ? icon : count);
  const title =
    features.length === 1
      ? features[0].properties?.title
      : `${features.length} ${element.dataset.textSeveral}`;
  const marker = L.marker([lat, lon], {
    title,
    alt: title,
    icon: L.divIcon({ className: "map__pin-box", html: pin, iconSize: [34, 34], iconAnchor: [17, 41] }),
  }).addTo(map);
  marker.on("click", () => {
    if (cards[0]) {
      cards[0].scrollIntoView({ block: "center" });
      cards[0].querySelector("a")?.focus({ preventScroll: true });
    } else if (features[0].properties?.url) {
      location.assign(features[0].properties.url);
    }
  });
  for (const card of cards) connect(card, pin);
}

/**
 * Marks the pin while its card is looked at, and the card while its pin is.
 * @param {HTMLElement} card
 * @param {HTMLElement} pin
 */
function connect(card, pin) {
  /** @param {boolean} active */
  const mark = (active) => {
    pin.classList.toggle("is-active", active);
    card.classList.toggle("is-active", active);
  };
  for (const element of [card, pin]) {
    element.addEventListener("pointerenter", () => mark(true));
    element.addEventListener("pointerleave", () => mark(false));
  }
  card.addEventListener("focusin", () => mark(true));
  card.addEventListener("focusout", () => mark(false));
}
