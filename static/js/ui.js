/** What script adds to pages that work without it. Elements are found by data- attributes. */

const root = document.documentElement;
const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });

// Focus moves only where the server says so: data-autofocus on one element.
document.addEventListener("htmx:afterSwap", (event) =>
  (event.target.matches?.("[data-autofocus]")
    ? event.target
    : event.target.querySelector?.("[data-autofocus]")
  )?.focus(),
);

// A request that was lost says so, keeps what was typed, and can be sent again.
document.addEventListener("htmx:sendError", ({ detail }) => {
  const notice = document.getElementById("trouble").content.firstElementChild.cloneNode(true);
  document.querySelector("body > .trouble")?.remove();
  notice.querySelector("[data-retry]").onclick = () => {
    notice.remove();
    const { verb, path } = detail.requestConfig;
    htmx.ajax(verb, path, { source: detail.elt, event: detail.requestConfig.triggeringEvent });
  };
  document.body.append(notice);
});
document.addEventListener("htmx:afterOnLoad", () =>
  document.querySelector("body > .trouble")?.remove(),
);

// The second click of a double click sends nothing again: it would make a second row.
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.timeStamp - sent.get(event.target) < 2000) event.preventDefault();
  else sent.set(event.target, event.timeStamp);
});

// The theme changes at once and nothing typed on the page is lost.
on("submit", "[data-theme-form]", async (form, event) => {
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const answer = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { theme } = page.documentElement.dataset;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  form.replaceWith(page.querySelector("[data-theme-form]"));
  document.querySelector("[data-theme-form] button").focus();
});

on("click", "[data-copy]", async (button) => {
  const source = document.getElementById(button.dataset.copy);
  source.select();
  await navigator.clipboard.writeText(source.value);
  document.getElementById("live").textContent = "Copied.";
  button.lastChild.textContent = "Copied";
});

// "Add another" clones the empty row; without script the button posts and the server adds it.
on("click", "[data-add-row]", (button, event) => {
  event.preventDefault();
  const set = button.closest("[data-formset]");
  const total = set.querySelector("[name$=-TOTAL_FORMS]");
  const row = set.querySelector("template").content.firstElementChild.cloneNode(true);
  const number = total.value++;
  row.innerHTML = row.innerHTML
    .replaceAll("__prefix__", number)
    .replaceAll("__number__", number + 1);
  button.before(row);
  row.querySelector("input:not([type=hidden]), select").focus();
});

// A figure and how it is known: typing one takes back "I don't know"; an unknown one is dimmed.
const dim = (figure) => {
  const status = figure.querySelector("[data-figure-status]").value;
  figure.classList.toggle("is-unknown", status === "refused" || status === "not_asked");
};
on("input", "[data-figure] input", (input) => {
  const status = input.closest("[data-figure]").querySelector("[data-figure-status]");
  if (input.value && status.value === "not_asked") status.value = "written";
});
on("input", "[data-figure]", dim);
document.querySelectorAll("[data-figure]").forEach(dim);
document.addEventListener("htmx:load", (event) =>
  event.target.querySelectorAll("[data-figure]").forEach(dim),
);

// A slider writes what it points at into its field; without script there is only the field.
on("input", "[data-slider]", (slider) => {
  const values = slider.dataset.values.split("|");
  document.getElementById(slider.dataset.slider).value = values[slider.value];
});
const reveal = (part) =>
  part.querySelectorAll("[data-slider]").forEach((slider) => (slider.hidden = false));
reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.target));

// A menu closes on Escape and on a click elsewhere.
const close = (keep) =>
  document.querySelectorAll("[data-menu][open]").forEach((menu) => {
    if (menu !== keep) menu.open = false;
  });
document.addEventListener("click", (event) => close(event.target.closest("[data-menu]")));
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("[data-menu][open]");
  if (event.key !== "Escape" || !open) return;
  close();
  open.querySelector("summary").focus();
});
