// Read before anything is drawn: what only scripts can use is shown or hidden from the first moment, so nothing jumps.
document.documentElement.classList.add("js");
