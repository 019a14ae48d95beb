/** The preview of a template follows what is typed; without script it follows each save. */

const text = document.querySelector("[data-template-text]");
const place = document.querySelector("[data-preview-url]");
let waiting;

const show = async () => {
  const body = new FormData();
  body.set("text", text.value);
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(place.dataset.previewUrl, { method: "POST", body });
  if (answer.ok) document.getElementById("preview").innerHTML = (await answer.json()).html;
};

if (text && place) {
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
}
