// Search results by keyboard: arrows walk through them, Enter opens (a link does that by itself), Escape goes back.
(function () {
  "use strict";
  var box = document.getElementById("q");
  var found = document.getElementById("found");
  if (!box || !found) {
    return;
  }
  box.setSelectionRange(box.value.length, box.value.length);

  // What was typed before the scripts were there is searched as soon as they are.
  document.addEventListener("DOMContentLoaded", function () {
    if (box.value !== box.defaultValue) {
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    var links = Array.from(found.querySelectorAll(".found a"));
    var at = links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== box) {
      return;
    }
    if (event.key === "ArrowDown" && at + 1 < links.length) {
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at > 0) {
      links[at - 1].focus();
    } else if (at >= 0 && (event.key === "ArrowUp" || event.key === "Escape")) {
      box.focus();
    } else if (at >= 0 && (event.key === "Home" || event.key === "End")) {
      links[event.key === "Home" ? 0 : links.length - 1].focus();
    } else {
      return;
    }
    event.preventDefault();
  });
})();
