// A slider for each choice of a version; without this the lists and the button do the same.
"use strict";
const form = document.querySelector(".choose");
let asked = 0;

async function compare() {
  const mine = ++asked;
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const answer = await fetch(address);
  if (mine !== asked) return; // a later choice is on its way
  if (!answer.ok) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("#difference").replaceWith(document.adoptNode(page.querySelector("#difference")));
  history.replaceState(null, "", address);
}

for (const list of form ? form.querySelectorAll("select") : []) {
  const slider = document.createElement("input");
  const said = () => slider.setAttribute("aria-valuetext", list.selectedOptions[0].text);
  Object.assign(slider, { type: "range", min: 0, max: list.length - 1, value: list.selectedIndex });
  slider.setAttribute("aria-label", list.dataset.slider);
  slider.addEventListener("input", () => { list.selectedIndex = Number(slider.value); said(); });
  slider.addEventListener("change", compare);
  list.addEventListener("change", () => { slider.value = list.selectedIndex; said(); compare(); });
  said();
  list.after(slider);
}
