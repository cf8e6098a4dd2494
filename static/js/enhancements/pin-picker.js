import { districtMap, L } from "./map-base.js";

/**
 * Lets a person move the pin of an address: by dragging, by choosing a point, or with the arrow
 * keys while the pin has the focus. Writes into the fields named by data-lat and data-lon.
 * @param {HTMLElement} element
 */
export async function enhance(element) {
  const lat = document.getElementById(element.dataset.lat ?? "");
  const lon = document.getElementById(element.dataset.lon ?? "");
  if (!(lat instanceof HTMLInputElement) || !(lon instanceof HTMLInputElement)) return;
  const { map } = await districtMap(element);
  /** @type {[number, number]} */
  const start = [Number(lat.value), Number(lon.value)];
  map.setView(start, 11);
  const pin = document.createElement("div");
  pin.className = "map__pin";
  const marker = L.marker(start, {
    draggable: true,
    title: element.dataset.textPin,
    alt: element.dataset.textPin,
    icon: L.divIcon({ className: "map__pin-box", html: pin, iconSize: [34, 34], iconAnchor: [17, 41] }),
  }).addTo(map);
  const write = () => {
    const point = marker.getLatLng();
    lat.value = point.lat.toFixed(6);
    lon.value = point.lng.toFixed(6);
  };
  marker.on("dragend", write);
  map.on("click", (event) => {
    marker.setLatLng(event.latlng);
    write();
  });
  marker.getElement()?.addEventListener("keydown", (event) => {
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const place = map.latLngToLayerPoint(marker.getLatLng());
    marker.setLatLng(map.layerPointToLatLng([place.x + step[0] * 6, place.y + step[1] * 6]));
    write();
  });
}
