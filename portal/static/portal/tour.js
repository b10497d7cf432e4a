// The first-login tour: one step at a time, by keyboard too; Escape skips. Without this file it is a card with all steps.
(function () {
  "use strict";
  var panel = document.querySelector("[data-tour]");
  if (!panel) { return; }
  var steps = Array.from(panel.querySelectorAll(".tour-steps > li"));
  var form = panel.querySelector("form");
  var back = panel.querySelector("[data-tour-back]");
  var next = panel.querySelector("[data-tour-next]");
  var done = panel.querySelector("[data-tour-done]");
  var title = panel.querySelector("h2");
  var learnt = done.textContent;
  var name = title.textContent;
  var at = 0;

  function show(index) {
    at = index;
    var last = at === steps.length - 1;
    document.querySelectorAll(".tour-here").forEach(function (link) { link.classList.remove("tour-here"); });
    steps.forEach(function (step, number) { step.hidden = number !== at; });
    title.lastChild.textContent = name.trim() + " · " + (at + 1) + "/" + steps.length;
    back.hidden = at === 0;
    next.hidden = last;
    done.textContent = last ? learnt : done.dataset.skip;
    var place = steps[at].dataset.tourPlace;
    var link = place && document.querySelector('.nav a[href="' + place + '"]');
    if (link) { link.classList.add("tour-here"); }
  }

  function finish() {
    fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, redirect: "manual"
    });
    document.querySelectorAll(".tour-here").forEach(function (link) { link.classList.remove("tour-here"); });
    panel.remove();
    document.removeEventListener("keydown", onKey);
    document.getElementById("main").focus();
  }

  function onKey(event) {
    if (event.key === "Escape" && !event.defaultPrevented) { finish(); }
  }

  back.addEventListener("click", function () { show(at - 1); (back.hidden ? next : back).focus(); });
  next.addEventListener("click", function () { show(at + 1); (next.hidden ? done : next).focus(); });
  form.addEventListener("submit", function (event) { event.preventDefault(); event.stopPropagation(); finish(); });
  document.addEventListener("keydown", onKey);
  panel.classList.add("tour-live");
  show(0);
  title.focus({ preventScroll: true });
})();
