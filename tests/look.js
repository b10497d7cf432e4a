// What tests/test_every_page_browser.py asks of a page that is open; added to every page before its own scripts.
"use strict";
document.addEventListener("securitypolicyviolation", event => console.error(
  `POLICY ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`));

window.look = (() => {
  const shown = element => element.getClientRects().length > 0;
  const brief = element => element.outerHTML.slice(0, 100);
  let jumped = 0, jumper = "";
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    jumped += entry.value;
    jumper = (entry.sources || []).map(source => source.node && (source.node.className || source.node.nodeName)).join(", ");
  })).observe({type: "layout-shift", buffered: true});

  // Two frames for what scripts do when the window's size changes, and no colour caught half-way.
  const settled = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
    document.getAnimations().forEach(animation => animation.finish());
    done();
  })));

  async function rules(values, type) {
    const found = await axe.run(document, {runOnly: {type, values}, resultTypes: ["violations"], preload: false});
    return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")} – `
      + (node.any[0] || node.all[0] || node.none[0] || {message: rule.help}).message));
  }

  function clipped(element) {
    for (let above = element.parentElement; above; above = above.parentElement) {
      if (/auto|scroll|hidden/.test(getComputedStyle(above).overflowX)) { return true; }
    }
    return false;
  }

  // Wider than the window: by how much, and the innermost thing that sticks out.
  function overflow(letters) {
    const root = document.documentElement, before = root.className;
    if (letters) { root.className = "js " + letters; }
    const over = root.scrollWidth - root.clientWidth;
    const out = over > 0 ? [...document.body.querySelectorAll("*")]
      .filter(element => element.getBoundingClientRect().right > root.clientWidth + 1 && !clipped(element)).pop() : null;
    root.className = before;
    return over > 0 ? [`${letters || "usual"} letters: ${over} px, ${brief(out || document.body)}`] : [];
  }

  // Buttons and links that a frame which scrolls sideways cuts off, on a screen wide enough for all of them.
  function cut() {
    if (innerWidth < 1200) { return []; }
    return [...document.querySelectorAll("main .table-wrap")].flatMap(frame => {
      const edge = frame.getBoundingClientRect().right + 1;
      return [...frame.querySelectorAll("a.btn, button, input:not([type=hidden]), select")]
        .filter(element => shown(element) && element.getBoundingClientRect().right > edge).slice(0, 1)
        .map(element => `cut off by its frame: ${brief(element)}`);
    });
  }

  // Headings over nothing, numbers not to the right, words cut off, images without their size.
  function looks() {
    const found = [];
    document.querySelectorAll("main :is(h1, h2, h3, h4)").forEach(heading => {
      if (!shown(heading)) { return; }
      if (!heading.innerText.trim()) { found.push(`an empty heading: ${brief(heading)}`); return; }
      let after = null;
      for (let at = heading; at && at.tagName !== "MAIN" && !after; at = at.parentElement) {
        for (after = at.nextElementSibling; after && !shown(after); after = after.nextElementSibling);
      }
      if (!after || (/^H[1-4]$/.test(after.tagName) && after.tagName <= heading.tagName)) {
        found.push(`a heading over nothing: ${heading.innerText.slice(0, 50)}`);
      }
    });
    if (innerWidth > 700) {
      document.querySelectorAll("main td.num, main th.num").forEach(cell => {
        if (shown(cell) && !/right|end/.test(getComputedStyle(cell).textAlign)) { found.push(`numbers not to the right: ${brief(cell)}`); }
      });
    }
    document.querySelectorAll("main *").forEach(element => {
      // Of a box of one pixel, behind a label that stands for it, nothing is read.
      if (element.clientWidth > 1 && getComputedStyle(element).textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth + 1) {
        found.push(`cut words: ${brief(element)}`);
      }
    });
    document.querySelectorAll("img:not(#content-start img)").forEach(image => {
      if (shown(image) && !(image.getAttribute("width") && image.getAttribute("height"))) { found.push(`an image without its size: ${brief(image)}`); }
    });
    return found;
  }

  // After a Tab the browser shows the focus wherever it goes.
  function focus() {
    const found = [];
    document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]").forEach(element => {
      if (element.tabIndex > 0) { found.push(`tabindex ${element.tabIndex}: ${brief(element)}`); }
      if (element.disabled || element.tabIndex < 0 || !shown(element)) { return; }
      element.focus({preventScroll: true});
      if (document.activeElement !== element) { return; }
      const style = getComputedStyle(element);
      if ((style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) && style.boxShadow === "none") {
        found.push(`no visible focus: ${brief(element)}`);
      }
    });
    if (document.activeElement) { document.activeElement.blur(); }
    return found;
  }

  return async wanted => {
    await settled();
    const found = {};
    if (wanted.jumps) { found.jumps = jumped > 0.1 ? [`${jumped.toFixed(3)} (${jumper})`] : []; }
    if (wanted.axe) { found.axe = await rules(wanted.axe, wanted.by); }
    if (wanted.looks) { found.looks = [...looks(), ...cut()]; }
    found.overflow = wanted.letters.flatMap(overflow);
    if (wanted.focus) { found.focus = focus(); }
    return found;
  };
})();
