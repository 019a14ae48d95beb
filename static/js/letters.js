/** A letter and its values light each other up; files dropped on the form are named. */

const letter = document.querySelector("[data-letter]");

const light = (numbers) => {
  letter.querySelectorAll(".on").forEach((each) => each.classList.remove("on"));
  for (const number of numbers) {
    letter.querySelector(`[data-fact="${number}"]`)?.classList.add("on");
    letter
      .querySelectorAll(`mark[data-marks~="${number}"]`)
      .forEach((mark) => mark.classList.add("on"));
  }
};

// The sheet scrolls, never the page: what somebody points at stays where it is.
const bring = (number) => {
  const sheet = letter.querySelector("[data-paper]");
  const mark = letter.querySelector(`mark[data-marks~="${number}"]`);
  if (!mark) return;
  const above = mark.getBoundingClientRect().top - sheet.getBoundingClientRect().top;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  sheet.scrollTo({
    top: sheet.scrollTop + above - sheet.clientHeight / 3,
    behavior: calm ? "auto" : "smooth",
  });
};

const show = (fact) => {
  const number = fact.dataset.fact;
  if (fact.classList.contains("on")) return;
  light([number]);
  bring(number);
};

if (letter) {
  let last = "";
  for (const type of ["pointermove", "focusin", "click"]) {
    letter.addEventListener(type, (event) => {
      // A page that scrolls under a still pointer points at nothing.
      const here = `${event.screenX} ${event.screenY}`;
      if (type === "pointermove" && here === last) return;
      if (type !== "focusin") last = here;
      const fact = event.target.closest("[data-fact]");
      if (fact) show(fact);
    });
  }
  letter.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (link) {
      event.preventDefault();
      light([link.dataset.show]);
      bring(link.dataset.show);
      return;
    }
    const mark = event.target.closest("mark[data-marks]");
    if (!mark) return;
    const numbers = mark.dataset.marks.split(" ");
    light(numbers);
    letter.querySelector(`[data-fact="${numbers[0]}"]`)?.scrollIntoView({ block: "nearest" });
  });
}

const form = document.querySelector("[data-letter-form]");
if (form) {
  const drop = form.querySelector("[data-drop]");
  const input = drop.querySelector("input");
  const picked = form.querySelector("[data-picked]");
  const over = (is) => drop.classList.toggle("is-over", is);
  drop.addEventListener("dragover", () => over(true));
  for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => over(false));
  const name = () => {
    picked.replaceChildren(
      ...Array.from(input.files, ({ name: file, size }) => {
        const line = document.createElement("li");
        const large = size > 10_000_000 ? ", larger than 10 MB: it will not be read" : "";
        line.textContent = `${file} (${Math.max(1, Math.round(size / 1000))} KB${large})`;
        return line;
      }),
    );
    picked.hidden = !input.files.length;
  };
  input.addEventListener("change", name);
  name(); // a file may have been chosen before this script came
}
