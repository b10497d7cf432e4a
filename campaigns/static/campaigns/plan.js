// The sections of a plan: fold them all, unfold them all; paper has no closed sections.
(function () {
  "use strict";
  var blocks = Array.from(document.querySelectorAll("details.plan-block"));
  var button = document.querySelector("[data-fold-all]");

  function say() {
    var open = blocks.some(function (block) { return block.open; });
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Thu gọn các mục" : "Mở các mục";
  }
  if (button) {
    button.addEventListener("click", function () {
      var open = button.getAttribute("aria-expanded") !== "true";
      blocks.forEach(function (block) { block.open = open; });
      say();
    });
    blocks.forEach(function (block) { block.addEventListener("toggle", say); });
  }
  window.addEventListener("beforeprint", function () {
    blocks.forEach(function (block) { block.open = true; });
  });
})();
