const contents = document.querySelector(".contents details");
if (contents && matchMedia("(max-width: 1099px)").matches) contents.open = false;
const folds = document.querySelectorAll("details.code");
if (folds.length) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "all-code";
  const label = () => { button.textContent = [...folds].every((f) => f.open) ? "Hide all code" : "Show all code"; };
  button.onclick = () => { const open = ![...folds].every((f) => f.open); folds.forEach((f) => { f.open = open; }); label(); };
  folds.forEach((f) => f.addEventListener("toggle", label));
  label();
  document.querySelector("main").prepend(button);
}
for (const link of document.querySelectorAll("a[data-image]")) {
  link.href = document.getElementById(link.dataset.image).querySelector("img").src;
  link.hidden = false;
}
for (const image of document.querySelectorAll("main figure img")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "enlarge";
  button.setAttribute("aria-label", "Enlarge the figure");
  image.replaceWith(button);
  button.append(image);
  button.onclick = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "enlarged";
    dialog.setAttribute("aria-label", "Figure, enlarged; Escape closes it");
    dialog.append(image.cloneNode());
    dialog.onclick = () => dialog.close();
    dialog.onclose = () => dialog.remove();
    document.body.append(dialog);
    dialog.showModal();
  };
}
addEventListener("beforeprint", () => folds.forEach((f) => { f.open = false; }));
