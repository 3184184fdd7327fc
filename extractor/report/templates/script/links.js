// Deep links.
const follow = (arrived) => {
  if (location.hash && !location.hash.includes("=")) return; // a section of the page
  const before = state;
  state = read();
  controls();
  if (arrived || Object.keys(EMPTY).some((name) => name !== "row" && before[name] !== state[name])) refresh();
  const row = state.row ? opened() : -1;
  if (row >= 0) show(row);
  else if (state.row) { state.row = ""; write(); }
  else if (dialog.open) dialog.close();
  if (location.hash && row < 0) $("results").scrollIntoView();
};
addEventListener("hashchange", () => follow(false));
boards();
follow(true);
if (!view.length && !drawn.size) refresh();
document.documentElement.dataset.ready = "1";
