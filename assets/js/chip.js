// One picture of the tray as it looks: what it shows, what it is there for, and what can be done
// with it. Keeps nothing; the tray does.

function button(words, act, { label = words, pressed = null } = {}) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  if (label !== words) made.setAttribute("aria-label", label);
  if (pressed !== null) made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", act);
  return made;
}

function labelled(item, resting) {
  const name = item.carried ? "Latest picture" : item.name || "Picture";
  const whole = item.mask ? `Mask: ${name}` : name;
  if (resting) return `${whole}, stays behind`;
  return item.carried ? `${whole}, goes along` : whole;
}

function short(item, resting) {
  if (item.busy) return `${item.name} …`;
  if (resting) return "Stays behind";
  if (item.mask) return "Mask";
  return item.carried ? "Goes along" : item.name;
}

/**
 * @param item what the tray knows of the picture
 * @param resting whether the tray stays behind
 * @param ways words and acts of what can be done with it, beside taking it out
 * @param drop called to take it out
 */
export function chip(item, resting, ways, drop) {
  const box = document.createElement("div");
  box.className = "chip";
  box.classList.toggle("carried", item.carried);
  box.classList.toggle("mask", item.mask);
  box.dataset.sha = item.sha ?? "";
  if (item.busy) box.setAttribute("aria-busy", "true");
  const label = labelled(item, resting);
  if (item.sha) {
    const image = document.createElement("img");
    image.src = `/media/${item.sha}/thumb`;
    image.alt = label;
    box.append(image);
  }
  const about = document.createElement("div");
  about.className = "about";
  const words = document.createElement("span");
  words.textContent = short(item, resting);
  words.title = label;
  about.append(words);
  for (const way of ways) about.append(button(way.words, way.act, way));
  const out = button("×", drop, { label: `Remove: ${label}` });
  out.className = "drop";
  box.append(about, out);
  return box;
}
