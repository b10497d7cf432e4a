// What the boxes of a line do for the person who fills them in; the saving itself is autosave.js.
(function () {
  "use strict";

  function each(list, act) { Array.prototype.forEach.call(list, act); }

  // "Hoàn thành" is 100 and "Chưa thực hiện" 0; choosing again brings the percent typed before back.
  document.addEventListener("change", function (event) {
    var form = event.target.form, radio = event.target;
    if (!form || radio.name !== "status" || !form.elements.percent) { return; }
    var percent = form.elements.percent, settled = { done: "100", not_started: "0" }[radio.value];
    if (settled !== undefined) {
      if (!percent.hasAttribute("data-typed")) { percent.setAttribute("data-typed", percent.value); }
      percent.value = settled;
    } else if (percent.hasAttribute("data-typed")) {
      percent.value = percent.getAttribute("data-typed");
      percent.removeAttribute("data-typed");
    }
  }, true);

  // Last period's words, or the sentence of the activities, come into their boxes, and go again at the next press.
  document.addEventListener("click", function (event) {
    var press = event.target.closest && event.target.closest('button[name="chep"]');
    if (!press || !press.form || !press.form.hasAttribute("data-autosave")) { return; }
    event.preventDefault();
    var form = press.form, copied = press.copied, mark = press.value === "hoat-dong" ? "data-deeds" : "data-last";
    press.label = press.label || press.textContent.trim();
    if (copied) {
      Object.keys(copied).forEach(function (name) { form.elements[name].value = copied[name]; });
      press.copied = null;
      press.textContent = press.label;
    } else {
      copied = {};
      each(form.querySelectorAll("[" + mark + "]"), function (found) {
        var box = form.elements[found.getAttribute(mark)], text = found.textContent.trim();
        if (text && box.value.indexOf(text) < 0) {
          copied[box.name] = box.value;
          box.value = (box.value.trim() + "\n" + text).trim();
        }
      });
      press.copied = copied;
      press.textContent = mark === "data-deeds" ? "Hoàn tác chép câu này" : "Hoàn tác chép lời kỳ trước";
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Ctrl+Enter saves and goes on.
  document.addEventListener("keydown", function (event) {
    var form = event.target.form;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form || !form.matches("form[data-autosave]")) { return; }
    event.preventDefault();
    // A press, not requestSubmit: htmx sends the value of the button that was pressed.
    (form.querySelector('button[name="tiep"]') || form.querySelector('button[type="submit"]')).click();
  });
})();
