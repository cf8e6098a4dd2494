import * as L from "../../vendor/leaflet/leaflet.js";

/** @typedef {{texts: DOMStringMap, outlineUrl: string}} MapSettings */

/**
 * Reads a colour of the page, so that the map follows brand and dark mode.
 * @param {string} name
 * @returns {string}
 */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * @param {string | undefined} text "lat,lon"
 * @returns {[number, number] | null}
 */
export function pointOf(text) {
  const numbers = (text ?? "").split(",").map(Number);
  return text && numbers.length === 2 && numbers.every(Number.isFinite)
    ? [numbers[0], numbers[1]]
    : null;
}

/**
 * Makes a map without tiles: the district, its neighbours and their towns, from our own server.
 * @param {HTMLElement} element
 * @returns {Promise<{map: L.Map, bounds: L.LatLngBounds}>}
 */
export async function districtMap(element) {
  const texts = element.dataset;
  const canvas = document.createElement("div");
  canvas.className = "map__canvas";
  element.append(canvas);
  const map = L.map(canvas, {
    zoomSnap: 0.25,
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: false,
    fadeAnimation: false,
    zoomAnimation: false,
    markerZoomAnimation: false,
  });
  L.control
    .zoom({ zoomInTitle: texts.textZoomIn, zoomOutTitle: texts.textZoomOut })
    .addTo(map);
  const sources = document.createElement("a");
  sources.href = texts.attributionUrl ?? "";
  sources.textContent = texts.attribution ?? "";
  L.control.attribution({ prefix: sources.outerHTML }).addTo(map);
  const response = await fetch(texts.outlineUrl ?? "");
  const outline = await response.json();
  const bounds = drawOutline(map, outline);
  return { map, bounds };
}

/**
 * @param {L.Map} map
 * @param {GeoJSON.FeatureCollection} outline
 * @returns {L.LatLngBounds}
 */
function drawOutline(map, outline) {
  /** @param {string} role */
  const shapes = (role) => ({
    type: "FeatureCollection",
    features: outline.features.filter((feature) => feature.properties?.role === role),
  });
  L.geoJSON(/** @type {any} */ (shapes("neighbour")), {
    interactive: false,
    style: { color: colour("--map-line"), weight: 1, fillColor: colour("--map-ground"), fillOpacity: 1 },
  }).addTo(map);
  const own = L.geoJSON(/** @type {any} */ (shapes("district")), {
    interactive: false,
    style: { color: colour("--brand"), weight: 2.5, fillColor: colour("--map-land"), fillOpacity: 1 },
  }).addTo(map);
  L.geoJSON(/** @type {any} */ (shapes("municipality")), {
    interactive: false,
    style: { color: colour("--map-line"), weight: 0.6, fill: false },
  }).addTo(map);
  map.fitBounds(own.getBounds(), { padding: [8, 8] });
  const towns = L.layerGroup().addTo(map);
  const named = outline.features.filter((feature) => feature.properties?.role === "town");
  const label = () => labelTowns(map, towns, named);
  map.on("zoomend moveend", label);
  label();
  return own.getBounds();
}

/**
 * Names the largest towns that do not overlap at this zoom.
 * @param {L.Map} map
 * @param {L.LayerGroup} layer
 * @param {GeoJSON.Feature[]} towns
 */
function labelTowns(map, layer, towns) {
  layer.clearLayers();
  /** @type {L.Point[]} */
  const taken = [];
  const bySize = [...towns].sort(
    (a, b) => (b.properties?.population ?? 0) - (a.properties?.population ?? 0),
  );
  for (const town of bySize) {
    const [lon, lat] = /** @type {GeoJSON.Point} */ (town.geometry).coordinates;
    const place = map.latLngToContainerPoint([lat, lon]);
    if (!map.getBounds().contains([lat, lon])) continue;
    if (taken.some((other) => Math.abs(other.x - place.x) < 110 && Math.abs(other.y - place.y) < 26)) {
      continue;
    }
    taken.push(place);
    const text = document.createElement("span");
    text.textContent = town.properties?.name ?? "";
    L.marker([lat, lon], {
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ className: "map__town", html: text, iconSize: undefined, iconAnchor: [-6, -4] }),
    }).addTo(layer);
  }
}

/**
 * @param {L.Map} map
 * @param {[number, number]} point
 * @param {string} title
 */
export function drawOrigin(map, point, title) {
  L.marker(point, {
    keyboard: false,
    title,
    icon: L.divIcon({ className: "map__origin", iconSize: [16, 16] }),
  }).addTo(map);
}

export { L };
